// Which requests a tenant's connector may send.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressRule } from '../src/http/address.js';
import { Policy } from '../src/http/policy.js';
import { refusal } from '../src/http/refusal.js';

const request = (url, more) => ({ method: 'GET', url, headers: [], isWrite: false, isSecret: false, ...more });
const description = {
  settings: [{ name: 'site', kind: 'host' }, { name: 'key', kind: 'secret' }, { name: 'company', kind: 'text' }],
  vendorDomains: ['vendor.example'],
};
const policy = (site, options = {}) =>
  new Policy(description, [{ name: 'site', value: site }, { name: 'key', value: 'Secret+Key' }, { name: 'company', value: 'other.example' }], options);

test('origins of the settings are approved, and those of the vendor that cover them', () => {
  for (const [site, options, url, isApproved] of [
    ['na.vendor.example', {}, 'https://na.vendor.example/x', true],
    ['https://na.vendor.example/login', {}, 'https://na.vendor.example/x', true],
    ['na.vendor.example', {}, 'https://api-na.vendor.example/x', true],
    ['na.vendor.example', {}, 'https://vendor.example/x', true],
    ['na.vendor.example', {}, 'https://api-na.vendor.example:8443/x', false],
    ['na.vendor.example:8443', {}, 'https://api-na.vendor.example:8443/x', true],
    ['na.vendor.example', {}, 'https://evilvendor.example/x', false],
    ['na.vendor.example', {}, 'https://vendor.example.evil.example/x', false],
    ['psa.example', {}, 'https://na.vendor.example/x', false],
    ['psa.example', {}, 'https://other.example/x', false],
    ['psa.example', {}, 'https://PSA.Example/x', true],
    ['psa.example:8443', {}, 'https://psa.example/x', false],
    ['na.vendor.example', { vendorDomains: [] }, 'https://api-na.vendor.example/x', false],
    ['psa.example', { allowHosts: ['more.example:8443'] }, 'https://more.example:8443/x', true],
    ['psa.example', { allowHosts: ['*.zones.example'] }, 'https://ww5.zones.example/x', true],
    ['psa.example', { allowHosts: ['*.zones.example'] }, 'https://a.b.zones.example/x', false],
    ['psa.example', { allowHosts: ['*.zones.example'] }, 'https://zones.example/x', false],
    ['8.8.8.8', {}, 'https://8.8.8.8/x', true],
    ['10.0.0.1', {}, 'https://10.0.0.1/x', false],
    ['10.0.0.1', { allowPrivateNetworks: true }, 'https://10.0.0.1/x', true],
    ['[::1]', {}, 'https://[::1]/x', false],
    ['0x7f.1', {}, 'https://127.0.0.1/x', false],
    ['169.254.169.254', { allowPrivateNetworks: true }, 'https://169.254.169.254/x', false],
    ['psa.example', {}, 'http://psa.example/x', false],
    ['psa.example', {}, 'https://u:p@psa.example/x', false],
  ]) {
    const refused = policy(site, options).check(request(url));
    assert.equal(refused === undefined, isApproved, `${site} ${JSON.stringify(options)} ${url}: ${refused?.err.message}`);
    if (refused) assert.deepEqual([refused.err.kind, refused.err.mayHaveActed], ['denied', false]);
  }
});

test('a host that cannot be allowed is an error', () => {
  for (const host of ['', '*', '*.com', 'a b', 'u@a.example', '*.*.example']) {
    assert.throws(() => policy('psa.example', { allowHosts: [host] }), /is not a host/, host);
  }
});

test('the origins that a connector names are compared with what is approved', () => {
  const origins = ['https://psa.example', 'https://*.zones.example', 'https://other.example', 'http://psa.example'];
  assert.deepEqual(policy('psa.example', { allowHosts: ['*.zones.example'] }).notApproved(origins), origins.slice(2));
  assert.deepEqual(policy('psa.example').notApproved(origins), origins.slice(1));
});

test('no message holds a secret', () => {
  for (const host of ['secret-key.example', 'x.example']) {
    const { err } = policy('psa.example').check(request(`https://${host}/`));
    assert.doesNotMatch(err.message, /Secret\+Key/i);
  }
  assert.equal(policy('psa.example').withoutSecrets('a Secret+Key b Secret%2BKey c secret+key'), 'a {{key}} b {{key, encoded}} c {{key, lower case}}');
});

test('a request that the contract forbids is refused with the rule', () => {
  for (const [url, more, part] of [
    ['https://a.example/x?y=%20', {}, ''],
    ['https://a.example/', { method: 'get' }, 'upper-case'],
    ['https://a.example/', { method: '' }, 'upper-case'],
    ['http://a.example/', {}, 'https://'],
    ['https:///x', {}, 'no host'],
    ['https://a.example/@x', {}, ''],
    ['https://a.example/a b', {}, 'space'],
    ['https://a.example/é', {}, 'percent-encoded'],
    ['https://a.example/#x', {}, 'fragment'],
    ['https://a.example/', { headers: [['Host', 'b']] }, 'written by the host'],
    ['https://a.example/', { headers: [['content-length', '1']] }, 'written by the host'],
    ['https://a.example/', { headers: [['Accept-Encoding', 'br']] }, 'written by the host'],
    ['https://a.example/', { headers: [['x y', 'b']] }, 'token'],
    ['https://a.example/', { headers: [['x', 'b\r\nc: d']] }, 'line break'],
    ['https://a.example/', { isWrite: true, reuseSeconds: 0 }, 'reused'],
    ['https://a.example/', { reuseSeconds: 3_601 }, 'at most 3600'],
    ['https://a.example/', { reuseSeconds: 3_600 }, ''],
  ]) {
    const message = refusal(request(url, more))?.err.message ?? '';
    assert.equal(message === '', part === '', `${url}: ${message}`);
    assert.ok(message.includes(part), `${url}: ${message}`);
  }
});

test('addresses are judged by what they mean', () => {
  const words = {
    global: `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 172.15.255.255 172.32.0.0
      192.0.1.1 192.167.255.255 198.20.0.0 223.255.255.255 2606:4700::1111 2001:200::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1`,
    private: `10.0.0.0 172.16.0.1 172.31.255.255 192.168.0.1 127.0.0.1 100.64.0.0 192.0.0.1 192.0.2.1 198.51.100.7 203.0.113.9
      198.18.0.1 192.88.99.1 ::1 ::ffff:127.0.0.1 ::ffff:a01:203 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1:: fc00::1 fd12:3456::1
      fec0::1 2001:db8::1 3fff:fff::1 2001::1 2001:1ff::1`,
    never: `0.0.0.0 0.1.2.3 169.254.169.254 168.63.129.16 100.100.100.200 192.0.0.192 224.0.0.1 240.0.0.1 255.255.255.255 ::
      ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::1 fd00:ec2::254 fe80::1 fe80::1%eth0 ff02::1 ::8.8.8.8 100::1 4000::1`,
  };
  for (const [kind, addresses] of Object.entries(words)) {
    for (const address of addresses.split(/\s+/)) {
      const [strict, lenient] = [addressRule(address, false), addressRule(address, true)];
      const found = strict === undefined ? 'global' : lenient === undefined ? 'private' : 'never';
      assert.equal(found, kind, `${address}: ${strict}`);
    }
  }
});
