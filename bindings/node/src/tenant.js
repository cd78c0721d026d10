// A connector with the settings of one customer: a method for each function of the contract.
import { FUNCTIONS } from '../generated/contract.js';
import { canSuspend } from './abi/instance.js';
import { camel } from './abi/types.js';
import { call } from './call.js';
import { agentFor } from './http/client.js';
import { userAgentOf } from './http/headers.js';
import { Live } from './http/live.js';
import { Policy } from './http/policy.js';
import { fingerprint, sharedBy } from './http/tenants.js';
import { complete } from './options.js';
import { replayOfFile } from './replay/file.js';
import { Replay } from './replay/replay.js';

/** What a call is given if its caller leaves it out. */
const DEFAULTS = { needed: [], query: {} };

export class Tenant {
  #connector;
  #description;
  #settings;
  #options;
  #policy;
  #digest;
  #userAgent;

  static async of(connector, description, settings, given) {
    const options = complete(given);
    const tenant = new Tenant();
    tenant.#connector = connector;
    tenant.#description = description;
    tenant.#settings = settings;
    tenant.#options = options;
    // Of a component from elsewhere, nobody has looked at the domains that it claims.
    tenant.#policy = new Policy(description, settings, { ...options, vendorDomains: connector.isOwn ? description.vendorDomains : [] });
    tenant.#digest = fingerprint(await connector.digest(), settings);
    tenant.#userAgent = userAgentOf(description, options.contact);
    if (options.isolation === 'none' && !canSuspend && options.recording === undefined) {
      throw new TypeError("`isolation: 'none'` needs Node.js 24 or later, whose WebAssembly can wait: leave it out");
    }
    return tenant;
  }

  /** The origins that the connector contacts with these settings and the policy does not approve. */
  async notApproved() {
    const { origins } = await this.origins();
    return this.#policy.notApproved(origins);
  }

  async call(name, values, { signal } = {}) {
    const { limits, isolation } = this.#options;
    const { send, policy } = await this.#http();
    return call({ module: await this.#connector.module(limits.memoryBytes), name, values: [this.#settings, ...values], send, policy, limits, isolation, signal });
  }

  /** What sends for one call, and the policy that it is under: a recording has none. */
  async #http() {
    const { recording, send } = this.#options;
    if (recording !== undefined) {
      const replay = typeof recording === 'string' ? replayOfFile(recording, this.#settings) : new Replay(recording, this.#settings);
      return { send: replay.send };
    }
    if (send) return { send, policy: this.#policy };
    const live = new Live({
      policy: this.#policy,
      options: this.#options,
      agent: await agentFor(this.#policy, this.#options),
      shared: sharedBy(this.#digest),
      pacing: this.#options.pacing ?? this.#description.pacing,
      userAgent: this.#userAgent,
    });
    return { send: (requests, deadline, signal) => live.send(requests, deadline, signal), policy: this.#policy };
  }
}

for (const [name, { parameters }] of Object.entries(FUNCTIONS)) {
  if (name === 'describe') continue;
  const own = parameters.filter((it) => it[0] !== 'settings');
  Tenant.prototype[camel(name)] = function (...given) {
    const values = own.map(([parameter], index) => given[index] ?? DEFAULTS[parameter]);
    return this.call(name, values, given[own.length]);
  };
}
