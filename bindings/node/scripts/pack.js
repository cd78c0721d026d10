// Makes the archives that are released, into a folder: the package of all connectors, and one for each. `node scripts/pack.js [FOLDER]`
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Packs the package, or one with this connector alone. The path of the archive. */
export function pack(folder, vendor) {
  const staged = mkdtempSync(join(tmpdir(), 'psa-pack-'));
  const manifest = JSON.parse(readFileSync(here('package.json'), 'utf8'));
  const { scripts, devDependencies, ...released } = manifest;
  if (vendor) released.name = `${manifest.name}-${vendor}`;
  for (const name of manifest.files) cpSync(here(name), join(staged, name), { recursive: true });
  if (vendor) {
    const others = readdirSync(join(staged, 'components')).filter((it) => !it.startsWith(`${vendor}-`));
    for (const file of others) rmSync(join(staged, 'components', file));
    // The example and the README speak of ConnectWise, and of the package of all.
    rmSync(join(staged, 'example'), { recursive: true });
    const readme = readFileSync(join(staged, 'README.md'), 'utf8');
    writeFileSync(join(staged, 'README.md'), ofOne(readme, released.name, vendor));
    released.files = manifest.files.filter((it) => it !== 'example');
  }
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(released, null, 2)}\n`);
  mkdirSync(folder, { recursive: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: staged, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  rmSync(staged, { recursive: true });
  return join(folder, filename);
}

/** The README of a package with one connector. Its example is for ConnectWise. */
function ofOne(readme, name, vendor) {
  const changes = [
    ['# psa-connector\n', `# ${name}\n`],
    ["'psa-connector'", `'${name}'`],
    [' // or halopsa, autotask', ''],
    [' All three have the same functions and types.', ''],
    ["'node_modules/psa-connector/example/recording.json'", "'recording.json'"],
  ];
  const text = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the README has no ${from}`);
    return text.replaceAll(from, to);
  }, readme);
  if (vendor === 'connectwise') return text;
  const settings = `import { connector } from '${name}';\n\nconst { settings } = await connector('${vendor}').describe();\nfor (const { name, label } of settings) console.log(name, label);\n`;
  return text.replace(/```js\n[\s\S]*?```/, () => `\`\`\`js\n${settings}\`\`\``);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? fileURLToPath(new URL('../../../target/dist', import.meta.url));
  const vendors = readdirSync(here('components')).map((it) => it.split('-')[0]);
  for (const vendor of [undefined, ...vendors]) console.log(pack(folder, vendor));
}
