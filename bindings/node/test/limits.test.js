// A connector that misbehaves is stopped, and its caller is told what may have happened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connector, ConnectorError, setMostWorkers } from '../src/index.js';
import { HTTP } from '../generated/contract.js';
import { compile } from '../src/abi/component.js';
import { canSuspend } from '../src/abi/instance.js';
import { LimitedHttp } from '../src/http/limited.js';
import { misbehaving, write } from './support/misbehaving.js';

const answered = { ok: { status: 201, headers: [], body: { text: '{}' } } };
const options = (more) => ({ allowHosts: ['psa.example'], send: async (requests) => requests.map(() => answered), ...more });
const tenant = (what, more, request) => connector(misbehaving(what, request)).tenant({ site: 'psa.example' }, options(more));

async function errorOf(promise) {
  const error = await promise.then(() => assert.fail('it came to its end'), (it) => it);
  assert.ok(error instanceof ConnectorError, String(error));
  return error;
}

for (const [what, limits, stopped, part] of [
  ['loop', { wallClockMs: 200 }, 'time', 'it ran for more than 0.2 seconds'],
  ['trap', {}, 'trap', 'unreachable'],
  ['memory', { memoryBytes: 16 << 20 }, 'memory', 'more than 16777216 bytes of memory'],
]) {
  test(`a call that meets ${what} has written nothing`, async () => {
    const error = await errorOf((await tenant(what, { limits })).listCompanies());
    assert.deepEqual([error.code, error.stopped], ['unavailable', stopped]);
    assert.match(error.message, new RegExp(part));
  });
}

test('a call that is stopped after a write has an unknown outcome', async () => {
  for (const [what, limits, stopped] of [
    ['write-and-loop', { wallClockMs: 2_000 }, 'time'],
    ['write-and-trap', {}, 'trap'],
  ]) {
    const bad = await tenant(what, { limits });
    const error = await errorOf(bad.createTicket({ companyId: '1', summary: 'x', reference: 'r' }));
    assert.deepEqual([error.code, error.stopped, error.retryAfterSeconds], ['outcome-unknown', stopped, 60], what);
    assert.match(error.hint, /Repeat the same call/);
    const other = await errorOf(bad.createTicket({ companyId: '1', summary: 'x' }));
    assert.match(other.hint, /Look in the PSA first/);
  }
});

test('on the thread of the caller, a trap and too much memory end the same way', async (t) => {
  if (!canSuspend) return t.skip('left out: this Node.js cannot suspend WebAssembly');
  const more = { isolation: 'none', limits: { memoryBytes: 16 << 20 } };
  for (const [what, code, stopped] of [['trap', 'unavailable', 'trap'], ['memory', 'unavailable', 'memory'], ['write-and-trap', 'outcome-unknown', 'trap']]) {
    const error = await errorOf((await tenant(what, more)).createTicket({ companyId: '1', summary: 'x' }));
    assert.deepEqual([error.code, error.stopped], [code, stopped], what);
  }
  const signal = AbortSignal.timeout(100);
  const hanging = await tenant('write-and-loop', { isolation: 'none', send: () => new Promise(() => {}) });
  const error = await errorOf(hanging.createTicket({ companyId: '1', summary: 'x' }, { signal }));
  assert.deepEqual([error.code, error.stopped], ['outcome-unknown', 'cancelled']);
});

test('what cannot have acted, and what is no write, leaves nothing in doubt', async () => {
  const refused = { err: { kind: 'unreachable', message: 'no', mayHaveActed: false } };
  const doubtful = { err: { kind: 'timed-out', message: 'no', mayHaveActed: true } };
  for (const [answer, isWrite, code] of [
    [refused, true, 'unavailable'],
    [doubtful, true, 'outcome-unknown'],
    [doubtful, false, 'unavailable'],
    [answered, false, 'unavailable'],
  ]) {
    const bad = await tenant('write-and-trap', { send: () => [answer] }, { ...write, isWrite });
    assert.equal((await errorOf(bad.createTicket({ companyId: '1', summary: 'x' }))).code, code);
  }
});

test('a call can be cancelled, before and after its write', async () => {
  const reason = new Error('enough');
  for (const [isWrite, code] of [[true, 'outcome-unknown'], [false, 'unavailable']]) {
    const controller = new AbortController();
    const cancelled = () => {
      setTimeout(() => controller.abort(reason), 20);
      return new Promise(() => {});
    };
    const bad = await tenant('write-and-loop', { send: cancelled }, { ...write, isWrite });
    const error = await errorOf(bad.createTicket({ companyId: '1', summary: 'x' }, { signal: controller.signal }));
    assert.deepEqual([error.code, error.stopped, error.cause], [code, 'cancelled', reason]);
    const before = await errorOf(bad.getTicket('1', { signal: AbortSignal.abort(reason) }));
    assert.deepEqual([before.code, before.stopped], ['unavailable', 'cancelled']);
  }
});

test('a `send` that throws, rejects, answers too little or rubbish is an answer that may have acted', async () => {
  const thrown = () => {
    throw new Error('secret-header');
  };
  for (const send of [thrown, async () => thrown(), () => [], async () => undefined, () => [{}], () => [{ ok: { status: 200, headers: [[1]] } }]]) {
    const bad = await tenant('write-and-trap', { send });
    const error = await errorOf(bad.createTicket({ companyId: '1', summary: 'x' }));
    assert.equal(error.code, 'outcome-unknown');
    assert.doesNotMatch(error.message, /secret/);
  }
});

test('the end of the time is kept for reading', async () => {
  const limits = { requests: 10, wallClockMs: 10_000, reserveForLookupMs: 4_000 };
  const http = new LimitedHttp((requests) => requests.map(() => answered), undefined, limits, performance.now() - 7_000);
  const [writing, reading] = http.send([write, { ...write, isWrite: false }]);
  assert.deepEqual([writing.err.kind, writing.err.mayHaveActed, reading.ok.status, http.mayHaveWritten], ['timed-out', false, 201, false]);
});

test('a memory never grows beyond its limit', () => {
  const module = compile(misbehaving('loop'), 16 << 20);
  const { memory } = new WebAssembly.Instance(module, { [HTTP]: { send() {} } }).exports;
  memory.grow(254);
  assert.equal(memory.buffer.byteLength, 16 << 20);
  assert.throws(() => memory.grow(1), RangeError);
  assert.throws(() => compile(misbehaving('loop'), 65_536), /raise the limit `memoryBytes`/);
});

test('the domains that a component from elsewhere claims approve nothing', async () => {
  let sent = 0;
  const url = 'https://api.vendor.example/';
  const bad = await connector(misbehaving('write-and-trap', { ...write, url })).tenant({ site: 'na.vendor.example' }, { send: () => [(sent += 1) && answered] });
  assert.equal((await errorOf(bad.createTicket({ companyId: '1', summary: 'x' }))).code, 'unavailable');
  assert.equal(sent, 0);
});

test('requests are counted', async () => {
  let sent = 0;
  const bad = await tenant('twice', { limits: { requests: 1, wallClockMs: 2_000 }, send: (requests) => requests.map(() => (sent += 1) && answered) });
  await errorOf(bad.createTicket({ companyId: '1', summary: 'x' }));
  assert.equal(sent, 1);
});

test('one call at a time runs in a thread, and threads that were ended are replaced', async () => {
  setMostWorkers(2);
  const bad = await tenant('loop', { limits: { wallClockMs: 100 } });
  const errors = await Promise.all(Array.from({ length: 6 }, () => errorOf(bad.verify())));
  assert.deepEqual(errors.map((it) => it.stopped), new Array(6).fill('time'));
  setMostWorkers(16);
  const good = await connector('connectwise').tenant({ site: 'na' });
  assert.equal((await errorOf(good.origins())).code, 'invalid-settings');
});

test('a component that is none, or imports or exports something else, is refused with the reason', async () => {
  for (const [bytes, part] of [
    [new Uint8Array([1, 2, 3]), 'not a WebAssembly component'],
    [misbehaving('loop').map((byte, at, all) => (isIn(all, at, 'send') ? 0x78 : byte)), 'imports more than'],
    [misbehaving('loop').map((byte, at, all) => (isIn(all, at, 'list-sites') ? 0x78 : byte)), 'does not export'],
  ]) {
    await assert.rejects(connector(bytes).describe(), (error) => error.message.includes(part));
  }
  await assert.rejects(connector('servicenow').describe(), /it has autotask, connectwise, halopsa/);
});

function isIn(bytes, at, name) {
  const start = Buffer.from(bytes).indexOf(name);
  return at >= start && at < start + name.length;
}
