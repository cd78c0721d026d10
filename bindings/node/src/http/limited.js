// `psa:connector/http` as one call sees it: whatever sends, behind the contract's rules and the limits of the call.
import { setMaxListeners } from 'node:events';
import { bodyOf } from './body.js';
import { denied, refusal } from './refusal.js';
import { inTime } from './time.js';

/** How long after the deadline a `send` that keeps it may still hand in its answers, in milliseconds. */
const GRACE = 100;

const timedOut = () => ({ err: { kind: 'timed-out', message: 'no complete response within the time of this call', mayHaveActed: true } });
/** A call that is over is not gone on with: it might compute for ever. */
const never = () => new Promise(() => {});
const unanswered = () => ({ err: { kind: 'interrupted', message: "the host's HTTP gave no answer", mayHaveActed: true } });

/** The HTTP of one call, whose time begins now. */
export class LimitedHttp {
  /** Whether a write was handed over and not shown to be without effect. */
  mayHaveWritten = false;

  #send;
  #policy;
  #left;
  #limits;
  #reserveStarts;
  #sendingEnds;
  #end = new AbortController();

  /** `send(requests, deadline, signal)` answers at once or by a promise; the signal says that the call is over. `policy` may be undefined: then the contract's rules hold alone. */
  constructor(send, policy, limits, started) {
    this.#send = send;
    this.#policy = policy;
    this.#limits = limits;
    this.#left = limits.requests;
    // Never more than half of the whole time, so that a short limit leaves time for work.
    const reserve = Math.min(limits.reserveForLookupMs, limits.wallClockMs / 2);
    this.#reserveStarts = started + limits.wallClockMs - reserve;
    this.#sendingEnds = started + limits.wallClockMs - reserve / 10;
    setMaxListeners(0, this.#end.signal);
  }

  /** The call is over: what is still under way is ended. */
  end() {
    this.#end.abort();
  }

  /** One answer for each request, in their order: at once if the backend answers at once, else by a promise that never rejects. */
  send = (requests) => {
    const isInReserve = performance.now() >= this.#reserveStarts;
    const refused = requests.map((request) => this.#refusal(request, isInReserve));
    const admitted = requests.filter((_, index) => !refused[index]);
    const merged = (answers) => {
      const rest = [...answers];
      return refused.map((it) => it ?? rest.shift());
    };
    if (admitted.length === 0) return merged([]);

    const before = this.mayHaveWritten;
    // Set before waiting: the call may be stopped while it waits.
    this.mayHaveWritten ||= admitted.some((it) => it.isWrite);
    const end = (answers) => {
      const all = admitted.map((_, index) => valid(answers?.[index]));
      this.mayHaveWritten = before || admitted.some((it, index) => it.isWrite && (all[index].err?.mayHaveActed ?? true));
      return merged(all);
    };
    const deadline = isInReserve ? this.#sendingEnds : this.#reserveStarts;
    let answers;
    try {
      answers = this.#send(admitted, deadline, this.#end.signal);
    } catch {
      return end();
    }
    if (typeof answers?.then !== 'function') return end(answers);
    return inTime(answers, deadline + GRACE, this.#end.signal)
      .then((found) => end(found ?? admitted.map(timedOut)))
      .catch(() => end())
      .then((found) => (this.#end.signal.aborted ? never() : found));
  };

  #refusal(request, isInReserve) {
    if (this.#left === 0) {
      return denied(`the request was not sent: this call has sent all of its ${this.#limits.requests} requests. Raise the limit \`requests\`, or ask for less at once`);
    }
    if (isInReserve && request.isWrite) {
      return { err: { kind: 'timed-out', message: 'the request was not sent: the time left of this call is kept for reading', mayHaveActed: false } };
    }
    const refused = this.#policy ? this.#policy.check(request) : refusal(request);
    if (!refused) this.#left -= 1;
    return refused;
  }
}

/** What a `send` that was given may get wrong is put right here: the connector gets what the contract says. */
function valid(answer) {
  try {
    return checked(answer);
  } catch {
    return unanswered();
  }
}

function checked(answer) {
  if (answer?.err) return { err: { kind: answer.err.kind, message: String(answer.err.message), mayHaveActed: mayHaveActed(answer.err) } };
  if (!answer?.ok) return unanswered();
  const { status, headers = [], body = { text: '' }, ageSeconds } = answer.ok;
  const text = body.bytes ? bodyOf(body.bytes) : body;
  if (!(status >= 200 && status <= 599) || (text.bytes === undefined && typeof text.text !== 'string')) return unanswered();
  return { ok: { status, headers: headers.map(([name, value]) => [name.toLowerCase(), value]), body: text, ageSeconds } };
}

function mayHaveActed({ kind, mayHaveActed }) {
  if (kind === 'denied') return false;
  return kind === 'interrupted' || kind === 'too-large' || mayHaveActed !== false;
}
