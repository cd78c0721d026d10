// Puts the page into one file, `target/dist/psa-connectors.html`: the connectors, the recorded tenants, the contract, and the code
// that runs them. `bindings/node` must be built.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { parseWit } from '../node/scripts/wit.js';
import { contractHtml } from './contract.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const repository = (path) => here(`../../${path}`);
const read = (path) => readFileSync(path, 'utf8');
const VENDORS = ['connectwise', 'halopsa', 'autotask'];

/** What the page runs on, as JSON: compressed, since most of it is code. */
function data() {
  const vendors = VENDORS.map((name) => {
    const settings = read(repository(`tests/recordings/${name}/settings.toml`));
    return {
      name,
      component: gzipSync(readFileSync(repository(`target/${name}-psa.wasm`)), { level: 9 }).toString('base64'),
      settings: [...settings.matchAll(/^([a-z-]+) = "([^"]*)"/gm)].map(([, name, value]) => ({ name, value })),
      recording: JSON.parse(read(repository(`tests/recordings/${name}/tenant.json`))),
    };
  });
  return JSON.stringify({ vendors }).replaceAll('<', '\\u003c');
}

const bundled = buildSync({ entryPoints: [here('src/main.js')], bundle: true, minify: true, format: 'iife', target: 'es2022', write: false });
const script = bundled.outputFiles[0].text.trim();
const style = read(here('src/style.css')).trim();
const wit = read(repository('wit/connector.wit'));
const sha256 = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

// Nothing may be loaded and nothing sent: only what is in this file runs.
const policy = `default-src 'none'; script-src ${sha256(script)} 'wasm-unsafe-eval'; style-src ${sha256(style)}; form-action 'none'; base-uri 'none'`;
const parts = { policy, style, script, data: data(), contract: contractHtml(parseWit(wit)) };
const page = read(here('src/page.html')).replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
mkdirSync(repository('target/dist'), { recursive: true });
writeFileSync(repository('target/dist/psa-connectors.html'), page);
console.log(`target/dist/psa-connectors.html: ${page.length} bytes, ${gzipSync(page, { level: 9 }).length} with gzip`);
