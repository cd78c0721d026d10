// Values between JavaScript's names and the JSON of cases and of `psa-host --json`, by the table of types.
import { FUNCTIONS, TYPES } from '../../generated/contract.js';
import { camel } from '../../src/abi/types.js';

/** JSON with the contract's names, as a value of the package. */
export const fromJson = (type, value) => convert(type, value, camel, (name) => name);

/** A value of the package, as JSON with the contract's names. */
export const toJson = (type, value) => convert(type, value, (name) => name, camel);

/** The arguments of a function after its settings, from the input of a case. */
export function argumentsOf(operation, input = {}) {
  const parameters = FUNCTIONS[operation].parameters.filter((it) => it[0] !== 'settings');
  const isWhole = parameters.length === 1 && parameters[0][0] !== 'id' && parameters[0][0] !== 'needed';
  return parameters.map(([name, type]) => fromJson(type, isWhole ? input : input?.[name]));
}

function convert(type, value, named, from) {
  // A case may leave out a text that a caller must give: it is empty then.
  if (value === undefined || value === null) return type === 'string' && named === camel ? '' : undefined;
  if (type.list) return value.map((it) => convert(type.list[0], it, named, from));
  if (type.option) return convert(type.option[0], value, named, from);
  const found = TYPES[type];
  if (found?.record) {
    const unknown = Object.keys(value).filter((key) => !found.record.some((it) => from(it[0]) === key));
    if (unknown.length > 0) throw new Error(`${type} has no ${unknown.join(', ')}`);
    const fields = found.record.map(([name, of]) => [named(name), convert(of, value[from(name)], named, from)]);
    return Object.fromEntries(fields.filter((it) => it[1] !== undefined));
  }
  if (found?.variant && typeof value === 'object') {
    const [name, of] = found.variant.find((it) => from(it[0]) in value);
    return { [named(name)]: convert(of, value[from(name)], named, from) };
  }
  return value;
}
