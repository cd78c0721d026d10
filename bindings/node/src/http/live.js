// HTTPS for one call: admits each request, answers it with a kept response or sends it, and sends it again if that may help.
import { authorityOf, shown } from './authority.js';
import { BytesLeft, exchange } from './exchange.js';
import { failed } from './failure.js';
import { toSend } from './headers.js';
import { denied } from './refusal.js';
import { hold, mayBeSentAgain, pause } from './retry.js';
import { inTime, sleep } from './time.js';

const notSentInTime = () => failed('timed-out', 'the request was not sent: the time of this call ends before its turn comes', false);

/** Make a new one for each call: what a call may spend is counted here. */
export class Live {
  #policy;
  #options;
  #agent;
  #shared;
  #pacing;
  #userAgent;
  #bytesLeft;
  #retriesLeft;
  #free;
  #queue = [];
  #hasWritten = false;
  #signal;

  constructor({ policy, options, agent, shared, pacing, userAgent }) {
    this.#policy = policy;
    this.#options = options;
    this.#agent = agent;
    this.#shared = shared;
    this.#pacing = pacing;
    this.#userAgent = userAgent;
    this.#bytesLeft = new BytesLeft(options.limits.callBytes);
    this.#retriesLeft = options.retries.perCall;
    this.#free = options.limits.inFlight;
  }

  /** One answer for each request, in their order. Never rejects. `signal`: the call is over. */
  send(requests, deadline, signal) {
    this.#signal = signal;
    return Promise.all(requests.map((request) => this.#answer(request, deadline)));
  }

  async #answer(request, deadline) {
    const refused = this.#policy.check(request) ?? this.#refusal(request);
    if (refused) return refused;
    const send = () => this.#carryOut(request, deadline);
    if (request.reuseSeconds === undefined) return send();
    const wait = (promise) => this.#within(promise, deadline);
    return this.#shared.kept.answer(request, request.reuseSeconds, { send, wait, tooLate: () => bare(notSentInTime()) });
  }

  #refusal({ method, body }) {
    // CONNECT asks for a tunnel, and TRACE for an echo of the credentials.
    if (method === 'CONNECT' || method === 'TRACE') return denied(`the request was not sent: the method ${method} is not allowed`);
    const bytes = body?.bytes?.length ?? Buffer.byteLength(body?.text ?? '');
    const { callBytes } = this.#options.limits;
    return this.#bytesLeft.take(bytes) ? undefined : denied(`the request was not sent: the bodies of a call may have ${callBytes} bytes, the limit \`callBytes\``);
  }

  async #carryOut(request, deadline) {
    const { list, rule } = toSend(request, this.#options.limits, this.#userAgent);
    if (rule) return denied(this.#policy.withoutSecrets(`the request was not sent: ${rule}`));
    let answer = bare(notSentInTime());
    let mayHaveActed = false;
    for (let attempt = 1; ; attempt += 1) {
      // Queued requests are not sent after the deadline; what an earlier attempt brought stands.
      const leave = await this.#turn(deadline);
      if (!leave) return answer;
      if (request.isWrite) this.#hasWritten = true;
      const outcome = await this.#attempt(request, list, deadline);
      leave();
      const held = hold(outcome, attempt, this.#options.retries);
      if (held !== undefined) this.#shared.pacer.holdUntil(performance.now() + held);
      const length = this.#pauseBefore(request, outcome, attempt, deadline);
      answer = bare(outcome);
      // What an earlier attempt may have done, a later one does not undo.
      if (answer.err && mayHaveActed) answer.err = { ...answer.err, mayHaveActed };
      mayHaveActed ||= outcome.ok !== undefined || outcome.err.mayHaveActed;
      if (length === undefined) return answer;
      await sleep(length, this.#signal);
    }
  }

  #attempt(request, headers, deadline) {
    const { limits, timeouts } = this.#options;
    const ends = performance.now() + timeouts.requestMs;
    return exchange(this.#agent, request, {
      headers,
      name: shown(authorityOf(new URL(request.url))),
      limits,
      bytesLeft: this.#bytesLeft,
      endsAt: Math.min(ends, deadline),
      signal: this.#signal,
      timeLimit: ends < deadline ? timeouts.requestMs : undefined,
    });
  }

  /** Waits for a place in the call and for the tenant's turn, unless the call has sent a write. Gives what ends the turn. */
  async #turn(deadline) {
    if (!(await this.#place(deadline))) return undefined;
    const { pacer } = this.#shared;
    const end = this.#hasWritten ? pacer.withoutWaiting(this.#pacing) : await pacer.wait(this.#pacing, deadline, this.#signal);
    const isInTime = end !== undefined && performance.now() < deadline && !this.#signal?.aborted;
    const leave = () => {
      end?.();
      this.#free += 1;
      this.#queue.shift()?.();
    };
    if (isInTime) return leave;
    leave();
    return undefined;
  }

  /** One of the places of requests in flight. */
  async #place(deadline) {
    while (this.#free === 0) {
      const next = new Promise((resolve) => this.#queue.push(resolve));
      if (!(await this.#within(next, deadline))) return false;
    }
    this.#free -= 1;
    return true;
  }

  /** Whether a promise is settled before the deadline. */
  async #within(promise, deadline) {
    return (await inTime(promise.then(() => true), deadline, this.#signal)) === true;
  }

  /** How long to wait before sending again. Undefined: what came is the answer. */
  #pauseBefore(request, outcome, attempt, deadline) {
    const { retries } = this.#options;
    if (attempt > retries.perRequest || !mayBeSentAgain(request, outcome)) return undefined;
    const length = pause(outcome, attempt, retries);
    if (length === undefined || performance.now() + length >= deadline) return undefined;
    // Of a rate limit, the waiting is what protects the server.
    if (outcome.ok?.status === 429) return length;
    if (this.#retriesLeft === 0) return undefined;
    this.#retriesLeft -= 1;
    return length;
  }
}

const bare = ({ ok, err }) => (ok ? { ok } : { err });
