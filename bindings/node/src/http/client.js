// HTTP connections. Names are resolved here, so that no other address is connected to than those that were judged.
import { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';

/** An address that the policy refuses. */
export class AddressDenied extends Error {
  code = 'PSA_ADDRESS_DENIED';
}

const agents = new Map();

/** The connections for these options, shared by all calls that agree in them. */
export async function agentFor(policy, { allowPrivateNetworks, certificateAuthorities, resolve, timeouts }) {
  const key = JSON.stringify([allowPrivateNetworks, certificateAuthorities, resolve, timeouts.connectMs]);
  if (!agents.has(key)) {
    // By its file: Bun has an empty package of this name.
    const { Agent } = await import('undici/index.js');
    const connect = { lookup: checkedLookup(policy, resolve), secureContext: secureContext(certificateAuthorities), timeout: timeouts.connectMs };
    // The limits of a call end requests. Connections are HTTP/1.1, so that a request has one of its own.
    agents.set(key, new Agent({ connect, allowH2: false, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 64 << 10 }));
  }
  return agents.get(key);
}

/** Closes all connections, so that a process can end at once. */
export async function closeConnections() {
  const open = [...agents.values()];
  agents.clear();
  await Promise.all(open.map((agent) => agent.close()));
}

/** Made once: reading all certificates takes longer than a handshake. A list of them replaces those of Node.js, so it has them all. */
function secureContext(more) {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  const ca = more.length === 0 ? undefined : [...rootCertificates, ...(file ? [readFileSync(file, 'utf8')] : []), ...more];
  return createSecureContext({ ca, minVersion: 'TLSv1.2' });
}

function checkedLookup(policy, resolve) {
  return (hostname, options, callback) => {
    const use = (error, found) => {
      if (error) return callback(error);
      const judged = found.map((it) => ({ ...it, rule: policy.addressRule(it.address) }));
      const admitted = judged.filter((it) => it.rule === undefined).map(({ address, family }) => ({ address, family }));
      if (admitted.length === 0) return callback(new AddressDenied(`the address of ${hostname} is ${judged[0]?.rule ?? 'not known'}`));
      return options.all ? callback(null, admitted) : callback(null, admitted[0].address, admitted[0].family);
    };
    const given = resolve[hostname];
    if (given === undefined) lookup(hostname, { ...options, all: true }, use);
    else process.nextTick(use, null, given.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
}
