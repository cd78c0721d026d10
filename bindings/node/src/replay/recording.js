// Recordings and cases in JSON (their fields: CONTRIBUTING.md of the repository), as the exchanges that a replay answers from.
// Works in a browser too.
import { bodyOf, bytesOf } from '../http/body.js';
import { Placeholders } from './placeholder.js';

/** Names and values, in an object or in a list of pairs. */
export const pairs = (value = {}) => (Array.isArray(value) ? value : Object.entries(value));

/** The exchanges of a document, with the settings in the places of its placeholders. `shared` finds an exchange by its name. */
export function recordedExchanges(document, settings, shared) {
  const placeholders = new Placeholders(settings);
  return document.exchanges.map((listed, index) => {
    try {
      return exchange(listed, document, placeholders, shared);
    } catch (error) {
      throw new Error(`exchanges[${index}]: ${error.message}`, { cause: error });
    }
  });
}

function exchange(listed, document, placeholders, shared) {
  if (listed.shared !== undefined) {
    if (!shared) throw new Error(`the shared exchange \`${listed.shared}\` can only be found beside a file`);
    const found = shared(listed.shared);
    const isAnswered = listed.response !== undefined || listed.failure !== undefined;
    const whole = { ...found.exchanges[0], ...(isAnswered && { response: listed.response, failure: listed.failure }) };
    return exchange(whole, found, placeholders);
  }
  return {
    role: listed.role,
    isSpare: listed.spare === true,
    request: recordedRequest(listed.request, document, placeholders),
    answer: recordedAnswer(listed, placeholders),
  };
}

function recordedRequest(request, document, placeholders) {
  const path = placeholders.expand(request.path);
  if (/[?#]/.test(path)) throw new Error('`path` holds a query or a fragment; a query goes into `query`');
  if (!path.startsWith('https://') && document['base-url'] === undefined) throw new Error('`path` is relative and there is no `base-url`');
  const own = pairs(request.headers);
  const isOwn = (name) => own.some((it) => it[0].toLowerCase() === name.toLowerCase());
  const headers = [...pairs(document['request-headers']).filter((it) => !isOwn(it[0])), ...own];
  return {
    method: request.method,
    url: path.startsWith('https://') ? path : placeholders.expand(document['base-url']) + path,
    query: expanded(request.query, placeholders),
    headers: headers.map(([name, value]) => [name, value === null ? null : placeholders.expand(value)]),
    body: recordedBody(request, placeholders),
  };
}

function recordedBody(request, placeholders) {
  if (request.json !== undefined) return { json: placeholders.expandJson(request.json) };
  if (request.form !== undefined) return { form: expanded(request.form, placeholders) };
  const bytes = bytesIn(request, placeholders);
  return bytes && { bytes };
}

function recordedAnswer({ response, failure }, placeholders) {
  if ((response === undefined) === (failure === undefined)) throw new Error('exactly one of `response` and `failure` is required');
  if (failure) return { err: { kind: failure.kind, message: placeholders.expand(failure.message), mayHaveActed: failure['may-have-acted'] } };
  const headers = expanded(response.headers, placeholders).map(([name, value]) => [name.toLowerCase(), value]);
  if (response.json !== undefined) return { ok: { status: response.status, headers, body: { text: JSON.stringify(placeholders.expandJson(response.json)) } } };
  return { ok: { status: response.status, headers, body: bodyOf(bytesIn(response, placeholders) ?? new Uint8Array()) } };
}

function bytesIn({ text, base64 }, placeholders) {
  if (text !== undefined) return bytesOf({ text: placeholders.expand(text) });
  return base64 === undefined ? undefined : fromBase64(base64);
}

/** The bytes of a text in base64. */
export const fromBase64 = (text) => Uint8Array.from(atob(text.replace(/\s/g, '')), (letter) => letter.charCodeAt(0));

const expanded = (listed, placeholders) => pairs(listed).map(([name, value]) => [name, placeholders.expand(value)]);
