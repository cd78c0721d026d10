// Components that do what no connector should: each export loops, traps, takes memory without end, or sends a write and loops.
// They are put together here, byte for byte, since no compiler is at hand.
import { FUNCTIONS, HTTP, SEND, SERVICE_DESK } from '../../generated/contract.js';
import { bytesOfMemory } from '../../src/abi/text.js';
import { layout } from '../../src/abi/types.js';

const I32 = 0x7f;
const number = (value) => (value < 128 ? [value] : [(value % 128) | 0x80, ...number(Math.floor(value / 128))]);
const text = (value) => [...number(Buffer.byteLength(value)), ...Buffer.from(value)];
const list = (items) => [...number(items.length), ...items.flat()];
const section = (id, content) => [id, ...number(content.length), ...content];

const UNREACHABLE = [0x00];
const LOOP = [0x03, 0x40, 0x0c, 0, 0x0b, ...UNREACHABLE];
/** Grows by 32 pages until there are no more. */
const GROW = [0x03, 0x40, 0x41, 32, 0x40, 0, 0x41, 0x7f, 0x47, 0x0d, 0, 0x0b, ...UNREACHABLE];
/** `send(DATA, 1, 1000)`. */
const DATA = 2048;
const signed = (value) => (value < 64 ? [value] : [(value % 128) | 0x80, ...signed(Math.floor(value / 128))]);
const SEND_IT = [0x41, ...signed(DATA), 0x41, 1, 0x41, ...signed(1000), 0x10, 0];

const BODIES = { loop: LOOP, trap: UNREACHABLE, memory: GROW, 'write-and-loop': [...SEND_IT, ...LOOP], 'write-and-trap': [...SEND_IT, ...UNREACHABLE], twice: [...SEND_IT, ...SEND_IT, ...LOOP] };

/** The component whose functions all do this. */
export function misbehaving(what, request) {
  const memory = new Bytes(DATA);
  layout(SEND.parameters[0][1].list[0]).store(memory, memory.allocate(64, 4), request ?? write, 'request');
  const described = new Bytes(8192);
  const description = layout('connector-description');
  const at = described.allocate(description.size, 4);
  description.store(described, at, descriptionOf('Misbehaving PSA'), 'description');

  const names = Object.keys(FUNCTIONS);
  const body = (code) => {
    const whole = [0, ...code, 0x0b];
    return [...number(whole.length), ...whole];
  };
  const module = [
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, list([[0x60, 3, I32, I32, I32, 0], [0x60, 0, 1, I32], [0x60, 4, I32, I32, I32, I32, 1, I32], ...parameterTypes(names)])),
    ...section(2, list([[...text(HTTP), ...text('send'), 0, 0]])),
    ...section(3, list([[2], ...names.map((_, index) => number(index + 3))])),
    ...section(5, list([[0, 2]])),
    ...section(7, list([[...text('memory'), 2, 0], [...text('cabi_realloc'), 0, 1], ...names.map((name, index) => [...text(`${SERVICE_DESK}#${name}`), 0, ...number(index + 2)])])),
    // Whatever is given lies at 20,000: nothing reads it.
    ...section(10, list([body([0x41, ...signed(20_000)]), ...names.map((name) => body(name === 'describe' ? [0x41, ...signed(at)] : BODIES[what]))])),
    ...section(11, list([memory, described].map((it) => [0, 0x41, ...signed(it.start), 0x0b, ...list([...it.used()].map((byte) => [byte]))]))),
  ];
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, ...section(1, module)]);
}

export const write = { method: 'POST', url: 'https://psa.example/tickets', headers: [], body: { text: '{}' }, isWrite: true, isSecret: false };

function parameterTypes(names) {
  return names.map((name) => {
    const flat = FUNCTIONS[name].parameters.reduce((sum, it) => sum + layout(it[1]).flat, 0);
    const count = flat > 16 ? 1 : flat;
    return [0x60, ...list(new Array(count).fill([I32])), 1, I32];
  });
}

function descriptionOf(vendor) {
  const setting = { name: 'site', label: 'Site', help: '', kind: 'host', choices: [], isRequired: true, suppliedBy: 'customer' };
  return { vendor, version: '1', operations: [], settings: [setting], permissions: [], inputFields: [], pacing: {}, vendorDomains: ['vendor.example'], properties: [] };
}

/** Memory that is written before there is an instance. */
class Bytes {
  constructor(start) {
    this.start = start;
    this.end = start;
    const buffer = new ArrayBuffer(65_536);
    this.bytes = bytesOfMemory(buffer);
    this.view = new DataView(buffer);
  }

  allocate(size, align) {
    const at = Math.ceil(this.end / align) * align;
    this.end = at + size;
    return at;
  }

  keep(bytes) {
    const at = this.allocate(bytes.length, 1);
    this.bytes.set(bytes, at);
    return [at, bytes.length];
  }

  used() {
    return this.bytes.subarray(this.start, this.end);
  }
}
