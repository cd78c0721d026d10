// The one class of errors that calls reject with.

/** What a program branches on is `code`. The other members are those of the contract's `connector-error`. */
export class ConnectorError extends Error {
  name = 'ConnectorError';

  constructor({ code, message, fieldErrors = [], permissionIds = [], ticketIds = [], ...rest }, options) {
    super(message, options);
    Object.assign(this, { code, fieldErrors, permissionIds, ticketIds }, rest);
  }
}

/** Least time to wait before a write in doubt is asked for again: the PSA may still be writing it. */
const RETRY_AFTER_DOUBT_SECONDS = 60;

const ADVICE = {
  memory: 'Raise the limit `memoryBytes`, or ask for less at once.',
  time: 'Raise the limit `wallClockMs`, or ask for less at once.',
  cancelled: 'Repeat it when it is wanted again.',
  trap: 'This is a defect of the connector: report it to its author.',
};

/** Of a call that was stopped: `stopped` says by what. If a write may have happened, its outcome is unknown. */
export function stoppedError(name, stopped, reason, { mayHaveWritten, mayBeRepeated, cause }) {
  const ended = `the connector was stopped in \`${name}\`: ${reason}`;
  if (!mayHaveWritten) return new ConnectorError({ code: 'unavailable', message: `${ended}. Nothing was written`, hint: ADVICE[stopped], stopped }, { cause });
  const hint = mayBeRepeated ? 'Repeat the same call after the time given: it finds what was written.' : 'Look in the PSA first: without a reference, a repeated call may write a second time.';
  return new ConnectorError({ code: 'outcome-unknown', message: `a write was sent to the PSA, then ${ended}`, hint, retryAfterSeconds: RETRY_AFTER_DOUBT_SECONDS, stopped }, { cause });
}
