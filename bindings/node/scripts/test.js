// Runs all tests. A file of tests that was not given does not run: `node --test FOLDER` differs between versions of Node.js.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/', import.meta.url));
const files = readdirSync(folder).filter((it) => it.endsWith('.test.js')).map((it) => `${folder}${it}`);
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
