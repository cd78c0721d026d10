// The examples of the README run, from an empty folder with the package installed from its archive; its types hold; and each
// archive keeps its size.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
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

const archives = new Map();

/** The archive of all connectors, or of this one, packed once. */
function archive(vendor) {
  if (!archives.has(vendor)) archives.set(vendor, pack(folder, vendor));
  return archives.get(vendor);
}

/** A package as `npm install` leaves it, with the dependencies that are installed here. */
function installed(vendor) {
  const name = vendor ? `psa-connector-${vendor}` : 'psa-connector';
  const modules = join(mkdtempSync(join(folder, 'app-')), 'node_modules');
  const to = join(modules, name);
  mkdirSync(to, { recursive: true });
  execFileSync('tar', ['-xzf', archive(vendor), '-C', to, '--strip-components=1']);
  symlinkSync(here('node_modules/undici'), join(modules, 'undici'));
  return dirname(modules);
}

const run = (cwd, ...words) => execFileSync(process.execPath, words, { cwd, encoding: 'utf8' });

test('the types hold, and so do the mistakes that they find', () => {
  execFileSync(process.execPath, [here('node_modules/typescript/bin/tsc'), '-p', here('.')], { encoding: 'utf8' });
});

/** How a program in TypeScript may find packages and what else there is: for Node.js, and for a bundler. */
const COMPILERS = {
  'for Node.js': { module: 'nodenext', types: ['node'], typeRoots: [here('node_modules/@types')] },
  'for a bundler, without the types of Node.js': { module: 'esnext', moduleResolution: 'bundler', types: [] },
};

for (const vendor of [undefined, 'connectwise']) {
  const name = vendor ? `psa-connector-${vendor}` : 'psa-connector';
  test(`a program in TypeScript compiles with the archive of ${name}, and its mistakes are found`, () => {
    const app = installed(vendor);
    const usage = readFileSync(here('test/usage.ts'), 'utf8').replace('../src/index.js', name);
    writeFileSync(join(app, 'usage.ts'), usage);
    writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
    for (const [what, options] of Object.entries(COMPILERS)) {
      const compilerOptions = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, target: 'es2022', ...options };
      writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['usage.ts'] }));
      const { status, stdout } = spawnSync(process.execPath, [here('node_modules/typescript/bin/tsc'), '-p', app], { encoding: 'utf8' });
      assert.equal(stdout, '', what);
      assert.equal(status, 0, what);
    }
  });
}

test('the package of all connectors runs the example of the README and its own', () => {
  const app = installed();
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(here('README.md'), 'utf8'));
  writeFileSync(join(app, 'readme.mjs'), example);
  assert.equal(run(app, 'readme.mjs'), 'created 5120\n');
  assert.equal(run(app, 'node_modules/psa-connector/example/first-ticket.js'), 'Ticket 5120 (created): Blocked domain\n');
  const { size } = statSync(archive());
  assert.ok(size <= 3 * MOST_BYTES, `${size} bytes`);
});

test('the way of docs/node.md from an empty folder leads to a ticket', () => {
  const [, commands] = /## From an empty folder[\s\S]*?```sh\n([\s\S]*?)```/.exec(readFileSync(repository('docs/node.md'), 'utf8'));
  const lines = commands.trim().split('\n').filter((it) => !it.startsWith('#'));
  assert.ok(lines.length <= 3);
  const app = mkdtempSync(join(folder, 'empty-'));
  copyFileSync(archive(), join(app, 'psa-connector-0.2.0.tgz'));
  const env = { ...process.env, npm_config_prefer_offline: 'true', npm_config_audit: 'false' };
  const out = execFileSync('sh', ['-ec', lines.join('\n')], { cwd: app, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  assert.equal(out.trim().split('\n').at(-1), 'Ticket 5120 (created): Blocked domain');
});

for (const vendor of VENDORS) {
  test(`the package of ${vendor} alone has its connector and keeps its size`, (t) => {
    const name = `psa-connector-${vendor}`;
    const app = installed(vendor);
    writeFileSync(join(app, 'it.mjs'), `import { connector, connectors } from '${name}'; console.log(connectors().join(), (await connector('${vendor}').describe()).operations.length);`);
    assert.equal(run(app, 'it.mjs'), `${vendor} 13\n`);
    const readme = readFileSync(join(app, 'node_modules', name, 'README.md'), 'utf8');
    assert.ok(readme.startsWith(`# ${name}\n`) && readme.includes(`connector('${vendor}')`));
    assert.ok(!readme.includes('All three') && !readme.includes('node_modules/psa-connector/'));
    const [, example] = /```js\n([\s\S]*?)```/.exec(readme);
    if (vendor !== 'connectwise') {
      writeFileSync(join(app, 'readme.mjs'), example);
      assert.match(run(app, 'readme.mjs'), /^[a-z-]+ \S/);
    }
    const { size } = statSync(archive(vendor));
    t.diagnostic(`${name}: ${size} bytes`);
    assert.ok(size <= MOST_BYTES, `${size} bytes`);
  });
}
