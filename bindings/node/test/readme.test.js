// The examples of the README run, from an empty folder with the package installed from its archive; its types hold; and each
// archive keeps its size.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pack } from '../scripts/pack.js';
import { repository, VENDORS } from './support/components.js';

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'psa-'));
after(() => rmSync(folder, { recursive: true }));

/** One connector may have 320 KB, all three together three times that. */
const MOST_BYTES = 320_000;

/** A package as `npm install` leaves it, with the dependencies that are installed here. */
function installed(archive, name) {
  const modules = join(mkdtempSync(join(folder, 'app-')), 'node_modules');
  const to = join(modules, name);
  mkdirSync(to, { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', to, '--strip-components=1']);
  symlinkSync(here('node_modules/undici'), join(modules, 'undici'));
  return dirname(modules);
}

const run = (cwd, ...words) => execFileSync(process.execPath, words, { cwd, encoding: 'utf8' });

test('the types hold, and so do the mistakes that they find', () => {
  execFileSync(process.execPath, [here('node_modules/typescript/bin/tsc'), '-p', here('.')], { encoding: 'utf8' });
});

test('the package of all connectors runs the example of the README and its own', () => {
  const archive = pack(folder);
  const app = installed(archive, 'psa-connector');
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(here('README.md'), 'utf8'));
  writeFileSync(join(app, 'readme.mjs'), example);
  assert.equal(run(app, 'readme.mjs'), 'created 5120\n');
  assert.equal(run(app, 'node_modules/psa-connector/example/first-ticket.js'), 'Ticket 5120 (created): Blocked domain\n');
  assert.ok(statSync(archive).size <= 3 * MOST_BYTES, `${statSync(archive).size} bytes`);
});

test('the way of docs/node.md from an empty folder leads to a ticket', () => {
  const [, commands] = /## From an empty folder[\s\S]*?```sh\n([\s\S]*?)```/.exec(readFileSync(repository('docs/node.md'), 'utf8'));
  const lines = commands.trim().split('\n').filter((it) => !it.startsWith('#'));
  assert.ok(lines.length <= 3);
  const app = mkdtempSync(join(folder, 'empty-'));
  copyFileSync(pack(folder), join(app, 'psa-connector-0.2.0.tgz'));
  const env = { ...process.env, npm_config_prefer_offline: 'true', npm_config_audit: 'false' };
  const out = execFileSync('sh', ['-ec', lines.join('\n')], { cwd: app, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  assert.equal(out.trim().split('\n').at(-1), 'Ticket 5120 (created): Blocked domain');
});

for (const vendor of VENDORS) {
  test(`the package of ${vendor} alone has its connector and keeps its size`, (t) => {
    const archive = pack(folder, vendor);
    const name = `psa-connector-${vendor}`;
    const app = installed(archive, name);
    writeFileSync(join(app, 'it.mjs'), `import { connector, connectors } from '${name}'; console.log(connectors().join(), (await connector('${vendor}').describe()).operations.length);`);
    assert.equal(run(app, 'it.mjs'), `${vendor} 13\n`);
    const { size } = statSync(archive);
    t.diagnostic(`${name}: ${size} bytes`);
    assert.ok(size <= MOST_BYTES, `${size} bytes`);
  });
}
