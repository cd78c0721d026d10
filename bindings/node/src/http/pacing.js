// How fast the calls of one tenant send, all together: so many requests at once, so many within a window of time. Nothing is
// sent here. Times are those of `performance.now()`.

/** Into how many spans a window is divided: how much is remembered of a tenant. */
const SPANS_OF_A_WINDOW = 64;

/** Paces one tenant. */
export class Pacer {
  #inFlight = 0;
  #sent = [];
  #heldUntil = 0;
  #waiting = [];
  #timer;

  /** Waits until a request may be sent, in the order of asking. Gives what ends it, or undefined: it would be after the deadline. */
  wait(pacing, deadline, signal) {
    return new Promise((resolve) => {
      const leave = () => this.#leave(waiter);
      const timer = setTimeout(leave, Math.max(0, deadline - performance.now()));
      const settle = (end) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        resolve(end);
      };
      const waiter = { pacing, deadline, settle };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiter);
      this.#serve();
    });
  }

  /** Counts a request that is sent at once, and gives what ends it. */
  withoutWaiting(pacing) {
    return this.#begin(windowOf(pacing));
  }

  /** Holds back all requests that wait for their turn: the server said that it had too many. */
  holdUntil(time) {
    this.#heldUntil = Math.max(this.#heldUntil, time);
  }

  #serve() {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0) {
      const [waiter] = this.#waiting;
      const time = this.#blockedUntil(waiter.pacing);
      if (time > 0 && time < waiter.deadline) {
        // Until one ends: its end serves again.
        if (time !== Infinity) this.#timer = setTimeout(() => this.#serve(), Math.max(0, time - performance.now()));
        return;
      }
      if (time === Infinity) return;
      this.#waiting.shift();
      waiter.settle(time > 0 ? undefined : this.#begin(windowOf(waiter.pacing)));
    }
  }

  #leave(waiter) {
    const at = this.#waiting.indexOf(waiter);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    waiter.settle(undefined);
    this.#serve();
  }

  /** 0: not at all. Infinity: until another request ends. */
  #blockedUntil(pacing) {
    const now = performance.now();
    if (this.#heldUntil > now) return this.#heldUntil;
    // None at all would be no pacing but a ban.
    if (pacing.concurrentRequests !== undefined && this.#inFlight >= Math.max(1, pacing.concurrentRequests)) return Infinity;
    const window = windowOf(pacing);
    if (window === undefined) return 0;
    while (this.#sent.length > 0 && now - this.#sent[0].last >= window.length) this.#sent.shift();
    const count = this.#sent.reduce((sum, it) => sum + it.count, 0);
    return count >= window.most && count > 0 ? this.#sent[0].last + window.length : 0;
  }

  #begin(window) {
    this.#inFlight += 1;
    if (window) {
      const now = performance.now();
      const span = this.#sent.at(-1);
      if (span && now - span.first < window.length / SPANS_OF_A_WINDOW) Object.assign(span, { last: now, count: span.count + 1 });
      else this.#sent.push({ first: now, last: now, count: 1 });
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#inFlight -= 1;
      this.#serve();
    };
  }
}

/** How many requests within how many milliseconds, if that is limited. */
function windowOf({ requests, seconds }) {
  return requests === undefined || !(seconds > 0) ? undefined : { most: requests, length: seconds * 1_000 };
}
