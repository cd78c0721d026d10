// Headers between a connector and the wire: what may be sent, and how bytes become text.
import { PACKAGE_VERSION } from '../../generated/package.js';

const OF_THE_CONNECTION = new Set(['connection', 'expect', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
const LONGEST_CONTACT = 200;
const LONGEST_TOKEN = 64;

const sizeOf = (headers) => headers.reduce((sum, it) => sum + it[0].length + it[1].length, 0);

/** The headers to send, as a flat list; or `{ rule }`, the rule that they break. */
export function toSend(request, limits, userAgent) {
  const { headers, url } = request;
  if (headers.length > limits.headerCount) return { rule: `it has ${headers.length} headers, and the limit \`headerCount\` is ${limits.headerCount}` };
  const bytes = url.length + sizeOf(headers);
  if (bytes > limits.headerBytes) return { rule: `its URL and headers have ${bytes} bytes, and the limit \`headerBytes\` is ${limits.headerBytes}` };
  const list = [];
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (OF_THE_CONNECTION.has(lower) || lower.startsWith('proxy-')) return { rule: `the header ${lower} belongs to the host's connection` };
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return { rule: `the value of the header ${lower} holds a control character or a letter outside Latin-1` };
    list.push(lower, value);
  }
  if (!headers.some((it) => it[0].toLowerCase() === 'user-agent')) list.push('user-agent', userAgent);
  list.push('accept-encoding', 'gzip, deflate, br');
  return { list };
}

/** The headers that arrived, names in lower case, bytes outside ASCII read as Latin-1. Undefined: they pass the limits. */
export function received(raw, limits) {
  const headers = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([latin1(raw[at]).toLowerCase(), latin1(raw[at + 1])]);
  return headers.length > limits.headerCount || sizeOf(headers) > limits.headerBytes ? undefined : headers;
}

const latin1 = (bytes) => (typeof bytes === 'string' ? bytes : bytes.toString('latin1'));

/** Such as `psa-connector-node/0.2.0 ConnectWise-PSA-connector/0.2.0 (https://platform.example)`. */
export function userAgentOf({ vendor, version }, contact) {
  const text = `psa-connector-node/${PACKAGE_VERSION} ${token(vendor)}-connector/${token(version)}`;
  const who = contact?.trim();
  if (!who) return text;
  if (who.length > LONGEST_CONTACT || !/^[\x20-\x7e]*$/.test(who) || /[()\\]/.test(who)) {
    throw new TypeError(`\`contact\` is not an address: enter an e-mail address or a URL of printable ASCII without brackets and backslashes, at most ${LONGEST_CONTACT} characters`);
  }
  return `${text} (${who})`;
}

const token = (text) => text.split(/[^A-Za-z0-9._]+/).filter(Boolean).join('-').slice(0, LONGEST_TOKEN) || 'unknown';
