// What calls of one tenant share in a process beside connections: kept responses and pacing. A tenant is one component with one
// set of settings. Tenants that are not heard of are forgotten.
import { createHmac, randomBytes } from 'node:crypto';
import { KeptResponses } from './kept.js';
import { Pacer } from './pacing.js';

const MOST_TENANTS = 10_000;
/** Longer than a response is kept, and than connectors pace. In milliseconds. */
const IDLE_TENANT = 7_200_000;

const key = randomBytes(32);
/** In the order of use, the oldest first. */
const tenants = new Map();

/** What tells tenants apart without holding what they consist of. */
export function fingerprint(digest, settings) {
  const sorted = settings.map(({ name, value }) => [name, value]).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  return createHmac('sha256', key).update(JSON.stringify([digest, sorted])).digest('hex');
}

/** The shared state of the calls of the tenant with this fingerprint. */
export function sharedBy(tenant) {
  const found = tenants.get(tenant) ?? { kept: new KeptResponses(), pacer: new Pacer() };
  tenants.delete(tenant);
  tenants.set(tenant, found);
  found.lastCall = performance.now();
  for (const [oldest, { lastCall }] of tenants) {
    if (tenants.size <= MOST_TENANTS && found.lastCall - lastCall <= IDLE_TENANT) break;
    tenants.delete(oldest);
  }
  return found;
}
