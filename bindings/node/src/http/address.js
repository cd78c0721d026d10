// Which addresses a connector may reach: globally routable unicast, judged by what an address means and not by how it is
// written (IANA's special-purpose registries). Nothing is resolved here.
import { isIPv4 } from 'node:net';

const METADATA = "a cloud's metadata service";
const never = (kind) => ({ isNever: true, kind });
const ownNetwork = (kind) => ({ isNever: false, kind });

/** Why the address may not be connected to, in words that follow "its address is". Undefined: it may. */
export function addressRule(address, allowPrivateNetworks) {
  const found = isIPv4(address) ? kindOfV4(address.split('.').map(Number)) : kindOfV6(wordsOf(address));
  if (found === undefined || (!found.isNever && allowPrivateNetworks)) return undefined;
  if (found.isNever) return `${address}, ${found.kind}: that is never allowed`;
  return `${address}, ${found.kind}: only globally routable addresses may be reached, unless the operator sets \`allowPrivateNetworks\``;
}

/** Undefined: globally routable. */
function kindOfV4([a, b, c, d]) {
  const whole = `${a}.${b}.${c}.${d}`;
  if (whole === '255.255.255.255') return never('the broadcast address');
  // Azure's, Alibaba's and Oracle's; the others use link-local ones.
  if (['168.63.129.16', '100.100.100.200', '192.0.0.192'].includes(whole)) return never(METADATA);
  if (a === 169 && b === 254) return never('a link-local or metadata address');
  if (a === 0) return never('an address of no host');
  if (a >= 224 && a <= 239) return never('a multicast address');
  if (a >= 240) return never('a reserved address');
  if (a === 127) return ownNetwork('a loopback address');
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)) return ownNetwork('a private address');
  if (a === 100 && b >= 64 && b <= 127) return ownNetwork("a shared address of a provider's network");
  if (a === 192 && b === 0 && c === 0) return ownNetwork('an address for protocols');
  if (['192.0.2', '198.51.100', '203.0.113'].includes(`${a}.${b}.${c}`)) return ownNetwork('an address for documentation');
  if (a === 198 && (b === 18 || b === 19)) return ownNetwork('an address for benchmarks');
  if (a === 192 && b === 88 && c === 99) return ownNetwork('an address of a 6to4 relay');
  return undefined;
}

function kindOfV6(words) {
  const [first, second] = words;
  const isZero = (from, to) => words.slice(from, to).every((it) => it === 0);
  const inside = (high, low) => kindOfV4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
  if (isZero(0, 8)) return never('an address of no host');
  if (isZero(0, 7) && words[7] === 1) return ownNetwork('a loopback address');
  // Mapped, NAT64 and 6to4: the packets go to the IPv4 address inside.
  if (isZero(0, 5) && words[5] === 0xffff) return inside(words[6], words[7]);
  if (first === 0x64 && second === 0xff9b && isZero(2, 6)) return inside(words[6], words[7]);
  if (first === 0x2002) return inside(words[1], words[2]);
  if (first === 0x64 && second === 0xff9b && words[2] === 1) return ownNetwork('an address of a local NAT64');
  if (first === 0xfd00 && second === 0xec2 && isZero(2, 7) && words[7] === 0x254) return never(METADATA);
  if (first >= 0xfc00 && first <= 0xfdff) return ownNetwork('a unique local address');
  if (first >= 0xfe80 && first <= 0xfebf) return never('a link-local or metadata address');
  if (first >= 0xfec0 && first <= 0xfeff) return ownNetwork('a site-local address');
  if (first >= 0xff00) return never('a multicast address');
  if ((first === 0x2001 && second === 0xdb8) || (first === 0x3fff && second <= 0xfff)) return ownNetwork('an address for documentation');
  if (first === 0x2001 && second <= 0x1ff) return ownNetwork('an address for protocols, or of Teredo');
  return first >= 0x2000 && first <= 0x3fff ? undefined : never('an address that is not assigned to hosts');
}

/** The eight words of an IPv6 address in any of its forms. */
function wordsOf(address) {
  // A URL has one form for each address, without an IPv4 address at its end.
  const text = new URL(`https://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
  const [head, tail] = text.split('::').map((half) => (half === '' ? [] : half.split(':').map((word) => Number.parseInt(word, 16))));
  return tail === undefined ? head : [...head, ...new Array(8 - head.length - tail.length).fill(0), ...tail];
}
