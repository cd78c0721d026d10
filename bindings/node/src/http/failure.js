// What an error of the HTTP client means: its kind, whether the server may have acted, and words for the operator. No URL, header
// or body is in any message.
import { AddressDenied } from './client.js';

export const failed = (kind, message, mayHaveActed, isPassing = false) => ({ err: { kind, message, mayHaveActed }, isPassing });
export const interrupted = (message) => failed('interrupted', message, true);
export const tooLarge = (message) => failed('too-large', message, true);

const OF_CERTIFICATES = {
  CERT_HAS_EXPIRED: 'its certificate has expired. Renew it on the server',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet. Compare the clocks',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate signs itself: add it to `certificateAuthorities`',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
const UNKNOWN_AUTHORITY =
  "the authority that signed the server's certificate is unknown: add it to `certificateAuthorities`, or, if the server does not send its intermediate certificate, install the full chain there";
const OF_AUTHORITIES = ['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'];

/** Of a request for which no connection was made, so that the server cannot have acted. */
export function ofConnecting(error, name) {
  const cause = causeOf(error);
  const unreachable = (message, isPassing) => failed('unreachable', message, false, isPassing);
  if (cause instanceof AddressDenied) return failed('denied', `the request was not sent: ${cause.message}`, false);
  const { code = '' } = cause;
  if (code === 'UND_ERR_INVALID_ARG') return failed('denied', `the request was not sent: it cannot be written as HTTP: ${cause.message}`, false);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return unreachable(`cannot find the address of https://${name}: ${code}${unusedProxy()}`, true);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return unreachable(`no connection to https://${name} within the time to connect`, true);
  const problem = OF_CERTIFICATES[code] ?? (OF_AUTHORITIES.includes(code) ? UNKNOWN_AUTHORITY : undefined);
  if (problem) return unreachable(`cannot agree on TLS with https://${name}: ${problem}`, false);
  if (/^(ERR_SSL|ERR_TLS|CERT_|EPROTO)/.test(code)) return unreachable(`cannot agree on TLS with https://${name}: ${code}`, false);
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return unreachable(`https://${name} closed the connection while agreeing on TLS; a server whose TLS is older than 1.2 does that`, true);
  return unreachable(`cannot connect to https://${name}: ${code || cause.message}`, true);
}

/** Of a request that was handed to a connection and has no response, or a part of one. */
export function ofExchange(error, name, hasResponse) {
  const { code = '', message } = causeOf(error);
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') return tooLarge('the headers of the response pass the limit `headerBytes`');
  const place = hasResponse ? 'broke in the middle of the response' : 'broke before the response';
  return interrupted(`the connection to https://${name} ${place}: ${code || message}`);
}

/** Of several addresses that were tried, the first error. */
function causeOf(error) {
  const inner = error.errors?.[0] ?? (error.code === undefined ? error.cause : undefined);
  return inner instanceof Error ? causeOf(inner) : error;
}

function unusedProxy() {
  const name = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].find((it) => process.env[it]);
  return name ? `. \`${name}\` is set and not used: this package knows no proxies` : '';
}
