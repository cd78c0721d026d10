// What is inside of a component's file: the core module that computes, checked to import HTTP and nothing else, with a limit
// on its memory. A component of the contract has one such module; what the others in it do, `instance.js` does.
import { FUNCTIONS, HTTP, SERVICE_DESK } from '../../generated/contract.js';

const PAGE = 65_536;
const CORE_MODULE = 1;
const MEMORY = 5;

/** The compiled core module of a component. It never has more than so many bytes of memory. */
export function compile(component, memoryBytes) {
  const module = new WebAssembly.Module(withMemoryLimit(coreModule(component), Math.floor(memoryBytes / PAGE)));
  const imports = WebAssembly.Module.imports(module).map((it) => `${it.module} ${it.name}`);
  const others = imports.filter((it) => it !== `${HTTP} send`);
  if (others.length > 0) throw new Error(`the component imports more than ${HTTP}: ${others.join(', ')}`);
  const exports = new Set(WebAssembly.Module.exports(module).map((it) => it.name));
  const missing = Object.keys(FUNCTIONS).filter((it) => !exports.has(`${SERVICE_DESK}#${it}`));
  if (missing.length > 0) throw new Error(`the component does not export ${SERVICE_DESK} with ${missing.join(', ')}`);
  return module;
}

function coreModule(component) {
  const isComponent = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0].every((byte, index) => component[index] === byte);
  if (!isComponent) throw new Error('this file is not a WebAssembly component');
  const modules = sections(component).filter((it) => it.id === CORE_MODULE);
  if (modules.length === 0) throw new Error('the component has no core module');
  const largest = modules.reduce((one, other) => (other.end - other.start > one.end - one.start ? other : one));
  return component.subarray(largest.start, largest.end);
}

/** The module with a maximum in the declaration of its one memory. */
function withMemoryLimit(module, pages) {
  const memory = sections(module).find((it) => it.id === MEMORY);
  if (memory === undefined) throw new Error('the component has no memory of its own');
  const [, flagsAt] = number(module, memory.start);
  const [minimum, afterMinimum] = number(module, flagsAt + 1);
  const declared = module[flagsAt] & 1 ? number(module, afterMinimum)[0] : 65_536;
  if (module[flagsAt] > 1) throw new Error('the component has a shared memory or one of 64 bits');
  if (minimum > pages) throw new Error(`the component needs ${minimum * PAGE} bytes of memory at least: raise the limit \`memoryBytes\``);
  const body = [1, 1, ...encoded(minimum), ...encoded(Math.min(pages, declared))];
  const section = [MEMORY, ...encoded(body.length), ...body];
  const limited = new Uint8Array(memory.from + section.length + module.length - memory.end);
  limited.set(module.subarray(0, memory.from));
  limited.set(section, memory.from);
  limited.set(module.subarray(memory.end), memory.from + section.length);
  return limited;
}

/** Each section: its id, where it begins with its id, and its content. */
function sections(binary) {
  const found = [];
  let at = 8;
  while (at < binary.length) {
    const [length, start] = number(binary, at + 1);
    found.push({ id: binary[at], from: at, start, end: start + length });
    at = start + length;
  }
  return found;
}

/** A number in LEB128, and what comes after it. */
function number(binary, start) {
  let value = 0;
  for (let at = start, shift = 1; at < binary.length && at < start + 5; at += 1, shift *= 128) {
    value += (binary[at] & 0x7f) * shift;
    if (binary[at] < 0x80) return [value, at + 1];
  }
  throw new Error('this file is not a WebAssembly component: it ends within a number');
}

function encoded(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}
