// `{{setting-name}}`, and `{{base64:TEXT}}`, `{{percent:TEXT}}`, `{{json:TEXT}}` for encoded text, in recordings, which keep
// keys and tenants out of them. Works in a browser too.
import { bytesOf } from '../http/body.js';

/** In a recorded request: whatever was sent in this place was taken out, so anything may stand here. */
export const REMOVED = '{{removed}}';

/** Shorter values are not masked: they would be found inside of ordinary words. */
const SHORTEST_MASKED = 4;

const BRACES = { 'open-brace': '{', 'close-brace': '}' };

const ENCODINGS = {
  base64: (text) => btoa(String.fromCharCode(...bytesOf({ text }))),
  percent: (text) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
  json: (text) => JSON.stringify(text).slice(1, -1),
};

/** The values that placeholders stand for. */
export class Placeholders {
  #values = new Map();

  /** The first of a repeated name counts. */
  constructor(settings) {
    for (const { name, value } of settings) {
      if (!this.#values.has(name)) this.#values.set(name, value.trim());
    }
  }

  /** The text with every placeholder replaced, inner ones first. A value that looks like a placeholder stays as it is. */
  expand(text) {
    let found = '';
    let rest = text;
    for (let at = rest.indexOf('{{'); at >= 0; at = rest.indexOf('{{')) {
      const end = endOf(rest, at + 2);
      if (end < 0) throw new Error(`the placeholder \`${rest.slice(at)}\` has no end`);
      found += rest.slice(0, at) + this.#value(rest.slice(at + 2, end));
      rest = rest.slice(end + 2);
    }
    return found + rest;
  }

  /** Every text in a value of JSON, expanded. */
  expandJson(value) {
    if (typeof value === 'string') return this.expand(value);
    if (Array.isArray(value)) return value.map((it) => this.expandJson(it));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, this.expandJson(it)]));
  }

  /** The reverse, for messages: every value replaced by its placeholder, but for a host name in the host of a URL. */
  mask(text) {
    const isHost = (value) => value.includes('.') && /^[\p{L}\p{N}.\-_:]*$/u.test(value);
    const parts = text.split(/(https:\/\/[\p{L}\p{N}.\-_:]*)/u);
    return parts.map((part, index) => this.#maskIn(part, index % 2 === 1 ? isHost : () => false)).join('');
  }

  #maskIn(text, isKept) {
    const longestFirst = [...this.#values].filter(([, value]) => value.length >= SHORTEST_MASKED && !isKept(value));
    longestFirst.sort((one, other) => other[1].length - one[1].length);
    return longestFirst.reduce((masked, [name, value]) => masked.replaceAll(value, `{{${name}}}`), text);
  }

  #value(inside) {
    const colon = inside.indexOf(':');
    const encode = colon < 0 ? undefined : ENCODINGS[inside.slice(0, colon)];
    if (encode) return encode(this.expand(inside.slice(colon + 1)));
    const value = this.#values.get(inside) ?? BRACES[inside];
    if (value !== undefined) return value;
    const known = [...this.#values.keys()].filter((name) => !name.startsWith('removed'));
    throw new Error(`the placeholder \`{{${inside}}}\` stands for a setting that has no value; settings that have one: ${known.join(', ') || 'none'}`);
  }
}

/** Where the `}}` is that closes a placeholder whose inside begins here. */
function endOf(text, start) {
  let open = 1;
  for (let at = start; at < text.length; at += 1) {
    const sign = text.slice(at, at + 2);
    if (sign === '{{') open += 1;
    if (sign === '}}') open -= 1;
    if (open === 0) return at;
    if (sign === '{{' || sign === '}}') at += 1;
  }
  return -1;
}
