// The package as a host, by the conformance kit for hosts: `psa-host conform-host`, which `make connector` builds.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { canSuspend } from '../src/abi/instance.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const kit = at('../../../target/debug/psa-host');

for (const isolation of ['worker', 'none']) {
  // Where the engine cannot suspend a call, the package refuses `none`: `make bindings-node RUNTIMES=yes` has engines that can.
  test(`every duty of a host is kept, ${isolation}`, { skip: isolation === 'none' && !canSuspend }, async () => {
    assert.ok(existsSync(kit), `${kit} is missing: run \`make connector\``);
    const host = [process.execPath, at('./hosts/host.js'), isolation];
    const { stdout } = await promisify(execFile)(kit, ['conform-host', '--json', '--patience', '6', '--', ...host]).catch((error) => error);
    const { outcomes } = JSON.parse(stdout);
    assert.deepEqual(outcomes.filter((it) => it.state !== 'kept'), []);
    assert.ok(outcomes.length > 40);
  });
}
