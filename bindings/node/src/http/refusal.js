// The contract's rules for requests, whatever sends them. Works in a browser too.

const TOKEN = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;
const HEADERS_OF_THE_HOST = new Set(['host', 'content-length', 'accept-encoding']);
const LONGEST_REUSE_SECONDS = 3_600;

/** The answer to a request that was not sent because a rule forbids it. */
export const denied = (message) => ({ err: { kind: 'denied', message, mayHaveActed: false } });

/** Why the contract forbids a request: an answer that names the rule. Undefined: it does not. */
export function refusal(request) {
  const rule = brokenRule(request);
  return rule && denied(`the request was not sent: ${rule}`);
}

function brokenRule({ method, url, headers, isWrite, reuseSeconds }) {
  if (!TOKEN.test(method) || /[a-z]/.test(method)) return 'the method is not an upper-case token';
  const rule = brokenRuleOfUrl(url);
  if (rule) return rule;
  if (reuseSeconds !== undefined && isWrite) return 'a write asks for its response to be reused';
  if (reuseSeconds > LONGEST_REUSE_SECONDS) {
    return `it asks for a response to be reused for ${reuseSeconds} seconds; at most ${LONGEST_REUSE_SECONDS} are allowed`;
  }
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) return 'the name of a header is not a token';
    if (HEADERS_OF_THE_HOST.has(name.toLowerCase())) return `the header ${name} is written by the host`;
    if (/[\r\n\0]/.test(value)) return `the value of the header ${name} holds a line break or NUL`;
  }
  return undefined;
}

function brokenRuleOfUrl(url) {
  if (!url.startsWith('https://')) return 'the URL does not start with https://';
  if (!/^[!-~]*$/.test(url)) return 'the URL holds a space or a character that is not percent-encoded';
  if (url.includes('#')) return 'the URL has a fragment';
  const authority = url.slice(8).split(/[/?]/)[0];
  if (authority === '') return 'the URL has no host';
  if (authority.includes('@')) return 'the URL holds user information';
  return undefined;
}
