// A host for `psa-host conform-host`: makes the calls that it asks for, and prints their results. `node host.js none` makes them
// on its own thread.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { closeConnections, connector } from '../../src/index.js';

const { PSA_PROBE, PSA_CERTIFICATE, PSA_SETTINGS, PSA_OTHER_SETTINGS } = process.env;
const probe = connector(pathToFileURL(PSA_PROBE));
const options = {
  isolation: process.argv[2] ?? 'worker',
  // The server is on this machine.
  allowPrivateNetworks: true,
  certificateAuthorities: [readFileSync(PSA_CERTIFICATE, 'utf8')],
  // So that the run is short.
  timeouts: { connectMs: 2_000, requestMs: 3_000 },
  retries: { firstPauseMs: 1 },
};
const tenant = await probe.tenant(JSON.parse(PSA_SETTINGS), options);
const other = await probe.tenant(JSON.parse(PSA_OTHER_SETTINGS), options);

const shown = (call) => call.catch(({ code, message }) => ({ error: { code, message } }));
const results = [await shown(tenant.listCompanies())];
// At the same time: each call has an instance of its own.
results.push(...(await Promise.all([shown(tenant.createTicket({ companyId: '1', summary: 'Probe' })), shown(other.getTicket('1'))])));
for (const result of results) console.log(JSON.stringify(result));
await closeConnections();
