// HTTP archives (HAR 1.2), whatever program made them, as the exchanges that a replay answers from. Works in a browser too.
import { bodyOf, bytesOf } from '../http/body.js';
import { isForm, splitUrl } from './matching.js';
import { Placeholders, REMOVED } from './placeholder.js';
import { fromBase64 } from './recording.js';

/** The program whose archives hold the headers that a connector sends. Other clients send others. */
const PROGRAM = 'psa-host';

/** What a response says of its form on the wire. A body in an archive is whole and decoded. */
const HEADERS_OF_THE_WIRE = new Set(['content-encoding', 'content-length', 'transfer-encoding']);

const MAY_HAVE_ACTED = { denied: false, interrupted: true, 'too-large': true };

/** The exchanges of an archive. Entries that are no https are left out. */
export function archivedExchanges(archive, settings) {
  const { log } = archive;
  const numbers = numbersOf(log.entries ?? []);
  const reading = {
    placeholders: log._scrubbedBy === undefined ? { expand: (text) => text } : placeholdersOf(settings, numbers),
    isAnything: (value) => [REMOVED, ...numbers.sent.map((it) => `{{removed-${it}}}`)].some((it) => value.includes(it)),
    comparesHeaders: log.creator?.name === PROGRAM,
  };
  const exchanges = (log.entries ?? []).map((entry, index) => {
    try {
      return exchange(entry, reading);
    } catch (error) {
      throw new Error(`log.entries[${index}]: ${error.message}`, { cause: error });
    }
  });
  const found = exchanges.filter((it) => it !== undefined);
  if (found.length === 0) throw new Error('the archive has no request over https with its answer');
  return found;
}

/**
 * The numbers of what was learnt to be secret: those that a response gave, which the client sends as it got them, and those that
 * a request had first, of which the client makes others in a replay.
 */
function numbersOf(entries) {
  const [given, sent] = [new Set(), new Set()];
  const within = (part) => [...(JSON.stringify(part) ?? '').matchAll(/\{\{removed-(\d+)\}\}/g)].map((it) => it[1]);
  for (const entry of entries) {
    within(entry.request).filter((it) => !given.has(it)).forEach((it) => sent.add(it));
    within(entry.response).filter((it) => !sent.has(it)).forEach((it) => given.add(it));
  }
  return { given: [...given], sent: [...sent] };
}

function placeholdersOf(settings, { given, sent }) {
  return new Placeholders([
    ...settings,
    { name: 'removed', value: REMOVED },
    ...given.map((it) => ({ name: `removed-${it}`, value: `removed-${it}` })),
    ...sent.map((it) => ({ name: `removed-${it}`, value: REMOVED })),
  ]);
}

function exchange(entry, reading) {
  const request = archivedRequest(entry.request, reading);
  const answer = request && (entry._failure ? failure(entry._failure, reading) : archivedAnswer(entry.response ?? {}, entry._error, reading));
  return answer && { isSpare: false, request, answer };
}

function archivedRequest(request, { placeholders, isAnything, comparesHeaders }) {
  const [whole] = placeholders.expand(request.url ?? '').split('#');
  if (!whole.startsWith('https://')) return undefined;
  const [url, query] = splitUrl(whole);
  const pair = ({ name, value }) => [placeholders.expand(name ?? ''), placeholders.expand(value ?? '')];
  const headers = (request.headers ?? []).filter((it) => comparesHeaders && !it.name.startsWith(':') && !isAnything(it.value));
  return {
    method: (request.method ?? '').toUpperCase(),
    url,
    query: whole.includes('?') ? [...new URLSearchParams(query)] : (request.queryString ?? []).map(pair),
    headers: headers.map(pair),
    body: archivedBody(request.postData, { placeholders, comparesHeaders, pair }),
  };
}

function archivedBody(data, { placeholders, comparesHeaders, pair }) {
  if (!data) return undefined;
  const text = data.text ?? new URLSearchParams((data.params ?? []).map(pair)).toString();
  const bytes = data.text !== undefined && data.encoding === 'base64' ? fromBase64(text) : bytesOf({ text: data.text === undefined ? text : placeholders.expand(text) });
  // A proxy notes a body for every POST, whether there was one or not.
  if (bytes.length === 0 && !comparesHeaders) return undefined;
  const type = (data.mimeType ?? '').toLowerCase();
  const decoded = new TextDecoder().decode(bytes);
  if (isForm(type)) return { form: [...new URLSearchParams(decoded)] };
  if (type.includes('json')) {
    try {
      return { json: JSON.parse(decoded) };
    } catch {
      // Not JSON, whatever its type says.
    }
  }
  return { bytes };
}

/** Undefined: an answer that is not a response, such as to the upgrade of a web socket. */
function archivedAnswer(response, error, { placeholders, isAnything }) {
  const status = response.status ?? 0;
  if (status === 0) {
    const message = `the recording holds no response: ${placeholders.expand(error || 'it does not say why')}`;
    return { err: { kind: 'interrupted', message, mayHaveActed: true } };
  }
  if (status < 200 || status > 599) return undefined;
  const headers = (response.headers ?? [])
    .map(({ name, value }) => [name.toLowerCase(), value])
    .filter(([name, value]) => !name.startsWith(':') && !HEADERS_OF_THE_WIRE.has(name) && !isAnything(value))
    .map(([name, value]) => [name, placeholders.expand(value)]);
  const { text = '', encoding } = response.content ?? {};
  const bytes = encoding === 'base64' ? fromBase64(text) : bytesOf({ text: placeholders.expand(text) });
  return { ok: { status, headers, body: bodyOf(bytes) } };
}

function failure({ kind, message, mayHaveActed }, { placeholders }) {
  return { err: { kind, message: placeholders.expand(message), mayHaveActed: MAY_HAVE_ACTED[kind] ?? mayHaveActed === true } };
}
