// Tries the package in other versions of Node.js, in Deno and in Bun: `npm ci` in this folder gets them. Ends with 1 if one of
// them does less than it is known to do.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const node = (version) => [here(`node_modules/node-${version}/bin/node`)];
const ALL = { 'recorded, worker': '5120', 'recorded, none': '5120', stopped: 'time', 'live, worker': 'Riverside', 'live, none': 'Riverside' };
const NEEDS_24 = { ...ALL, 'live, none': /needs Node.js 24/ };

const runtimes = {
  'Node.js 22': [node(22), NEEDS_24],
  'Node.js 24': [node(24), ALL],
  'Node.js 26': [node(26), ALL],
  Deno: [[here('node_modules/.bin/deno'), 'run', '--allow-all', '--quiet'], ALL],
  Bun: [[here('node_modules/.bin/bun'), 'run'], ALL],
};

// The conformance kit for hosts, with calls on the thread of their caller.
const kit = [here('../../../target/debug/psa-host'), 'conform-host', '--json', '--patience', '6', '--'];
for (const version of [24, 26]) {
  const [program, ...words] = [...kit, ...node(version), here('../test/hosts/host.js'), 'none'];
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8', timeout: 150_000 });
  const notKept = JSON.parse(stdout).outcomes.filter((it) => it.state !== 'kept');
  console.log(`Node.js ${version}: ${notKept.length} duties of a host not kept`);
  if (status === 0 && notKept.length === 0) continue;
  console.error(notKept);
  process.exitCode = 1;
}

for (const [name, [[command, ...words], expected]] of Object.entries(runtimes)) {
  const out = execFileSync(command, [...words, here('smoke.js')], { encoding: 'utf8', timeout: 120_000 });
  const found = JSON.parse(out.trim().split('\n').at(-1));
  console.log(`${name}: ${JSON.stringify(found)}`);
  for (const [what, value] of Object.entries(expected)) {
    if (value instanceof RegExp ? value.test(found[what]) : value === found[what]) continue;
    console.error(`${name}: ${what}: expected ${value}, found ${found[what]}`);
    process.exitCode = 1;
  }
}
