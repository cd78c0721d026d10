// What is sent again, and after how long. Nothing is sent and no clock is read here but to compare with a date. An attempt is
// `{ ok: response }`, or `{ err: failure, isPassing }`: the same request may fare better a moment later.
import { bytesOf } from './body.js';

const PASSING = new Set([429, 502, 503, 504]);

/** Whether the request may be sent again after this attempt, budgets aside. */
export function mayBeSentAgain(request, { ok, err, isPassing }) {
  // A response to a write is an answer, whatever it says: a gateway's 503 does not tell what happened behind it.
  if (ok) return !request.isWrite && (PASSING.has(ok.status) || (ok.status === 500 && isAboutTime(ok.body)));
  return isPassing && err.kind === 'unreachable' && (!request.isWrite || !err.mayHaveActed);
}

/** Some servers answer 500 if their database took too long; only the words tell. A web page holds such words in its scripts. */
function isAboutTime(body) {
  const text = new TextDecoder().decode(bytesOf(body)).toLowerCase();
  return !text.trimStart().startsWith('<') && ['timeout', 'time-out', 'time out', 'timed out'].some((words) => text.includes(words));
}

/** Milliseconds to wait before sending again, after this many attempts. Undefined: the server asks for longer than is waited. */
export function pause({ ok }, attempts, retries) {
  const asked = ok && askedPause(ok);
  if (asked !== undefined) return asked <= retries.longestPauseMs ? asked : undefined;
  if (ok?.status === 429) return doubled(retries.rateLimitPauseMs, attempts, retries);
  // Full jitter: calls that failed together do not come back together.
  return doubled(retries.firstPauseMs, attempts, retries) * Math.random();
}

/** How long all requests of the tenant are held back after this attempt: the server counts them together. Undefined: not. */
export function hold({ ok }, attempts, retries) {
  if (ok?.status !== 429) return undefined;
  const asked = askedPause(ok);
  return asked === undefined ? doubled(retries.rateLimitPauseMs, attempts, retries) : Math.min(asked, retries.longestPauseMs);
}

/** What Retry-After asks for: seconds, or a date, which is compared with the server's own clock if it is known. */
export function askedPause({ headers }) {
  const header = (name) => headers.find((it) => it[0] === name)?.[1].trim();
  const text = header('retry-after');
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // `Date.parse` takes much more than HTTP's dates.
  const date = /^[A-Z][a-z]{2,8}[, ].*\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date)) return undefined;
  const now = Date.parse(header('date') ?? '');
  return Math.max(0, date - (Number.isNaN(now) ? Date.now() : now));
}

const doubled = (length, attempts, { longestPauseMs }) => Math.min(length * 2 ** Math.min(attempts - 1, 31), longestPauseMs);
