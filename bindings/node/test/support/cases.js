// Runs cases: a file each, with settings, input, exchanges and what is expected. `node test/support/cases.js FOLDER …` runs those
// of folders and says which differ.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FUNCTIONS } from '../../generated/contract.js';
import { run } from '../../src/abi/instance.js';
import { replayOfFile } from '../../src/replay/file.js';
import { pairs } from '../../src/replay/recording.js';
import { moduleOf } from './components.js';
import { argumentsOf, toJson } from './json.js';

/** The files of cases in a folder and those below it. Exchanges that cases share are none. */
export function caseFiles(folder) {
  const found = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = found.filter((it) => it.isFile() && it.name.endsWith('.json') && basename(it.parentPath ?? it.path) !== '_shared');
  return files.map((it) => join(it.parentPath ?? it.path, it.name)).sort();
}

/** What is not as expected. */
export function runCase(vendor, file) {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  const settings = pairs(document.settings).map(([name, value]) => ({ name, value }));
  const replay = replayOfFile(file, settings);
  const { parameters, result } = FUNCTIONS[document.operation];
  const values = argumentsOf(document.operation, document.input);
  const outcome = run(moduleOf(vendor), document.operation, parameters.some((it) => it[0] === 'settings') ? [settings, ...values] : values, replay.send, false);
  const json = result.result
    ? 'ok' in outcome ? { ok: toJson(result.result[0], outcome.ok) } : { err: toJson(result.result[1], outcome.err) }
    : { ok: toJson(result, outcome) };
  const rounds = replay.rounds.length === document.rounds ? [] : [`expected ${document.rounds} rounds, found ${replay.rounds.length}`];
  return [...mismatches('', document.expect, json), ...replay.unmatched(), ...replay.leftOver(), ...rounds];
}

const isNothing = (value) => value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** What is mentioned must match, what is not must be nothing, and text between two `…` must be contained. */
export function mismatches(path, expected, actual) {
  if (isNothing(expected) && isNothing(actual)) return [];
  if (typeof expected === 'string' && typeof actual === 'string') {
    const part = /^…(.*)…$/s.exec(expected)?.[1];
    if (part === undefined ? expected === actual : actual.includes(part)) return [];
  } else if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length === actual.length) return expected.flatMap((it, index) => mismatches(`${path}[${index}]`, it, actual[index]));
  } else if (expected !== null && actual !== null && typeof expected === 'object' && typeof actual === 'object') {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) => mismatches(`${path}.${name}`, expected[name], actual[name]));
  } else if (expected === actual) {
    return [];
  }
  return [`${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of process.argv.slice(2)) {
    const files = caseFiles(folder);
    let failed = 0;
    for (const file of files) {
      const found = runCase(basename(folder), file);
      if (found.length > 0) console.log(`${file}\n  ${found.join('\n  ')}`);
      failed += found.length > 0 ? 1 : 0;
    }
    console.log(`${folder}: ${files.length} cases, ${failed} failed`);
    if (failed > 0 || files.length === 0) process.exitCode = 1;
  }
}
