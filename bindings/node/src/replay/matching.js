// Whether a request is the recorded one, and if not, what differs. Never shows the value of a header, of a field of a form, or
// of anything in the body of a request that is secret. Works in a browser too.
import { bytesOf } from '../http/body.js';
import { REMOVED } from './placeholder.js';

const OTHER_METHOD = 20;
const OTHER_PATH = 30;
const OTHER_DETAIL = 1;

/** Whether the request is the recorded one. Quicker than asking for the differences, where most are not. */
export function isRecorded(recorded, request) {
  const [url] = splitUrl(request.url);
  return recorded.method === request.method && isSamePath(recorded.url, url) && differences(recorded, request).length === 0;
}

/** What differs, each with a weight. Empty: the request is the recorded one. */
export function differences(recorded, request) {
  const [url, query] = splitUrl(request.url);
  const found = [];
  if (recorded.method !== request.method) found.push([OTHER_METHOD, `method: recorded ${recorded.method}, sent ${request.method}`]);
  if (!isSamePath(recorded.url, url)) found.push([OTHER_PATH, `path: recorded ${recorded.url}, sent ${url}`]);
  const details = [
    ...queryDifferences(recorded.query, [...new URLSearchParams(query)]),
    ...recorded.headers.map(([name, value]) => headerDifference(name, value, request)).filter(Boolean),
    ...bodyDifferences(recorded.body, request),
  ];
  return [...found, ...details.map((text) => [OTHER_DETAIL, text])].map(([weight, text]) => ({ weight, text }));
}

/** Address and query of a URL. */
export function splitUrl(url) {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

/** Whether this value of Content-Type says that a body is a form. */
export const isForm = (contentType) => contentType.split(';')[0].trim().toLowerCase() === 'application/x-www-form-urlencoded';

/** What was taken out of a recording counts as anything. */
const isSame = (recorded, sent) => recorded === sent || recorded.includes(REMOVED);

function isSamePath(recorded, sent) {
  if (recorded === sent) return true;
  const [one, other] = [recorded, sent].map((url) => url.split('/').map(percentDecoded));
  return one.length === other.length && one.every((it, index) => isSame(it, other[index]));
}

function percentDecoded(text) {
  if (!text.includes('%')) return text;
  const bytes = [];
  for (const part of text.split(/(%[0-9A-Fa-f]{2})/)) {
    if (/^%[0-9A-Fa-f]{2}$/.test(part)) bytes.push(Number.parseInt(part.slice(1), 16));
    else bytes.push(...bytesOf({ text: part }));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function queryDifferences(recorded, sent) {
  const missing = recorded.filter(([name, value]) => {
    const at = sent.findIndex((it) => it[0] === name && isSame(value, it[1]));
    if (at >= 0) sent.splice(at, 1);
    return at < 0;
  });
  const found = missing.map(([name, value]) => {
    const at = sent.findIndex((it) => it[0] === name);
    const actual = at < 0 ? 'none' : `\`${sent.splice(at, 1)[0][1]}\``;
    return `query \`${name}\`: recorded \`${value}\`, sent ${actual}`;
  });
  return [...found, ...sent.map(([name, value]) => `query \`${name}\`: recorded none, sent \`${value}\``)];
}

function headerDifference(name, expected, request) {
  const sent = request.headers.filter((it) => it[0].toLowerCase() === name.toLowerCase()).map((it) => it[1]);
  if (expected === null) return sent.length > 0 && `header ${name}: must not be sent`;
  if (sent.length === 0) return `header ${name}: not sent`;
  if (sent.length > 1) return `header ${name}: sent ${sent.length} times`;
  return sent[0] !== expected && `header ${name}: its value differs`;
}

function bodyDifferences(recorded, request) {
  if (request.body === undefined) return recorded === undefined ? [] : ['body: not sent'];
  const sent = bytesOf(request.body);
  if (recorded === undefined) return [`body: recorded none, sent ${sent.length} bytes`];
  if (recorded.bytes) return bytesDifferences(recorded.bytes, sent);
  const text = new TextDecoder().decode(sent);
  if (recorded.form) {
    const types = request.headers.filter((it) => it[0].toLowerCase() === 'content-type');
    if (!types.some((it) => isForm(it[1]))) return ['body: recorded a form, sent a body that Content-Type does not call one'];
    return formDifferences(recorded.form, [...new URLSearchParams(text)]);
  }
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    return ['body: recorded JSON, sent something else'];
  }
  const found = [];
  compare('body', recorded.json, json, found);
  return request.isSecret ? found.map((it) => `${it.split(': ')[0]}: its value differs`) : found;
}

function bytesDifferences(recorded, sent) {
  const isEqual = recorded.length === sent.length && recorded.every((byte, index) => byte === sent[index]);
  if (isEqual || new TextDecoder('latin1').decode(recorded).includes(REMOVED)) return [];
  return [`body: recorded ${recorded.length} bytes, sent ${sent.length} others`];
}

/** Each name once, with what is wrong with all of its values. */
function formDifferences(recorded, sent) {
  const values = (fields, name) => fields.filter((it) => it[0] === name).map((it) => it[1]).sort();
  const names = [...new Set([...recorded, ...sent].map((it) => it[0]))].sort();
  return names.flatMap((name) => {
    const [due, actual] = [values(recorded, name), values(sent, name)];
    if (due.length === actual.length && due.every((it, index) => isSame(it, actual[index]))) return [];
    const problem =
      actual.length === 0 ? 'not sent' : due.length === 0 ? 'recorded none, sent one' : due.length === actual.length ? 'its value differs' : `recorded ${due.length} times, sent ${actual.length} times`;
    return [`form field \`${name}\`: ${problem}`];
  });
}

function compare(path, expected, actual, found) {
  const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  const shown = (value) => JSON.stringify(value).slice(0, 300);
  if (isObject(expected) && isObject(actual)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (!Object.hasOwn(actual, name)) found.push(`${path}.${name}: expected ${shown(expected[name])}, found nothing`);
      else if (!Object.hasOwn(expected, name)) found.push(`${path}.${name}: expected nothing, found ${shown(actual[name])}`);
      else compare(`${path}.${name}`, expected[name], actual[name], found);
    }
  } else if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    expected.forEach((it, index) => compare(`${path}[${index}]`, it, actual[index], found));
  } else if (typeof expected === 'string' && typeof actual === 'string' ? !isSame(expected, actual) : expected !== actual) {
    found.push(`${path}: expected ${shown(expected)}, found ${shown(actual)}`);
  }
}
