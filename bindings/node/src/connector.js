// A connector: a component, compiled once, from which tenants are made.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { compile } from './abi/component.js';
import { run } from './abi/instance.js';
import { Tenant } from './tenant.js';

const COMPONENTS = new URL('../components/', import.meta.url);
const loaded = new Map();

/** The connectors that this package holds. */
export const connectors = () => readdirSync(COMPONENTS).map((file) => /^(.+)-psa\.wasm$/.exec(file)?.[1]).filter(Boolean).sort();

/** A connector of this package by its name, or a component as a file or as bytes. Nothing is read before it is needed. */
export function connector(source) {
  if (typeof source !== 'string') return new Connector(source);
  if (!loaded.has(source)) loaded.set(source, new Connector(source));
  return loaded.get(source);
}

export class Connector {
  #source;
  #bytes;
  #modules = new Map();
  #description;

  constructor(source) {
    this.#source = source;
  }

  /** What it can do and needs to know. */
  async describe() {
    this.#description ??= run(await this.module(32 << 20), 'describe', [], () => [], false);
    return this.#description;
  }

  /** A tenant: the settings of one customer, and how its calls work. */
  async tenant(settings, options = {}) {
    const list = Array.isArray(settings) ? settings : Object.entries(settings).map(([name, value]) => ({ name, value }));
    for (const { name, value } of list) {
      if (typeof name !== 'string' || typeof value !== 'string') throw new TypeError(`the setting \`${name}\`: a text is required`);
    }
    return Tenant.of(this, await this.describe(), list, options);
  }

  /** Whether it is one of this package: then the domains that it calls its vendor's are. */
  get isOwn() {
    return typeof this.#source === 'string';
  }

  /** The SHA-256 of the component. */
  async digest() {
    return createHash('sha256').update(await this.#read()).digest('hex');
  }

  /** Compiled, with this limit on its memory. */
  async module(memoryBytes) {
    if (!this.#modules.has(memoryBytes)) this.#modules.set(memoryBytes, compile(await this.#read(), memoryBytes));
    return this.#modules.get(memoryBytes);
  }

  async #read() {
    this.#bytes ??= this.#load();
    return this.#bytes;
  }

  async #load() {
    if (this.#source instanceof Uint8Array) return this.#source;
    if (this.#source instanceof URL) return readFile(this.#source);
    if (!connectors().includes(this.#source)) throw new TypeError(`this package has no connector \`${this.#source}\`: it has ${connectors().join(', ')}`);
    return readFile(new URL(`${this.#source}-psa.wasm`, COMPONENTS));
  }
}
