// One instance of a connector, for one call. Works wherever WebAssembly does: nothing of Node.js is needed here.
import { FUNCTIONS, HTTP, SEND, SERVICE_DESK } from '../../generated/contract.js';
import { bytesOfMemory } from './text.js';
import { camel, layout } from './types.js';

/** Beyond this many words, the parameters of a function lie in memory. */
const MOST_FLAT_PARAMETERS = 16;

/** Whether a suspended call lets the thread go on (JavaScript Promise Integration). */
export const canSuspend = typeof WebAssembly.Suspending === 'function' && typeof WebAssembly.promising === 'function';

/**
 * Calls a function of a fresh instance of the module. `send` gets the requests and returns the results; if it returns a promise,
 * the environment must be able to suspend. Returns the function's result, as a promise exactly if `isAsync`.
 */
export function run(module, name, values, send, isAsync) {
  const memory = new Memory();
  const requests = layout(SEND.parameters[0][1]);
  const results = layout(SEND.result);
  const load = (address, length) => requests.lift(memory.now(), address >>> 0, length >>> 0);
  const store = (answers, at) => results.store(memory.now(), at >>> 0, answers, 'send');
  const receive = isAsync
    ? async (address, length, at) => store(await send(load(address, length)), at)
    : (address, length, at) => store(send(load(address, length)), at);
  const instance = new WebAssembly.Instance(module, { [HTTP]: { send: isAsync ? new WebAssembly.Suspending(receive) : receive } });
  memory.of(instance.exports);

  const { parameters, result } = FUNCTIONS[name];
  const flat = lowered(memory, parameters, values);
  const exported = instance.exports[`${SERVICE_DESK}#${name}`];
  // Every result is too large for a register, so that its address is returned.
  const read = (at) => layout(result).load(memory.now(), at >>> 0);
  const failed = (error) => {
    throw Object.assign(error, { memoryBytes: memory.memory.buffer.byteLength });
  };
  if (isAsync) return WebAssembly.promising(exported)(...flat).then(read).catch(failed);
  try {
    return read(exported(...flat));
  } catch (error) {
    return failed(error);
  }
}

function lowered(memory, parameters, values) {
  const types = parameters.map((it) => layout(it[1]));
  const words = [];
  const isFlat = types.reduce((sum, it) => sum + it.flat, 0) <= MOST_FLAT_PARAMETERS;
  if (isFlat) {
    types.forEach((it, index) => it.lower(memory.now(), values[index], camel(parameters[index][0]), words));
    return words;
  }
  const align = Math.max(...types.map((it) => it.align));
  const places = [];
  let end = 0;
  for (const type of types) {
    end = Math.ceil(end / type.align) * type.align;
    places.push(end);
    end += type.size;
  }
  const at = memory.allocate(Math.ceil(end / align) * align, align);
  types.forEach((it, index) => it.store(memory.now(), at + places[index], values[index], camel(parameters[index][0])));
  return [at];
}

/** The memory of an instance. Its views are made anew after it has grown. */
class Memory {
  of({ memory, cabi_realloc: realloc }) {
    this.memory = memory;
    this.realloc = realloc;
    this.now();
  }

  /** With views that are valid until the connector runs again. */
  now() {
    if (this.buffer !== this.memory.buffer) {
      this.buffer = this.memory.buffer;
      this.bytes = bytesOfMemory(this.buffer);
      this.view = new DataView(this.buffer);
    }
    return this;
  }

  allocate(size, align) {
    if (size === 0) return align;
    // An address above 2 GiB would come as a negative number.
    const at = this.realloc(0, 0, align, size) >>> 0;
    this.now();
    return at;
  }

  /** Copies bytes into the connector's memory. */
  keep(bytes) {
    const at = this.allocate(bytes.length, 1);
    this.bytes.set(bytes, at);
    return [at, bytes.length];
  }
}
