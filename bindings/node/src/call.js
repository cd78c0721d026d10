// One call of one function: on a thread of its own or on the caller's, within its limits, and what it rejects with.
import { FUNCTIONS } from '../generated/contract.js';
import { canSuspend, run } from './abi/instance.js';
import { ConnectorError, stoppedError } from './error.js';
import { LimitedHttp } from './http/limited.js';
import { worker } from './workers.js';

/** Functions that write and may be repeated whatever happened. */
const REPEATABLE = new Set(['set-status', 'attach-asset']);

/** The result of a function. Rejects with a ConnectorError, or with a TypeError if the values are not of the contract's types. */
export async function call({ module, name, values, send, policy, limits, isolation, signal }) {
  const thread = isolation === 'worker' ? await worker() : undefined;
  const http = new LimitedHttp(send, policy, limits, performance.now());
  let over;
  const stopped = new Promise((resolve) => {
    const stop = (kind, reason) => resolve({ failure: { kind, message: reason } });
    const cancel = () => stop('cancelled', 'it was cancelled');
    const timer = setTimeout(() => stop('time', `it ran for more than ${limits.wallClockMs / 1_000} seconds`), limits.wallClockMs);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    over = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
  });
  const running = signal?.aborted ? stopped : thread ? thread.call(module, name, values, http.send) : here(module, name, values, http.send);
  const { result, failure } = await Promise.race([running, stopped]);
  http.end();
  over();
  // After a trap or a stop, nothing is known of the thread.
  if (!failure || failure.kind === 'type') thread?.release();
  else thread?.end();
  if (failure) throw errorOf(name, values, failure, http.mayHaveWritten, limits, signal);
  if (!FUNCTIONS[name].result.result) return result;
  if (result.err) throw new ConnectorError(result.err);
  return result.ok;
}

/** On the caller's thread, which goes on while the call waits for HTTP, if the engine can suspend it. */
async function here(module, name, values, send) {
  try {
    return { result: await run(module, name, values, send, canSuspend) };
  } catch (error) {
    return { failure: { kind: error instanceof TypeError ? 'type' : 'trap', message: error.message, memoryBytes: error.memoryBytes } };
  }
}

function errorOf(name, values, { kind, message, memoryBytes }, mayHaveWritten, limits, signal) {
  if (kind === 'type') return new TypeError(message);
  // A connector that is given no more memory traps: with half of the limit in use, that is what happened.
  const isMemory = kind === 'memory' || (kind === 'trap' && memoryBytes > limits.memoryBytes / 2);
  const reason = isMemory ? `it asked for more than ${limits.memoryBytes} bytes of memory` : kind === 'trap' ? `it failed: ${message}` : message;
  const mayBeRepeated = REPEATABLE.has(name) || values[1]?.reference !== undefined;
  return stoppedError(name, isMemory ? 'memory' : kind, reason, { mayHaveWritten, mayBeRepeated, cause: signal?.aborted ? signal.reason : undefined });
}
