// Results as elements: tables of rows, lists of fields, and what was sent. All text is set as text.

/** An element with attributes and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((it) => it !== undefined && it !== null));
  return made;
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
/** A name as words. */
export const words = (name) => name.replace(/([A-Z])/g, ' $1').toLowerCase().replace(/^./, (letter) => letter.toUpperCase());

/** A value in a cell: names rather than the whole of a record. */
function short(value) {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(short).join(', ');
  if (!isObject(value)) return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
  return value.name ?? value.label ?? value.id ?? Object.entries(value).map(([name, it]) => `${words(name)}: ${short(it)}`).join('; ');
}

/** Entries of choosers hold their name one level down. */
const flat = (row) => (isObject(row) && isObject(row.choice) ? { ...row.choice, ...row, choice: undefined } : row);

function table(title, given) {
  const rows = given.map(flat);
  const columns = [...new Set(rows.flatMap((row) => (isObject(row) ? Object.keys(row) : ['value'])))].filter((name) => rows.some((row) => !isObject(row) || short(row[name]) !== ''));
  const head = element('tr', {}, ...columns.map((name) => element('th', { scope: 'col' }, words(name))));
  const body = rows.map((row) => element('tr', {}, ...columns.map((name) => element('td', {}, isObject(row) ? short(row[name]) : short(row)))));
  const whole = element('table', {}, element('caption', {}, `${title}: ${rows.length}`), element('thead', {}, head), element('tbody', {}, ...body));
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title }, whole);
}

function fields(entries) {
  const rows = entries.map(([name, value]) => element('tr', {}, element('th', { scope: 'row' }, words(name)), element('td', {}, short(value))));
  return element('div', { class: 'scroll' }, element('table', {}, element('tbody', {}, ...rows)));
}

/** The fields of a result, and a table for each list of records. */
export function resultElements(value) {
  const entries = Object.entries(value).filter(([, it]) => short(it) !== '');
  const isList = ([, it]) => Array.isArray(it) && it.some(isObject);
  const isRecord = ([, it]) => isObject(it) && Object.keys(it).length > 2;
  const plain = entries.filter((it) => !isList(it) && !isRecord(it));
  return [
    ...(plain.length > 0 ? [fields(plain)] : []),
    ...entries.filter(isRecord).flatMap(([name, it]) => [element('h3', {}, words(name)), ...resultElements(it)]),
    ...entries.filter(isList).map(([name, it]) => table(words(name), it)),
    ...(entries.length === 0 ? [element('p', {}, 'Nothing to report.')] : []),
  ];
}

/** An error, with what to do. */
export function errorElements(error) {
  const { code, message, hint, ...rest } = error;
  return [element('p', { class: 'problem' }, element('strong', {}, code), `: ${message}`), hint && element('p', {}, hint), ...resultElements(rest).filter((it) => it.tagName !== 'P')].filter(Boolean);
}

/** A URL without percent signs, if that can be read. */
function readable(url) {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

/** What was sent, and what came back. */
export function exchangesElement(exchanges) {
  const lines = exchanges.map(({ round, request, answer }) => {
    const status = answer.ok ? String(answer.ok.status) : answer.err.kind;
    const sent = [...request.headers.map((it) => it.join(': ')), '', request.body?.text ?? ''].join('\n').trim();
    const came = answer.ok ? [...answer.ok.headers.map((it) => it.join(': ')), '', answer.ok.body.text ?? '(bytes)'].join('\n') : answer.err.message;
    const title = `Round ${round}: ${request.method} ${readable(request.url)}`;
    return element('details', {}, element('summary', {}, element('code', {}, title), ` ${status}`), element('p', { class: 'dim' }, 'Request'), element('pre', { tabindex: '0' }, sent), element('p', { class: 'dim' }, 'Answer'), element('pre', { tabindex: '0' }, came));
  });
  const title = `${exchanges.length} ${exchanges.length === 1 ? 'request' : 'requests'}`;
  return exchanges.length === 0 ? element('p', { class: 'dim' }, 'No requests.') : element('details', {}, element('summary', {}, title), ...lines);
}

/** The whole outcome of a call. */
export function outcomeElements(name, outcome) {
  const what = 'err' in outcome ? errorElements(outcome.err) : resultElements(outcome.ok);
  const raw = element('details', {}, element('summary', {}, 'JSON'), element('pre', { tabindex: '0', class: 'json' }, JSON.stringify(outcome.ok ?? outcome.err, null, 2)));
  const missing = outcome.unmatched.map((it) => element('p', { class: 'problem' }, it));
  return [element('h3', {}, `${name}, ${outcome.milliseconds.toFixed(1)} ms`), ...what, ...missing, exchangesElement(outcome.exchanges), raw];
}
