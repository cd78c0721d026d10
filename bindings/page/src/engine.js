// Runs a connector on a recording, in the page: at once, since a recording answers at once.
import { FUNCTIONS } from '../../node/generated/contract.js';
import { compile } from '../../node/src/abi/component.js';
import { run } from '../../node/src/abi/instance.js';
import { Replay } from '../../node/src/replay/replay.js';

const MEMORY_BYTES = 128 << 20;
const modules = new Map();

async function moduleOf({ name, component }) {
  if (!modules.has(name)) {
    const bytes = Uint8Array.from(atob(component), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    modules.set(name, compile(new Uint8Array(await new Response(plain).arrayBuffer()), MEMORY_BYTES));
  }
  return modules.get(name);
}

/** What the connector can do and needs to know. */
export const describe = async (vendor) => run(await moduleOf(vendor), 'describe', [], () => [], false);

/** `{ ok }` or `{ err }`, with the exchanges, the time in milliseconds, and what the recording lacked. */
export async function call(vendor, name, values, settings, recording) {
  const module = await moduleOf(vendor);
  const replay = new Replay(recording, settings);
  const exchanges = [];
  const send = (requests) => {
    const answers = replay.send(requests);
    requests.forEach((request, index) => exchanges.push({ round: replay.rounds.length, request, answer: answers[index] }));
    return answers;
  };
  const started = performance.now();
  const outcome = run(module, name, [settings, ...values], send, false);
  return { ...outcome, exchanges, milliseconds: performance.now() - started, unmatched: replay.unmatched() };
}

/** The functions that take the settings of a tenant. */
export const functions = Object.keys(FUNCTIONS).filter((name) => name !== 'describe');

/** The arguments of a function after its settings, from JSON that a person wrote. */
export function argumentsOf(name, input) {
  const parameters = FUNCTIONS[name].parameters.slice(1).map((it) => it[0]);
  if (parameters.length === 0) return [];
  const isNamed = parameters.length > 1 || ['id', 'needed'].includes(parameters[0]);
  return isNamed ? parameters.map((it) => input[it.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase())]) : [input];
}
