// The built components, and where the repository is.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '../../src/abi/component.js';

export const VENDORS = ['connectwise', 'halopsa', 'autotask'];

/** A path in the repository. */
export const repository = (path) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

const modules = new Map();

/** The compiled module of a vendor's connector. */
export function moduleOf(vendor) {
  if (!modules.has(vendor)) {
    const file = new URL(`../../components/${vendor}-psa.wasm`, import.meta.url);
    modules.set(vendor, compile(readFileSync(file), 128 << 20));
  }
  return modules.get(vendor);
}
