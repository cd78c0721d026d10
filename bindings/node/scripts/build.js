// Makes what the package holds beside its sources: `generated/` from the contract, `components/` from the built connectors.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.js';

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const repository = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
export const VENDORS = ['connectwise', 'halopsa', 'autotask'];

const { table, types } = generate(readFileSync(repository('wit/connector.wit'), 'utf8'));
mkdirSync(here('generated'), { recursive: true });
writeFileSync(here('generated/contract.js'), table);
writeFileSync(here('generated/contract.d.ts'), types);
writeFileSync(here('generated/package.js'), `// Generated: do not edit.\nexport const PACKAGE_VERSION = ${JSON.stringify(JSON.parse(readFileSync(here('package.json'), 'utf8')).version)};\n`);

rmSync(here('components'), { recursive: true, force: true });
mkdirSync(here('components'));
for (const vendor of VENDORS) {
  try {
    copyFileSync(repository(`target/${vendor}-psa.wasm`), here(`components/${vendor}-psa.wasm`));
  } catch {
    console.error(`target/${vendor}-psa.wasm is missing: run \`make connector\` first.`);
    process.exit(1);
  }
}
copyFileSync(repository('LICENSE'), here('LICENSE'));

// The example opens a ticket against a recorded tenant.
copyFileSync(repository('tests/recordings/connectwise/tenant.json'), here('example/recording.json'));
const settings = readFileSync(repository('tests/recordings/connectwise/settings.toml'), 'utf8');
const pairs = [...settings.matchAll(/^([a-z-]+) = "([^"]*)"/gm)].map(([, name, value]) => [name, value]);
writeFileSync(here('example/settings.json'), `${JSON.stringify(Object.fromEntries(pairs), null, 2)}\n`);
