// Threads that calls run on, so that a call can be ended whatever it does. One thread runs one call at a time.
import { MessageChannel, Worker } from 'node:worker_threads';

/** An idle thread is ended after so many milliseconds. */
const LONGEST_IDLE = 30_000;

let mostWorkers = 16;
let count = 0;
const idle = [];
const waiting = [];
let modules = 0;
const ids = new WeakMap();

/** How many calls run at once in the process; further calls wait for their turn. */
export function setMostWorkers(most) {
  if (!Number.isInteger(most) || most < 1) throw new TypeError('`workers`: a whole number from 1 is required');
  mostWorkers = most;
}

/** A thread for one call: `call` runs it, and `release` or `end` has to follow. */
export async function worker() {
  const free = idle.pop();
  if (free) return free.taken();
  if (count >= mostWorkers) return new Promise((resolve) => waiting.push(resolve));
  count += 1;
  return new Thread();
}

class Thread {
  #worker;
  #answers;
  #flag = new Int32Array(new SharedArrayBuffer(4));
  #known = new Set();
  #timer;
  #settle;
  #send;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#answers = port1;
    port1.unref();
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { answers: port2, flag: this.#flag },
      transferList: [port2],
      // Nothing of the process is handed to it.
      env: {},
      argv: [],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    this.#worker.on('message', (message) => this.#receive(message));
    this.#worker.on('error', (error) => this.#settle?.({ failure: { kind: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'trap', message: error.message } }));
    this.#worker.on('exit', () => this.#settle?.({ failure: { kind: 'trap', message: 'its thread ended' } }));
  }

  /** `{ result }`, or `{ failure: { kind, message } }`. Never rejects. */
  call(module, name, values, send) {
    if (!ids.has(module)) ids.set(module, (modules += 1));
    const id = ids.get(module);
    const isKnown = this.#known.has(id);
    this.#known.add(id);
    this.#send = send;
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#worker.postMessage({ id, module: isKnown ? undefined : module, name, values });
    });
  }

  taken() {
    clearTimeout(this.#timer);
    this.#worker.ref();
    return this;
  }

  /** The call has ended by itself: the thread takes the next one. */
  release() {
    this.#settle = undefined;
    const next = waiting.shift();
    if (next) return next(this);
    // It must not keep the process alive.
    this.#worker.unref();
    this.#timer = setTimeout(() => {
      idle.splice(idle.indexOf(this), 1);
      this.end();
    }, LONGEST_IDLE).unref();
    idle.push(this);
  }

  /** Ends the thread, whatever it does. */
  end() {
    this.#settle = undefined;
    count -= 1;
    this.#worker.terminate();
    if (waiting.length > 0) worker().then(waiting.shift());
  }

  async #receive(message) {
    if (message.requests === undefined) return this.#settle?.(message);
    const answers = await this.#send(message.requests);
    this.#answers.postMessage(answers);
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
  }
}
