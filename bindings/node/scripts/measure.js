// Times of the same calls as `make bench` takes of the native host: a page of 1,000 companies from a body that is there, and the
// recorded `verify`. If `target/bench/speed.json` is there, compares with it. Run it on a quiet machine, after `make bench`.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canSuspend } from '../src/abi/instance.js';
import { connector } from '../src/index.js';

const repository = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const example = (name) => JSON.parse(readFileSync(new URL(`../example/${name}.json`, import.meta.url), 'utf8'));

const row = (id) =>
  `{"id":${id},"identifier":"Customer${id}","name":"Customer ${id} of Example & Söhne","status":{"name":"Active"},"deletedFlag":false,"types":[{"id":1,"name":"Client","_info":{"type_href":"https://api-na.myconnectwise.net/v4_6_release/apis/3.0//company/companies/types/1"}}]}`;
const body = `[${Array.from({ length: 1_000 }, (_, index) => row(index + 1)).join(',')}]`;
const page = { ok: { status: 200, headers: [['content-type', 'application/json']], body: { text: body } } };

async function median(what, count = 300) {
  for (let index = 0; index < 50; index += 1) await what();
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const started = performance.now();
    await what();
    times.push(performance.now() - started);
  }
  return times.sort((one, other) => one - other)[count / 2];
}

const speed = repository('target/bench/speed.json');
const native = existsSync(speed) ? readFileSync(speed, 'utf8') : undefined;
console.log(`Node.js ${process.version}, 1,000 companies from a body of ${Buffer.byteLength(body)} bytes`);
for (const isolation of canSuspend ? ['worker', 'none'] : ['worker']) {
  const tenant = await connector('connectwise').tenant(example('settings'), { isolation, send: async (requests) => requests.map(() => page) });
  const companies = await median(async () => {
    const found = await tenant.listCompanies();
    if (found.companies.length !== 1_000) throw new Error(`${found.companies.length} companies`);
  });
  const origins = await median(() => tenant.origins());
  console.log(`isolation ${isolation}: companies ${companies.toFixed(2)} ms, origins ${origins.toFixed(3)} ms`);
}
if (native) console.log(`the native host, by \`make bench\`:\n${native}`);
process.exit(0);
