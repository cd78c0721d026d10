// Waiting that ends with its call. Times are those of `performance.now()`.

/** What a promise brings, or undefined if that is after the deadline or after the call is over. */
export function inTime(promise, deadline, signal) {
  return new Promise((resolve, reject) => {
    const over = () => settle(resolve)(undefined);
    const timer = setTimeout(over, Math.max(0, deadline - performance.now()));
    const settle = (how) => (value) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      how(value);
    };
    signal?.addEventListener('abort', over, { once: true });
    if (signal?.aborted) over();
    promise.then(settle(resolve), settle(reject));
  });
}

/** Waits for so many milliseconds, or until the call is over. */
export const sleep = (length, signal) => inTime(new Promise(() => {}), performance.now() + length, signal);
