// A self-signed certificate for the servers of the tests, made anew for each run: Node.js has no function that makes one.
import { generateKeyPairSync, sign } from 'node:crypto';
import { isIP } from 'node:net';

const der = (tag, ...parts) => {
  const content = Buffer.concat(parts.map((it) => Buffer.from(it)));
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
};
const sequence = (...parts) => der(0x30, ...parts);
const identifier = (...bytes) => der(0x06, bytes);
const name = (text) => sequence(der(0x31, sequence(identifier(0x55, 4, 3), der(0x0c, text))));
const time = (date) => der(0x18, `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`);
const bitString = (bytes) => der(0x03, [0], bytes);
const extension = (id, value, isCritical) => sequence(identifier(0x55, 0x1d, id), ...(isCritical ? [der(0x01, [0xff])] : []), der(0x04, value));

/** `{ key, cert }` in PEM, for these host names and IPv4 addresses. */
export function certificate(...hosts) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
  const names = hosts.map((host) => (isIP(host) ? der(0x87, host.split('.').map(Number)) : der(0x82, host)));
  const day = 86_400_000;
  const content = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    ecdsaWithSha256,
    name('psa-connector test'),
    sequence(time(new Date(Date.now() - day)), time(new Date(Date.now() + day))),
    name('psa-connector test'),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension(0x11, sequence(...names)), extension(0x13, sequence(), true))),
  );
  const signed = sequence(content, ecdsaWithSha256, bitString(sign('sha256', content, privateKey)));
  const lines = signed.toString('base64').match(/.{1,64}/g).join('\n');
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n` };
}
