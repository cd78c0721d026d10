// How values of the contract's types lie in a connector's memory (the component model's canonical ABI), made from the table of
// types. Nothing is known here of any type in particular.
//
// In JavaScript, a record is an object with names in camelCase, an option that is none an absent member, an enum its name, a
// case with a value `{ case: value }`, and one without a value its name. `list<u8>` is a Uint8Array.
import { TYPES } from '../../generated/contract.js';
import { keepText, text } from './text.js';

export const camel = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const aligned = (at, to) => Math.ceil(at / to) * to;


const made = new Map();

/**
 * The layout of a type: `size` and `align`, `flat` (how many i32 it takes as a parameter), `load(memory, at)`,
 * `store(memory, at, value, path)` and `lower(memory, value, path, into)`, which appends what a function is given.
 */
export function layout(type) {
  const key = typeof type === 'string' ? type : JSON.stringify(type);
  if (!made.has(key)) made.set(key, make(type));
  return made.get(key);
}

function make(type) {
  if (typeof type === 'string') return scalars[type] ?? named(type);
  if (type.list) return type.list[0] === 'u8' ? bytes : list(layout(type.list[0]));
  if (type.tuple) return tuple(type.tuple.map(layout));
  if (type.option) return option(layout(type.option[0]));
  if (type.result) return variant(['ok', 'err'].map((name, index) => [name, type.result[index]]), 'a result');
  throw new Error(`the contract has a type that is not known here: ${JSON.stringify(type)}`);
}

function named(name) {
  const found = TYPES[name];
  if (found.record) return record(name, found.record);
  if (found.enum) return variant(found.enum.map((it) => [it]), name);
  return variant(found.variant, name);
}

export const wrong = (path, expected, value) => new TypeError(`\`${path}\`: ${expected} is required, not ${shown(value)}`);

function shown(value) {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
}

function number(size, least, most, read, write) {
  const check = (value, path) => {
    if (!Number.isInteger(value) || value < least || value > most) throw wrong(path, `a whole number from ${least} to ${most}`, value);
    return value;
  };
  return {
    size,
    align: size,
    flat: 1,
    load: (memory, at) => memory.view[read](at, true),
    store: (memory, at, value, path) => memory.view[write](at, check(value, path), true),
    lower: (memory, value, path, into) => into.push(check(value, path)),
  };
}

const truth = (value, path) => {
  if (typeof value !== 'boolean' && value !== undefined) throw wrong(path, 'true or false', value);
  return value ? 1 : 0;
};

const scalars = {
  u8: number(1, 0, 0xff, 'getUint8', 'setUint8'),
  u16: number(2, 0, 0xffff, 'getUint16', 'setUint16'),
  u32: number(4, 0, 0xffffffff, 'getUint32', 'setUint32'),
  s32: number(4, -0x80000000, 0x7fffffff, 'getInt32', 'setInt32'),
  bool: {
    size: 1,
    align: 1,
    flat: 1,
    load: (memory, at) => memory.bytes[at] !== 0,
    store: (memory, at, value, path) => (memory.bytes[at] = truth(value, path)),
    lower: (memory, value, path, into) => into.push(truth(value, path)),
  },
  string: sequence(
    (memory, at, length) => text(memory.bytes, at, length),
    (memory, value, path) => {
      if (typeof value !== 'string') throw wrong(path, 'a text', value);
      return keepText(memory, value);
    },
  ),
};

/** What lies elsewhere in memory: its address and its length. */
function sequence(read, write) {
  return {
    size: 8,
    align: 4,
    flat: 2,
    lift: read,
    load: (memory, at) => read(memory, memory.view.getUint32(at, true), memory.view.getUint32(at + 4, true)),
    store(memory, at, value, path) {
      const [address, length] = write(memory, value, path);
      memory.view.setUint32(at, address, true);
      memory.view.setUint32(at + 4, length, true);
    },
    lower: (memory, value, path, into) => into.push(...write(memory, value, path)),
  };
}

const bytes = sequence(
  (memory, at, length) => Uint8Array.prototype.slice.call(memory.bytes, at, at + length),
  (memory, value, path) => {
    if (!(value instanceof Uint8Array)) throw wrong(path, 'a Uint8Array', value);
    return memory.keep(value);
  },
);

function list(element) {
  const stride = aligned(element.size, element.align);
  return sequence(
    (memory, at, length) => {
      const found = new Array(length);
      for (let index = 0; index < length; index += 1) found[index] = element.load(memory, at + index * stride);
      return found;
    },
    (memory, value, path) => {
      if (value === undefined) return [element.align, 0];
      if (!Array.isArray(value)) throw wrong(path, 'a list', value);
      const at = memory.allocate(value.length * stride, element.align);
      value.forEach((it, index) => element.store(memory, at + index * stride, it, `${path}[${index}]`));
      return [at, value.length];
    },
  );
}

/** Where the fields lie, and the size of the whole. */
function places(fields) {
  const align = Math.max(1, ...fields.map((it) => it.align));
  let end = 0;
  const at = fields.map((it) => {
    const place = aligned(end, it.align);
    end = place + it.size;
    return place;
  });
  return { at, align, size: aligned(end, align), flat: fields.reduce((sum, it) => sum + it.flat, 0) };
}

function tuple(fields) {
  const { at, ...measures } = places(fields);
  const checked = (value, path) => {
    if (!Array.isArray(value) || value.length !== fields.length) throw wrong(path, `a list of ${fields.length}`, value);
    return value;
  };
  return {
    ...measures,
    load: (memory, start) => fields.map((it, index) => it.load(memory, start + at[index])),
    store: (memory, start, value, path) => checked(value, path).forEach((it, index) => fields[index].store(memory, start + at[index], it, `${path}[${index}]`)),
    lower: (memory, value, path, into) => checked(value, path).forEach((it, index) => fields[index].lower(memory, it, `${path}[${index}]`, into)),
  };
}

function record(name, members) {
  const names = members.map((it) => camel(it[0]));
  const fields = members.map((it) => layout(it[1]));
  const { at, ...measures } = places(fields);
  const checked = (value, path) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw wrong(path, 'an object', value);
    for (const key in value) {
      if (!names.includes(key)) throw new TypeError(`\`${path}.${key}\` is not a field of ${name}: the fields are ${names.join(', ')}`);
    }
    return value;
  };
  return {
    ...measures,
    load(memory, start) {
      const found = {};
      for (let index = 0; index < fields.length; index += 1) {
        const value = fields[index].load(memory, start + at[index]);
        if (value !== undefined) found[names[index]] = value;
      }
      return found;
    },
    store(memory, start, value, path) {
      checked(value, path);
      fields.forEach((it, index) => it.store(memory, start + at[index], value[names[index]], `${path}.${names[index]}`));
    },
    lower(memory, value, path, into) {
      checked(value, path);
      fields.forEach((it, index) => it.lower(memory, value[names[index]], `${path}.${names[index]}`, into));
    },
  };
}

function option(some) {
  const start = some.align;
  const isNone = (value) => value === undefined || value === null;
  return {
    align: some.align,
    size: aligned(start + some.size, some.align),
    flat: 1 + some.flat,
    load: (memory, at) => (memory.bytes[at] === 0 ? undefined : some.load(memory, at + start)),
    store(memory, at, value, path) {
      memory.bytes[at] = isNone(value) ? 0 : 1;
      if (!isNone(value)) some.store(memory, at + start, value, path);
    },
    lower(memory, value, path, into) {
      into.push(isNone(value) ? 0 : 1);
      if (isNone(value)) fill(into, some.flat);
      else some.lower(memory, value, path, into);
    },
  };
}

/** Variants, enums and results: at most 256 cases, so that one byte tells which. */
function variant(cases, what) {
  const names = cases.map((it) => it[0]);
  const keys = names.map(camel);
  const payloads = cases.map((it) => (it[1] === undefined ? undefined : layout(it[1])));
  const known = payloads.filter((it) => it !== undefined);
  const align = Math.max(1, ...known.map((it) => it.align));
  const size = Math.max(0, ...known.map((it) => it.size));
  const flat = Math.max(0, ...known.map((it) => it.flat));
  const which = (value, path) => {
    const isName = typeof value === 'string';
    const index = isName ? names.indexOf(value) : keys.indexOf(Object.keys(value ?? {})[0]);
    if (index < 0 || isName !== (payloads[index] === undefined)) {
      const forms = names.map((name, at) => (payloads[at] === undefined ? `'${name}'` : `{ ${keys[at]}: … }`));
      throw wrong(path, `one of ${forms.join(', ')}`, isName ? undefined : value);
    }
    return index;
  };
  return {
    align,
    size: aligned(aligned(1, align) + size, align),
    flat: 1 + flat,
    load(memory, at) {
      const index = memory.bytes[at];
      if (index >= names.length) throw new Error(`the connector returned ${what} with case ${index}, which does not exist`);
      return payloads[index] === undefined ? names[index] : { [keys[index]]: payloads[index].load(memory, at + align) };
    },
    store(memory, at, value, path) {
      const index = which(value, path);
      memory.bytes[at] = index;
      payloads[index]?.store(memory, at + align, value[keys[index]], `${path}.${keys[index]}`);
    },
    lower(memory, value, path, into) {
      const index = which(value, path);
      into.push(index);
      payloads[index]?.lower(memory, value[keys[index]], `${path}.${keys[index]}`, into);
      fill(into, flat - (payloads[index]?.flat ?? 0));
    },
  };
}

function fill(into, count) {
  for (let index = 0; index < count; index += 1) into.push(0);
}
