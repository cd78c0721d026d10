// What the package does in whatever runs this: a recorded ticket on both kinds of thread, a call that is stopped, and a read
// over TLS. Prints what it found as JSON.
import { readFileSync } from 'node:fs';
import { canSuspend } from '../src/abi/instance.js';
import { closeConnections, connector } from '../src/index.js';
import { misbehaving } from '../test/support/misbehaving.js';
import { json, serve } from '../test/support/server.js';

const example = (name) => JSON.parse(readFileSync(new URL(`../example/${name}.json`, import.meta.url), 'utf8'));
const found = { canSuspend };
const attempt = async (name, what) => {
  found[name] = await what().catch((error) => `${error.code ?? error.name}: ${error.message}`);
};

for (const isolation of ['worker', 'none']) {
  await attempt(`recorded, ${isolation}`, async () => {
    const tenant = await connector('connectwise').tenant(example('settings'), { recording: example('recording'), isolation });
    return (await tenant.getTicket('5120')).ticket.number;
  });
}

await attempt('stopped', async () => {
  const tenant = await connector(misbehaving('loop')).tenant({ site: 'psa.example' }, { limits: { wallClockMs: 1_000 } });
  return tenant.verify().catch((error) => error.stopped);
});

const ends = [];
const { site, options } = await serve({ after: (end) => ends.push(end) }, (request, response) => {
  json(response, 200, request.url.includes('id%3E') || request.url.includes('id>') ? [] : [{ id: 1, name: 'Riverside', identifier: 'R' }]);
});
for (const isolation of ['worker', 'none']) {
  await attempt(`live, ${isolation}`, async () => {
    const tenant = await connector('connectwise').tenant({ ...example('settings'), site }, { ...options, isolation, retries: { perRequest: 0 } });
    return (await tenant.listCompanies()).companies.map((it) => it.name).join();
  });
}
ends.forEach((end) => end());
await closeConnections();
console.log(JSON.stringify(found));
process.exit(0);
