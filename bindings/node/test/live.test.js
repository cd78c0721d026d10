// What goes over the wire and what comes back, against a server on this machine: the duties of a host.
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { closeConnections } from '../src/index.js';
import { agentFor } from '../src/http/client.js';
import { Live } from '../src/http/live.js';
import { Policy } from '../src/http/policy.js';
import { fingerprint, sharedBy } from '../src/http/tenants.js';
import { complete } from '../src/options.js';
import { json, serve } from './support/server.js';

after(closeConnections);

const description = { settings: [{ name: 'site', kind: 'host' }], vendorDomains: [] };

/** `send(requests)` of one call, with a method for the parts of a request that a test does not mention. */
async function live(site, given, tenant = site) {
  const options = complete({ retries: { firstPauseMs: 1 }, ...given });
  const policy = new Policy(description, [{ name: 'site', value: site }], options);
  const shared = sharedBy(fingerprint('test', [{ name: 'tenant', value: tenant }]));
  const http = new Live({ policy, options, agent: await agentFor(policy, options), shared, pacing: options.pacing ?? {}, userAgent: 'psa-connector-node/test' });
  return (requests, milliseconds = 5_000) => http.send(requests.map((it) => ({ method: 'GET', headers: [], isWrite: false, isSecret: false, ...it })), performance.now() + milliseconds);
}

test('one answer comes for each request, in order, whatever happens to them', async (t) => {
  const { site, options } = await serve(t, (request, response) => {
    const length = Number(request.url.slice(1));
    if (length === 3) return request.socket.destroy();
    setTimeout(() => json(response, 200 + length, { length }), 40 - length * 10);
  });
  const send = await live(site, options);
  const urls = [0, 1, 2, 3].map((it) => ({ url: `https://${site}/${it}` }));
  const answers = await send([...urls, { url: 'https://other.example/' }]);
  assert.deepEqual(answers.map((it) => it.ok?.status ?? it.err.kind), [200, 201, 202, 'interrupted', 'denied']);
  assert.deepEqual(answers.map((it) => it.err?.mayHaveActed), [undefined, undefined, undefined, true, false]);
  assert.deepEqual(await send([]), []);
});

test('what is sent is what the connector asked for, and what only the host writes', async (t) => {
  const seen = [];
  const { site, options } = await serve(t, (request, response, body) => {
    seen.push([request.method, request.url, body, request.rawHeaders]);
    json(response, 200, {});
  });
  const send = await live(site, options);
  await send([{ url: `https://${site}/a?b=%20c&d`, headers: [['X-Name', 'B\xfccher'], ['x-two', '1'], ['x-two', '2']] }]);
  await send([{ method: 'POST', url: `https://${site}/`, headers: [['user-agent', 'own']], body: { text: 'Größe' } }]);
  await send([{ method: 'DELETE', url: `https://${site}/` }, { method: 'POST', url: `https://${site}/`, body: { bytes: new Uint8Array([0xff]) } }]);
  const headers = (raw) => raw.flatMap((it, index) => (index % 2 === 0 ? [[it, raw[index + 1]]] : []));
  assert.deepEqual(seen[0].slice(0, 3), ['GET', '/a?b=%20c&d', '']);
  assert.deepEqual(headers(seen[0][3]).filter((it) => it[0] !== 'connection'), [
    ['host', site],
    ['x-name', 'B\xfccher'],
    ['x-two', '1'],
    ['x-two', '2'],
    ['user-agent', 'psa-connector-node/test'],
    ['accept-encoding', 'gzip, deflate, br'],
  ]);
  assert.equal(seen[1][2], 'Größe');
  assert.deepEqual(headers(seen[1][3]).filter((it) => it[0] === 'user-agent' || it[0] === 'content-length'), [['user-agent', 'own'], ['content-length', '7']]);
  assert.deepEqual(seen.slice(2).map((it) => it[0]).sort(), ['DELETE', 'POST']);
});

test('names are in lower case, repeats stay, bytes outside ASCII are Latin-1, and redirects are responses', async (t) => {
  const { site, options } = await serve(t, (_, response) => {
    response.writeHead(302, ['Location', 'https://other.example/', 'X-Two', '1', 'X-Two', '2', 'X-Name', 'B\xfccher', 'Content-Type', 'text/plain; charset=latin1']);
    response.end(Buffer.from([0xef, 0xbb, 0xbf, 0x61]));
  });
  const [{ ok }] = await (await live(site, options))([{ url: `https://${site}/` }]);
  assert.equal(ok.status, 302);
  assert.deepEqual(ok.headers.slice(0, 5), [['location', 'https://other.example/'], ['x-two', '1'], ['x-two', '2'], ['x-name', 'B\xfccher'], ['content-type', 'text/plain; charset=latin1']]);
  assert.deepEqual(ok.body, { text: '\ufeffa' });
});

test('content encodings are removed, from body and headers', async (t) => {
  const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, 'gzip, br': (it) => brotliCompressSync(gzipSync(it)), identity: (it) => it };
  const { site, options } = await serve(t, (request, response) => {
    const name = decodeURIComponent(request.url.slice(1));
    const body = encoders[name]?.(Buffer.from('Größe'.repeat(1_000))) ?? Buffer.from('rubbish');
    response.writeHead(200, { 'content-encoding': name === 'broken' ? 'gzip' : name, 'content-length': body.length });
    response.end(body);
  });
  const send = await live(site, options);
  const ask = async (name) => (await send([{ url: `https://${site}/${encodeURIComponent(name)}` }]))[0];
  for (const name of Object.keys(encoders)) {
    const { ok } = await ask(name);
    assert.equal(ok.body.text, 'Größe'.repeat(1_000), name);
    const left = ok.headers.map((it) => it[0]).filter((it) => it.startsWith('content-'));
    assert.deepEqual(left, name === 'identity' ? ['content-encoding', 'content-length'] : [], name);
  }
  for (const name of ['broken', 'zstd']) assert.equal((await ask(name)).err.kind, 'interrupted', name);
});

test('bodies and headers have limits, also while they are decoded', async (t) => {
  const { site, options } = await serve(t, (request, response) => {
    const isEncoded = request.url === '/encoded';
    const body = Buffer.alloc(request.url === '/small' ? 600 : 10_000, 0x61);
    response.writeHead(200, { ...(isEncoded && { 'content-encoding': 'gzip' }), ...(request.url === '/headers' && { x: 'y'.repeat(3_000) }) });
    response.end(isEncoded ? gzipSync(body) : body);
  });
  const limits = { responseBytes: 5_000, callBytes: 1_000, headerBytes: 2_000 };
  for (const [path, limit] of [['/plain', 'responseBytes'], ['/encoded', 'responseBytes'], ['/headers', 'headerBytes']]) {
    const [{ err }] = await (await live(site, { ...options, limits }))([{ url: `https://${site}${path}` }]);
    assert.deepEqual([err.kind, err.mayHaveActed], ['too-large', true], path);
    assert.ok(err.message.includes(limit), err.message);
  }
  const send = await live(site, { ...options, limits });
  assert.equal((await send([{ url: `https://${site}/small` }]))[0].ok.body.text.length, 600);
  assert.match((await send([{ url: `https://${site}/small` }]))[0].err.message, /callBytes/);
  assert.deepEqual((await send([{ method: 'POST', url: `https://${site}/small`, body: { text: 'x' } }]))[0].err.kind, 'denied');
});

test('whether the server may have acted is known from the cause', async (t) => {
  let accepted = 0;
  const { site, port, options } = await serve(t, (request, response) => {
    accepted += 1;
    if (request.url === '/cut') return request.socket.destroy();
    if (request.url === '/half') {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      return setTimeout(() => request.socket.destroy(), 20);
    }
    return undefined;
  });
  const free = await freePort();
  const plain = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  t.after(() => plain.close());
  await new Promise((resolve) => plain.once('listening', resolve));
  for (const [authority, path, more, kind, mayHaveActed, part] of [
    [site, '/cut', {}, 'interrupted', true, 'broke before the response'],
    [site, '/half', {}, 'interrupted', true, 'in the middle of the response'],
    [site, '/silent', { timeouts: { requestMs: 1_500 } }, 'timed-out', true, 'within 1.5 seconds'],
    [`psa.example:${free}`, '/', {}, 'unreachable', false, 'ECONNREFUSED'],
    [`psa.example:${plain.address().port}`, '/', {}, 'unreachable', false, 'agreeing on TLS'],
    [`nowhere.invalid:${port}`, '/', { resolve: {} }, 'unreachable', false, 'cannot find the address'],
    [site, '/', { certificateAuthorities: [] }, 'unreachable', false, 'certificate'],
    [`other.example:${port}`, '/', { resolve: { 'other.example': ['127.0.0.1'] } }, 'unreachable', false, 'for another name'],
    [site, '/', { allowPrivateNetworks: false }, 'denied', false, 'a loopback address'],
  ]) {
    const before = accepted;
    const send = await live(authority, { ...options, ...more, retries: { perRequest: 0 } });
    const [{ err }] = await send([{ method: 'POST', url: `https://${authority}${path}`, body: { text: '{}' }, isWrite: true }]);
    assert.deepEqual([err.kind, err.mayHaveActed], [kind, mayHaveActed], `${authority}${path}: ${err.message}`);
    assert.ok(err.message.includes(part), err.message);
    assert.equal(accepted > before, mayHaveActed, 'what the server saw');
  }
});

test('what has not left by the deadline never leaves', async (t) => {
  let seen = 0;
  const { site, options } = await serve(t, (_, response) => {
    seen += 1;
    setTimeout(() => json(response, 200, {}), 900);
  });
  const send = await live(site, { ...options, limits: { inFlight: 1 } });
  const answers = await send([1, 2, 3].map(() => ({ url: `https://${site}/`, isWrite: true })), 600);
  assert.deepEqual(answers.map((it) => [it.err.kind, it.err.mayHaveActed]), [['timed-out', true], ['timed-out', false], ['timed-out', false]]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(seen, 1);
});

test('the requests of a call that is over end with it, and those that wait never leave', async (t) => {
  let seen = 0;
  const closed = [];
  const { site, options } = await serve(t, (request) => {
    seen += 1;
    request.socket.once('close', () => closed.push(request.url));
  });
  const completed = complete(options);
  const policy = new Policy(description, [{ name: 'site', value: site }], completed);
  const shared = sharedBy(fingerprint('over', []));
  const http = new Live({ policy, options: completed, agent: await agentFor(policy, completed), shared, pacing: { concurrentRequests: 1 }, userAgent: 'x' });
  const over = new AbortController();
  const answers = http.send(['a', 'b'].map((it) => ({ method: 'GET', url: `https://${site}/${it}`, headers: [], isWrite: false, isSecret: false })), performance.now() + 60_000, over.signal);
  while (seen === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  over.abort();
  assert.deepEqual((await answers).map((it) => [it.err.kind, it.err.mayHaveActed]), [['timed-out', true], ['timed-out', false]]);
  while (closed.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(seen, 1);
});

test('a request whose time is over before it has a connection cannot have acted, and is never sent', async (t) => {
  let seen = 0;
  const { port, options } = await serve(t, (_, response) => {
    seen += 1;
    json(response, 200, {});
  });
  // Holds connections up for a while, then hands them on.
  const slow = createServer((socket) => {
    socket.on('error', () => {});
    setTimeout(() => socket.pipe(connect(port, '127.0.0.1').on('error', () => {})).pipe(socket), 500);
  }).listen(0, '127.0.0.1');
  t.after(() => slow.close());
  await new Promise((resolve) => slow.once('listening', resolve));
  const site = `psa.example:${slow.address().port}`;
  const send = await live(site, { ...options, timeouts: { requestMs: 200 } });
  const [{ err }] = await send([{ method: 'POST', url: `https://${site}/`, isWrite: true }]);
  assert.deepEqual([err.kind, err.mayHaveActed], ['timed-out', false]);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal(seen, 0);
});

test('a call that has written does not wait for the pace any more', async (t) => {
  const { site, options } = await serve(t, (_, response) => json(response, 200, {}));
  const pacing = { requests: 1, seconds: 60 };
  const send = await live(site, { ...options, pacing }, 'paced');
  assert.equal((await send([{ method: 'POST', url: `https://${site}/`, isWrite: true }]))[0].ok.status, 200);
  assert.equal((await send([{ url: `https://${site}/` }]))[0].ok.status, 200);
  const other = await live(site, { ...options, pacing }, 'paced');
  assert.match((await other([{ url: `https://${site}/` }], 300))[0].err.message, /before its turn comes/);
});

test('a call sends again only so often', async (t) => {
  let seen = 0;
  const { site, options } = await serve(t, (_, response) => {
    seen += 1;
    json(response, 503, {});
  });
  const send = await live(site, { ...options, retries: { perRequest: 3, perCall: 4, firstPauseMs: 1 } });
  await send([1, 2].map(() => ({ url: `https://${site}/` })));
  assert.equal(seen, 2 + 4);
});

test('reads are sent again and writes are not; a kept response is used within its tenant only', async (t) => {
  const seen = {};
  const { site, options } = await serve(t, (request, response) => {
    seen[request.url] = (seen[request.url] ?? 0) + 1;
    if (request.url.startsWith('/token')) return json(response, 200, { token: seen[request.url] });
    return json(response, seen[request.url] < 3 ? 503 : 200, {}, { 'retry-after': '0' });
  });
  const send = await live(site, options);
  const [read, write] = await send([{ url: `https://${site}/read` }, { method: 'POST', url: `https://${site}/write`, isWrite: true }]);
  assert.deepEqual([read.ok.status, write.ok.status, seen['/read'], seen['/write']], [200, 503, 3, 1]);
  const token = { url: `https://${site}/token`, reuseSeconds: 60 };
  await send([token]);
  const another = await live(site, options);
  assert.deepEqual((await another([token]))[0].ok.ageSeconds, 0);
  const other = await live(site, options, 'another tenant');
  assert.equal((await other([token]))[0].ok.ageSeconds, undefined);
  assert.equal(seen['/token'], 2);
});

test('after a 429 without a time, the whole tenant waits', async (t) => {
  const times = [];
  const { site, options } = await serve(t, (_, response) => {
    times.push(performance.now());
    json(response, times.length === 1 ? 429 : 200, {});
  });
  const retries = { rateLimitPauseMs: 200 };
  const send = await live(site, { ...options, retries }, 'limited');
  const first = send([{ url: `https://${site}/` }]);
  while (times.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const [[one], [other]] = await Promise.all([first, (await live(site, { ...options, retries }, 'limited'))([{ url: `https://${site}/` }])]);
  assert.deepEqual([one.ok.status, other.ok.status], [200, 200]);
  assert.ok(times[1] - times[0] >= 190, `${times[1] - times[0]}`);
});

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
