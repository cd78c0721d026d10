// One attempt: a request is handed to a connection, and its response is read within the limits. Never rejects.
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { bodyOf, bytesOf } from './body.js';
import { failed, interrupted, ofConnecting, ofExchange, tooLarge } from './failure.js';
import { received } from './headers.js';

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** What came of it: `{ ok: response }` or `{ err: failure, isPassing }`. `bytesLeft` is what the call may still read. */
export function exchange(agent, request, { headers, name, limits, bytesLeft, endsAt, timeLimit, signal }) {
  const url = new URL(request.url);
  return new Promise((resolve) => {
    let controller;
    let isSettled = false;
    let response;
    let body;
    const settle = (outcome) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', late);
      resolve(outcome);
      if (outcome.err) {
        body?.end();
        controller?.abort(new Error('the response is not wanted any more'));
      }
    };
    const late = () => {
      const within = timeLimit === undefined ? 'the time of this call' : `${timeLimit / 1_000} seconds`;
      // If it has not begun by now, it never will: see `onRequestStart`.
      settle(failed('timed-out', `https://${name} gave no complete response within ${within}`, controller !== undefined));
    };
    const timer = setTimeout(late, Math.max(0, endsAt - performance.now()));
    signal?.addEventListener('abort', late, { once: true });

    const handler = {
      /** The request is written to its connection after this, and not before. */
      onRequestStart(given) {
        controller = given;
        if (isSettled) given.abort(new Error('its time is over'));
      },
      onResponseStart(given, status) {
        if (isSettled || status < 200) return;
        if (status > 599) return settle(interrupted(`https://${name} answered with status ${status}, which is none`));
        const list = received(given.rawHeaders ?? [], limits);
        if (!list) return settle(tooLarge('the headers of the response pass the limits `headerCount` or `headerBytes`'));
        const encodings = list.filter((it) => it[0] === 'content-encoding').flatMap((it) => it[1].split(','));
        const encoded = encodings.map((it) => it.trim().toLowerCase()).filter((it) => it !== '' && it !== 'identity');
        if (encoded.some((it) => !DECODERS[it])) return settle(interrupted(`https://${name} answered in the encoding ${encoded.join(', ')}, which was not asked for`));
        const ofTheWire = encoded.length > 0 ? ['content-encoding', 'content-length'] : [];
        response = { status, headers: list.filter((it) => !ofTheWire.includes(it[0])) };
        body = new BodyReader(encoded, limits, bytesLeft, (problem) => settle(problem));
      },
      onResponseData: (_, chunk) => body?.write(chunk),
      onResponseEnd() {
        body?.finish((bytes) => settle({ ok: { ...response, body: bodyOf(bytes) } }));
      },
      onResponseError(_, error) {
        settle(controller === undefined ? ofConnecting(error, name) : ofExchange(error, name, response !== undefined));
      },
    };
    try {
      const sent = request.body === undefined ? null : Buffer.from(bytesOf(request.body));
      agent.dispatch({ origin: url.origin, path: url.pathname + url.search, method: request.method, headers, body: sent }, handler);
    } catch (error) {
      settle(ofConnecting(error, name));
    }
  });
}

/** Collects a body without its encodings, until a limit is passed. */
class BodyReader {
  #chunks = [];
  #size = 0;
  #decoders;
  #isOver = false;

  constructor(encodings, limits, bytesLeft, fail) {
    const stop = (problem) => {
      this.end();
      fail(problem);
    };
    this.#decoders = encodings.reverse().map((it) => DECODERS[it]());
    this.keep = (chunk) => {
      if (this.#isOver) return;
      this.#size += chunk.length;
      if (this.#size > limits.responseBytes) return stop(tooLarge(`the response has more than ${limits.responseBytes} bytes, the limit \`responseBytes\``));
      if (!bytesLeft.take(chunk.length)) return stop(tooLarge(`the bodies of this call have more than ${limits.callBytes} bytes, the limit \`callBytes\``));
      this.#chunks.push(chunk);
    };
    this.#decoders.forEach((decoder, index) => {
      decoder.on('error', () => stop(interrupted('the body of the response is not in the encoding that it says')));
      const next = this.#decoders[index + 1];
      if (next) decoder.pipe(next);
      else decoder.on('data', this.keep);
    });
  }

  write(chunk) {
    if (this.#isOver) return;
    if (this.#decoders.length > 0) this.#decoders[0].write(chunk);
    else this.keep(chunk);
  }

  finish(done) {
    if (this.#isOver) return;
    const whole = () => this.#isOver || done(Buffer.concat(this.#chunks));
    if (this.#decoders.length === 0) return whole();
    this.#decoders.at(-1).on('end', whole);
    this.#decoders[0].end();
  }

  end() {
    this.#isOver = true;
    this.#decoders.forEach((it) => it.destroy());
  }
}

/** How many bytes a call may still send and read. */
export class BytesLeft {
  #left;

  constructor(bytes) {
    this.#left = bytes;
  }

  /** Takes them whole. If they do not fit, none are left for anything else. */
  take(bytes) {
    const fits = bytes <= this.#left;
    this.#left = fits ? this.#left - bytes : -1;
    return fits;
  }
}
