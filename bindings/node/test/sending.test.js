// When a request is sent, and whether at all: pacing, kept responses, what is sent again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptResponses } from '../src/http/kept.js';
import { Pacer } from '../src/http/pacing.js';
import { askedPause, hold, mayBeSentAgain, pause } from '../src/http/retry.js';
import { fingerprint, sharedBy } from '../src/http/tenants.js';

const soon = () => performance.now() + 5_000;
const sleep = (length) => new Promise((resolve) => setTimeout(resolve, length));

test('a tenant has so many requests in flight, in the order of asking', async () => {
  const pacer = new Pacer();
  const order = [];
  let inFlight = 0;
  const one = async (index) => {
    const end = await pacer.wait({ concurrentRequests: 2 }, soon());
    inFlight += 1;
    assert.ok(inFlight <= 2);
    order.push(index);
    await sleep(5);
    inFlight -= 1;
    end();
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map(one));
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
});

test('a tenant sends so many requests in any window of time', async () => {
  const pacer = new Pacer();
  const pacing = { requests: 3, seconds: 0.3 };
  const times = [];
  await Promise.all(
    Array.from({ length: 7 }, async () => {
      const end = await pacer.wait(pacing, soon());
      times.push(performance.now());
      end();
    }),
  );
  for (let at = 3; at < times.length; at += 1) assert.ok(times[at] - times[at - 3] >= 295, `${times[at] - times[at - 3]}`);
});

test('a turn that would come after the deadline does not come, and those behind it go on', async () => {
  const pacer = new Pacer();
  const end = await pacer.wait({ concurrentRequests: 1 }, soon());
  const late = pacer.wait({ concurrentRequests: 1 }, performance.now() + 20);
  const next = pacer.wait({ concurrentRequests: 1 }, soon());
  assert.equal(await late, undefined);
  // A call that has written does not wait.
  pacer.withoutWaiting({ concurrentRequests: 1 })();
  end();
  (await next)();
  pacer.holdUntil(performance.now() + 100);
  assert.equal(await pacer.wait({}, performance.now() + 50), undefined);
  const started = performance.now();
  (await pacer.wait({}, soon()))();
  assert.ok(performance.now() - started >= 40);
});

const request = (more) => ({ method: 'POST', url: 'https://psa.example/token', headers: [['a', 'b']], body: { text: 'x' }, isWrite: false, ...more });
const response = (text, status = 200) => ({ ok: { status, headers: [], body: { text } } });
const wait = async (promise) => (await promise, true);

function keeper() {
  const kept = new KeptResponses();
  let sent = 0;
  const answer = (request, seconds, outcome) => kept.answer(request, seconds, { send: async () => (await sleep(2), (sent += 1), outcome), wait, tooLate: assert.fail });
  return { answer, sent: () => sent };
}

test('a response is kept for the same request only, and its age is told', async () => {
  const { answer, sent } = keeper();
  assert.equal((await answer(request(), 60, response('token'))).ok.ageSeconds, undefined);
  assert.deepEqual(await answer(request(), 60, response('other')), { ok: { ...response('token').ok, ageSeconds: 0 } });
  for (const more of [{ method: 'GET' }, { url: 'https://psa.example/tokens' }, { headers: [['a', 'c']] }, { body: { text: 'y' } }, { body: undefined }]) {
    assert.equal((await answer(request(more), 60, response('other'))).ok.body.text, 'other');
  }
  assert.equal(sent(), 6);
});

test('of the same requests at once one is sent, and after a failure all that waited', async () => {
  const { answer, sent } = keeper();
  const failure = { err: { kind: 'interrupted', message: '', mayHaveActed: true } };
  await Promise.all([1, 2, 3].map(() => answer(request(), 60, response('token'))));
  assert.equal(sent(), 1);
  const other = keeper();
  await Promise.all([1, 2, 3].map(() => other.answer(request(), 60, failure)));
  assert.equal(other.sent(), 3);
});

test('0 seconds ask for a new response: it replaces what is kept, and any other outcome removes it', async () => {
  const { answer, sent } = keeper();
  await answer(request(), 60, response('first'));
  assert.equal((await answer(request(), 0, response('second'))).ok.body.text, 'second');
  assert.equal((await answer(request(), 60, response('third'))).ok.body.text, 'second');
  await answer(request(), 0, response('refused', 401));
  assert.equal((await answer(request(), 60, response('fourth'))).ok.body.text, 'fourth');
  assert.equal(sent(), 4);
  await answer(request({ url: 'https://psa.example/large' }), 60, response('x'.repeat(40_000)));
  assert.equal((await answer(request({ url: 'https://psa.example/large' }), 60, response('small'))).ok.body.text, 'small');
  for (let index = 0; index < 9; index += 1) await answer(request({ url: `https://psa.example/${index}` }), 60, response('x'));
  assert.equal((await answer(request({ url: 'https://psa.example/0' }), 60, response('new'))).ok.body.text, 'new', 'eight are kept');
});

test('tenants share nothing, and a tenant is its component and all of its settings', () => {
  const settings = [{ name: 'a', value: '1' }, { name: 'b', value: '2' }];
  const own = fingerprint('digest', settings);
  assert.equal(own, fingerprint('digest', [...settings].reverse()));
  assert.equal(sharedBy(own), sharedBy(own));
  const others = [fingerprint('other', settings), fingerprint('digest', settings.slice(1)), fingerprint('digest', [{ name: 'a', value: '12' }, { name: 'b', value: '' }])];
  for (const other of others) assert.notEqual(sharedBy(own), sharedBy(other));
});

test('reads are sent again where it may help, writes only where the server cannot have acted', () => {
  const failure = (kind, mayHaveActed, isPassing) => ({ err: { kind, message: '', mayHaveActed }, isPassing });
  for (const [attempt, ofReads, ofWrites] of [
    [failure('unreachable', false, true), true, true],
    [failure('unreachable', true, true), true, false],
    [failure('unreachable', false, false), false, false],
    [failure('denied', false, false), false, false],
    [failure('timed-out', true, true), false, false],
    [failure('interrupted', true, true), false, false],
    ...[429, 502, 503, 504].map((status) => [response('', status), true, false]),
    ...[200, 201, 304, 400, 401, 404, 408, 500, 501].map((status) => [response('', status), false, false]),
    [response('{"message": "Execution timed out"}', 500), true, false],
    [response('<html><script>setTimeout(f)</script></html>', 500), false, false],
  ]) {
    const found = [false, true].map((isWrite) => mayBeSentAgain({ isWrite }, attempt));
    assert.deepEqual(found, [ofReads, ofWrites], JSON.stringify(attempt));
  }
});

test('pauses follow the server, and else grow up to their limit', () => {
  const retries = { firstPauseMs: 500, rateLimitPauseMs: 30_000, longestPauseMs: 60_000 };
  const asked = (value, date) => ({ status: 429, headers: [['retry-after', value], ...(date ? [['date', date]] : [])] });
  for (const [value, date, expected] of [
    ['7', undefined, 7_000],
    [' 7 ', undefined, 7_000],
    ['Sun, 22 Nov 2026 06:50:30 GMT', 'Sun, 22 Nov 2026 06:50:00 GMT', 30_000],
    ['Sunday, 22-Nov-26 06:50:30 GMT', 'Sun, 22 Nov 2026 06:50:00 GMT', 30_000],
    ['Sun, 22 Nov 2026 06:49:00 GMT', 'Sun, 22 Nov 2026 06:50:00 GMT', 0],
    ['', undefined, undefined],
    ['-1', undefined, undefined],
    ['1.5', undefined, undefined],
    ['soon', undefined, undefined],
  ]) {
    assert.equal(askedPause(asked(value, date)), expected, value);
  }
  assert.equal(pause({ ok: asked('60') }, 1, retries), 60_000);
  assert.equal(pause({ ok: asked('61') }, 1, retries), undefined);
  assert.equal(pause({ ok: asked('soon') }, 2, retries), 60_000);
  assert.ok(pause({ err: {} }, 2, retries) <= 1_000);
  assert.equal(hold({ ok: asked('3600') }, 1, retries), 60_000);
  assert.equal(hold({ ok: asked('soon') }, 1, retries), 30_000);
  assert.equal(hold(response('', 503), 1, retries), undefined);
});
