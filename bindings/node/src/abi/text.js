// Texts in a connector's memory: UTF-8. Node.js, Deno and Bun read and write them several times faster through Buffer than through
// what browsers have. A byte order mark is text like any other.

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
const hasBuffer = typeof Buffer === 'function' && typeof Buffer.prototype.utf8Slice === 'function' && typeof Buffer.prototype.utf8Write === 'function';

/** The bytes of a memory, in the form that the functions here read fastest. */
export const bytesOfMemory = (buffer) => (hasBuffer ? Buffer.from(buffer) : new Uint8Array(buffer));

/** Up to this length, ASCII is read letter by letter, which is quicker than a call out of JavaScript. */
const SHORT = hasBuffer ? 8 : 24;

const decode = hasBuffer ? (bytes, at, length) => bytes.utf8Slice(at, at + length) : (bytes, at, length) => decoder.decode(bytes.subarray(at, at + length));

/** Copies a text into the memory. Its address and its length. */
export const keepText = hasBuffer ? written : (memory, value) => memory.keep(encoder.encode(value));

function written(memory, value) {
  const length = Buffer.byteLength(value);
  const at = memory.allocate(length, 1);
  memory.bytes.utf8Write(value, at, length);
  return [at, length];
}

/** The text at a place. */
export function text(bytes, at, length) {
  if (length > SHORT) return decode(bytes, at, length);
  let found = '';
  for (let index = at; index < at + length; index += 1) {
    const byte = bytes[index];
    if (byte > 0x7f) return decode(bytes, at, length);
    found += String.fromCharCode(byte);
  }
  return found;
}
