// The three recorded tenants: every function gives what `psa-host --json` gives, field by field, on a thread of its own and on
// the caller's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FUNCTIONS } from '../generated/contract.js';
import { camel } from '../src/abi/types.js';
import { connector, ConnectorError, Replay } from '../src/index.js';
import { repository, VENDORS } from './support/components.js';
import { argumentsOf, toJson } from './support/json.js';

const HOST = process.env.PSA_HOST ?? repository('target/debug/psa-host');
const folder = mkdtempSync(join(tmpdir(), 'psa-'));
after(() => rmSync(folder, { recursive: true }));

/** Of each vendor: company, board, type, priority, the ticket, and its closed status. */
const TENANTS = {
  connectwise: { company: '250', board: '5', type: '61', priority: '6', severity: 'high', ticket: '5120', closed: '59' },
  halopsa: { company: '12', board: '27', type: '36', priority: '4', ticket: '9499', closed: '9' },
  autotask: { company: '250', board: '8', type: '10', priority: '1', ticket: '7001', closed: '5', asset: '901' },
};
const FIRST_SIX = ['verify', 'list-companies', 'list-board-metadata', 'check-ticket', 'create-ticket', 'get-ticket'];

/** What is asked of a recorded tenant: the function, its input, and what follows `psa-host`. */
function recorded({ company, board, type, priority, severity, ticket, closed, asset }) {
  const draft = { 'company-id': company, 'board-id': board, 'type-id': type, 'priority-id': priority, severity, summary: 'Blocked domain', details: [{ label: 'Domain', value: 'example.com' }], reference: 'alert-4711' };
  const rest = ['--company-id', company, '--board-id', board, '--type-id', type, '--priority-id', priority, ...(severity ? ['--severity', severity] : []), '--summary', 'Blocked domain', '--detail', 'Domain=example.com', '--reference', 'alert-4711'];
  const text = 'Seen again at 10:00.';
  const ofCompany = { 'company-id': company };
  const more = [
    ['list-contacts', ofCompany, ['contacts', '--company-id', company]],
    ['list-assets', ofCompany, ['assets', '--company-id', company]],
    ['list-sites', ofCompany, ['sites', '--company-id', company]],
    ['attach-asset', { 'ticket-id': ticket, 'asset-id': asset }, ['attach', '--ticket', ticket, '--asset', asset]],
  ];
  return [
    ...(asset ? more : []),
    ['describe', {}, ['describe']],
    ['origins', {}, ['origins']],
    ['verify', { needed: FIRST_SIX }, ['verify']],
    ['list-companies', {}, ['companies']],
    ['list-board-metadata', 'all', ['boards', '--all']],
    ['check-ticket', draft, ['check-ticket', ...rest]],
    ['create-ticket', draft, ['create-ticket', ...rest]],
    ['get-ticket', { id: ticket }, ['ticket', '--ticket', ticket]],
    ['add-note', { 'ticket-id': ticket, text, audience: 'staff', reference: 'alert-4711:2' }, ['note', '--ticket', ticket, '--text', text, '--reference', 'alert-4711:2']],
    ['set-status', { 'ticket-id': ticket, 'status-ids': [closed] }, ['close', '--ticket', ticket]],
  ];
}

/** What a recorded tenant does not answer is asked of the tenants of cases. */
const OF_CASES = {
  'find-tickets': (input) => ['find', ...Object.entries(input.selection).flatMap(([name, value]) => (name === 'ids' ? value.flatMap((id) => ['--id', id]) : ['--open-of-company', value]))],
  'list-contacts': (input) => ['contacts', '--company-id', input['company-id']],
  'list-assets': (input) => ['assets', '--company-id', input['company-id']],
  'list-sites': (input) => ['sites', '--company-id', input['company-id']],
  'attach-asset': (input) => ['attach', '--ticket', input['ticket-id'], '--asset', input['asset-id']],
};
const CASES = {
  connectwise: ['find-tickets/open-of-company', 'list-contacts/ok', 'list-assets/ok', 'list-sites/ok', 'attach-asset/ok'],
  halopsa: ['find-tickets/by-ids', 'list-contacts/ok', 'list-assets/ok', 'list-sites/ok', 'attach-asset/ok'],
  autotask: ['find-tickets/by-ids'],
};

const withoutNothing = (value) =>
  Array.isArray(value)
    ? value.map(withoutNothing)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).filter((it) => it[1] !== null && it[1] !== undefined).map(([name, it]) => [name, withoutNothing(it)]))
      : value;

function fromTheHost(vendor, words, settings, replay) {
  const own = words[0] === 'describe' ? [] : ['--settings', settings, '--replay', replay];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PSA_')));
  const out = execFileSync(HOST, [words[0], repository(`target/${vendor}-psa.wasm`), ...own, ...words.slice(1), '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  return JSON.parse(out);
}

async function fromHere(vendor, name, input, settings, recording, isolation) {
  const found = connector(vendor);
  if (name === 'describe') return toJson('connector-description', await found.describe());
  const tenant = await found.tenant(settings, name === 'set-status' ? oneReplay(settings, recording) : { recording, isolation });
  // `psa-host close` reads the ticket first, in the same replay.
  if (name === 'set-status') await tenant.getTicket(input['ticket-id']);
  const { result } = FUNCTIONS[name];
  return toJson(result.result[0], await tenant[camel(name)](...argumentsOf(name, input)));
}

/** One replay for all calls, under the policy. */
function oneReplay(settings, recording) {
  const replay = new Replay(JSON.parse(readFileSync(recording, 'utf8')), Object.entries(settings).map(([name, value]) => ({ name, value })));
  return { send: replay.send, allowHosts: ['*.autotask.net'] };
}

test('the native host is built', () => {
  assert.ok(existsSync(HOST), `${HOST} is missing: run \`make connector\``);
});

for (const vendor of VENDORS) {
  const toml = readFileSync(repository(`tests/recordings/${vendor}/settings.toml`), 'utf8');
  const settings = Object.fromEntries([...toml.matchAll(/^([a-z-]+) = "([^"]*)"/gm)].map((it) => it.slice(1)));
  const file = (values) => {
    const path = join(folder, `${vendor}-${Object.keys(values).length}.toml`);
    writeFileSync(path, Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join(''), { mode: 0o600 });
    return path;
  };
  const asked = recorded(TENANTS[vendor]).map(([name, input, words]) => ({ name, input, words, settings, recording: repository(`tests/recordings/${vendor}/tenant.json`) }));
  for (const name of CASES[vendor]) {
    const recording = repository(`tests/cases/${vendor}/${name}.json`);
    const { operation, input, settings } = JSON.parse(readFileSync(recording, 'utf8'));
    asked.push({ name: operation, input, words: OF_CASES[operation](input), settings, recording });
  }
  test(`${vendor}: every function is asked`, () => {
    assert.deepEqual([...new Set(asked.map((it) => it.name))].sort(), Object.keys(FUNCTIONS).sort());
  });
  for (const { name, input, words, settings, recording } of asked) {
    test(`${vendor}: ${name}`, async () => {
      const expected = withoutNothing(fromTheHost(vendor, words, file(settings), recording));
      for (const isolation of ['worker', 'none']) {
        const found = await fromHere(vendor, name, input, settings, recording, isolation);
        assert.deepEqual(withoutNothing(found), expected, isolation);
      }
    });
  }
  test(`${vendor}: archives that psa-host records, without secrets, replay here`, async () => {
    const { name, input, words, recording } = asked.find((it) => it.name === 'create-ticket');
    const archive = join(folder, `${vendor}.har`);
    const expected = withoutNothing(fromTheHost(vendor, [...words, '--record', archive], file(settings), recording));
    assert.doesNotMatch(readFileSync(archive, 'utf8'), /ExamplePrivateKey|ExampleSecret|1d2c3b4a-5e6f/);
    assert.deepEqual(withoutNothing(await fromHere(vendor, name, input, settings, archive, 'worker')), expected);
  });
  test(`${vendor}: a request that is not recorded is an error that names the nearest one`, async () => {
    const tenant = await connector(vendor).tenant(settings, { recording: repository(`tests/recordings/${vendor}/tenant.json`) });
    const error = await tenant.getTicket('999999').catch((it) => it);
    assert.ok(error instanceof ConnectorError && error instanceof Error);
    assert.equal(error.code, 'denied');
    assert.match(error.message, /no exchange is recorded for/);
  });
}
