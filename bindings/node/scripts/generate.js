// Makes two modules from the contract: `contract.js`, the types as a table that the code reads, and `contract.d.ts`, the same
// for TypeScript with the contract's documentation.
import { parseWit } from './wit.js';

const NUMBERS = new Set(['u8', 'u16', 'u32', 's32']);
/** Names that stand for what a caller writes in another form: fields and functions. */
let names = new Map();
const camel = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel(`-${name}`);

/** The two texts. */
export function generate(wit) {
  const { package: name, version, interfaces } = parseWit(wit);
  return { table: table(name, version, interfaces), types: declarations(interfaces, version) };
}

function table(name, version, interfaces) {
  const types = {};
  const functions = {};
  for (const { items } of Object.values(interfaces)) {
    for (const item of items) {
      if (item.kind === 'record') types[item.name] = { record: item.fields.map((it) => [it.name, it.type]) };
      if (item.kind === 'enum') types[item.name] = { enum: item.cases.map((it) => it.name) };
      if (item.kind === 'variant') types[item.name] = { variant: item.cases.map((it) => (it.type ? [it.name, it.type] : [it.name])) };
    }
  }
  for (const item of interfaces['service-desk'].items.filter((it) => it.kind === 'function')) {
    functions[item.name] = { parameters: item.parameters.map((it) => [it.name, it.type]), result: item.result };
  }
  const send = interfaces.http.items.find((it) => it.name === 'send');
  return [
    '// Generated from connector.wit: do not edit.',
    `export const VERSION = ${JSON.stringify(version)};`,
    `export const HTTP = ${JSON.stringify(`${name}/http@${version}`)};`,
    `export const SERVICE_DESK = ${JSON.stringify(`${name}/service-desk@${version}`)};`,
    `export const SEND = ${JSON.stringify({ parameters: send.parameters.map((it) => [it.name, it.type]), result: send.result })};`,
    `export const FUNCTIONS = ${lines(functions)};`,
    `export const TYPES = ${lines(types)};`,
    '',
  ].join('\n');
}

/** An object with a line for each of its members. */
const lines = (object) => `{\n${Object.entries(object).map((it) => `  ${JSON.stringify(it[0])}: ${JSON.stringify(it[1])},\n`).join('')}}`;

function declarations(interfaces, version) {
  const items = Object.values(interfaces).flatMap((it) => it.items);
  const fields = items.flatMap((it) => (it.kind === 'function' ? [it] : (it.fields ?? [])));
  names = new Map(fields.map(({ name }) => [name, camel(name)]));
  const text = [`// Generated from connector.wit, version ${version}: do not edit.`, ''];
  for (const { items } of Object.values(interfaces)) {
    for (const item of items.filter((it) => it.kind !== 'function')) text.push(...declaration(item), '');
  }
  const desk = interfaces['service-desk'];
  const functions = desk.items.filter((it) => it.kind === 'function');
  const send = interfaces.http.items.find((it) => it.name === 'send');
  text.push(
    ...comment(send.docs, ''),
    'export type Send = (requests: Request[]) => SendResult[] | Promise<SendResult[]>;',
    '',
    '/** What came of one request. */',
    'export type SendResult = { ok: Response } | { err: Failure };',
    '',
    ...comment(`${desk.docs}\n\nThe methods that a tenant has: its settings are given once. Each rejects with a ConnectorError.`, ''),
    'export interface ServiceDesk<Options> {',
  );
  for (const item of functions.filter((it) => it.name !== 'describe')) {
    const parameters = item.parameters.filter((it) => it.name !== 'settings').map(parameter);
    text.push(...comment(item.docs, '  '), `  ${camel(item.name)}(${[...parameters, 'options?: Options'].join(', ')}): Promise<${typeOf(okOf(item.result))}>;`);
  }
  text.push('}', '');
  return text.join('\n');
}

/** A query without fields, and which operations are needed, may be left out. */
function parameter({ name, type }) {
  const mayBeAbsent = name === 'needed' || type === 'company-query';
  return `${camel(name)}${mayBeAbsent ? '?' : ''}: ${typeOf(type)}`;
}

const okOf = (result) => result.result?.[0] ?? result;

function declaration(item) {
  const head = comment(item.docs, '');
  const name = pascal(item.name);
  if (item.kind === 'record') {
    const fields = item.fields.flatMap((it) => [...comment(it.docs, '  '), `  ${fieldOf(item.name, it)};`]);
    return [...head, `export interface ${name} {`, ...fields, '}'];
  }
  const cases = item.cases.flatMap((it) => [...comment(it.docs, '  '), `  | ${caseOf(it)}`]);
  return [...head, `export type ${name} =`, ...cases.slice(0, -1), `${cases.at(-1)};`];
}

const caseOf = (it) => (it.type ? `{ ${camel(it.name)}: ${typeOf(it.type)} }` : `'${it.name}'`);

/** Of what a caller gives, lists may be left out, and so may the one truth value of a query: nothing is meant. */
function fieldOf(record, { name, type }) {
  const isGiven = /-(draft|query|change)$/.test(record);
  if (type.option) return `${camel(name)}?: ${typeOf(type.option[0])} | undefined`;
  const mayBeAbsent = isGiven && ((type.list && name !== 'status-ids') || type === 'bool');
  return `${camel(name)}${mayBeAbsent ? '?' : ''}: ${typeOf(type)}`;
}

function typeOf(type) {
  if (type === 'bool') return 'boolean';
  if (type === 'string') return 'string';
  if (NUMBERS.has(type)) return 'number';
  if (typeof type === 'string') return pascal(type);
  if (type.list?.[0] === 'u8') return 'Uint8Array';
  if (type.list) return type.list[0].tuple ? `[${type.list[0].tuple.map(typeOf).join(', ')}][]` : `${typeOf(type.list[0])}[]`;
  throw new Error(`no TypeScript for ${JSON.stringify(type)}`);
}

/** Names in the contract's form become those of TypeScript where they are quoted as code. */
function comment(docs, indent) {
  if (!docs) return [];
  const text = docs.replace(/`([a-z0-9.-]+)`/g, (_, code) => `\`${inTypeScript(code)}\``).replaceAll('*/', '*\\/');
  const lines = text.split('\n');
  if (lines.length === 1) return [`${indent}/** ${text} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

function inTypeScript(code) {
  const [type, field] = code.split('.');
  return field === undefined ? (names.get(code) ?? code) : `${pascal(type)}.${camel(field)}`;
}
