// All cases of the three vendors, and those of a folder that `psa-host case --export` wrote, if PSA_EXPORTED_CASES names it.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { caseFiles, mismatches, runCase } from './support/cases.js';
import { repository, VENDORS } from './support/components.js';

const folders = [repository('tests/cases'), process.env.PSA_EXPORTED_CASES].filter(Boolean);

for (const folder of folders) {
  for (const vendor of VENDORS) {
    test(`${vendor}: the cases in ${folder}`, () => {
      const path = join(folder, vendor);
      assert.ok(existsSync(path), `${path} is missing`);
      const files = caseFiles(path);
      const failed = [];
      for (const file of files) {
        const found = runCase(vendor, file);
        if (found.length > 0) failed.push(`${file}\n  ${found.join('\n  ')}`);
      }
      console.log(`${vendor}: ${files.length} cases`);
      assert.ok(files.length > 300, `only ${files.length} cases`);
      assert.deepEqual(failed, []);
    });
  }
}

test('a case that expects something else fails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'psa-'));
  const file = join(folder, 'case.json');
  const write = (change) => {
    const document = { docs: '', provenance: '', operation: 'origins', settings: { site: 'na' }, exchanges: [], rounds: 0, expect: { err: { code: 'invalid-settings', message: '…', ...change } } };
    writeFileSync(file, JSON.stringify(document));
    return runCase('connectwise', file);
  };
  assert.ok(write({ message: '…is required…' }).length > 0, 'hint and field errors are not expected');
  assert.match(write({ code: 'unauthorized' })[0], /\.err\.code: expected "unauthorized", found "invalid-settings"/);
  rmSync(folder, { recursive: true });
});

test('an expectation says where it is not met', () => {
  for (const [expected, actual, count] of [
    [null, undefined, 0],
    [[], null, 0],
    [{ a: 1 }, { a: 1, b: null, c: [] }, 0],
    [{ a: 1 }, { a: 1, b: false }, 1],
    [{ a: 1 }, { a: 1, b: '' }, 1],
    [{ a: 1 }, {}, 1],
    [{ a: [1] }, { a: [1, 2] }, 1],
    ['…b…', 'abc', 0],
    ['…d…', 'abc', 1],
    ['1', 1, 1],
    [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 2 }] } }, 1],
  ]) {
    assert.equal(mismatches('', expected, actual).length, count, JSON.stringify([expected, actual]));
  }
});
