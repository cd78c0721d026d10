// Which requests one tenant's connector may send. Nothing here knows any vendor: its domains are what the connector's
// description says.
import { addressRule } from './address.js';
import { authorityOf, isAddress, isOneLabelUnder, isSame, isUnder, shown, typedAuthority } from './authority.js';
import { denied, refusal } from './refusal.js';

const HTTPS_PORT = 443;
const SHORTEST_MASKED = 4;

/**
 * Approved are: an origin that was typed in a setting of kind `host`; a host under a vendor domain of the description which also
 * covers a typed host, on port 443 or the port typed; an entry of `allowHosts`, in which `*.` stands for one label.
 */
export class Policy {
  #typed;
  #domains;
  #allowed = [];
  #parents = [];
  #masks;
  #allowPrivateNetworks;

  constructor(description, settings, { allowHosts = [], allowPrivateNetworks = false, vendorDomains = description.vendorDomains }) {
    const ofKind = (kind) => settings.filter((it) => description.settings.some((known) => known.name === it.name && known.kind === kind));
    this.#allowPrivateNetworks = allowPrivateNetworks;
    this.#typed = ofKind('host').map((it) => typedAuthority(it.value)).filter(Boolean);
    this.#domains = vendorDomains.map((domain) => covering(domain, this.#typed)).filter(Boolean);
    for (const host of allowHosts) {
      const parent = host.trim().startsWith('*.') ? typedAuthority(host.trim().slice(2)) : undefined;
      const whole = typedAuthority(host);
      if (parent && !isAddress(parent) && parent.host.includes('.')) this.#parents.push(parent);
      else if (whole) this.#allowed.push(whole);
      else throw new TypeError(`\`${host}\` in \`allowHosts\` is not a host: enter a host name, and a port if it is not 443`);
    }
    this.#masks = ofKind('secret').flatMap(maskedForms).filter(([value]) => value.length >= SHORTEST_MASKED);
    this.#masks.sort((one, other) => other[0].length - one[0].length);
  }

  /** Those of the origins that a connector names which are not approved: requests to them would be denied. */
  notApproved(origins) {
    return origins.filter((origin) => {
      const authority = typedAuthority(origin.replace('https://*.', 'https://'));
      if (!origin.startsWith('https://') || !authority) return true;
      if (!origin.startsWith('https://*.')) return !this.#approves(authority);
      return !this.#parents.some((it) => isSame(it, authority)) && !this.#domains.some((it) => isCovered(it, authority));
    });
  }

  /** An answer of kind `denied` that names the rule which the request breaks. Undefined: it may be sent. */
  check(request) {
    const refused = refusal(request);
    if (refused) return refused;
    const rule = this.#rule(request.url);
    return rule && denied(this.withoutSecrets(`the request was not sent: ${rule}`));
  }

  /** Why an address may not be connected to, in words that follow "its address is". Undefined: it may. */
  addressRule(address) {
    return addressRule(address, this.#allowPrivateNetworks);
  }

  /** The text with names of settings in the places of their secret values. */
  withoutSecrets(text) {
    return this.#masks.reduce((masked, [value, name]) => masked.replaceAll(value, name), text);
  }

  #rule(text) {
    if (!URL.canParse(text)) return 'its URL is none';
    const url = new URL(text);
    // Asked again of the parsed URL, which is the one that is used.
    if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return 'only https without user information is allowed';
    const authority = authorityOf(url);
    if (!this.#approves(authority)) {
      const name = shown(authority);
      return `the origin https://${name} is not approved: it is neither typed in a setting nor under a domain of the vendor that covers what is typed. The operator can allow it: add \`${name}\` to \`allowHosts\``;
    }
    // An address in a URL is connected to without asking a resolver.
    const rule = isAddress(authority) ? this.addressRule(authority.host.replace(/[[\]]/g, '')) : undefined;
    return rule && `its address is ${rule}`;
  }

  #approves(authority) {
    return (
      [...this.#typed, ...this.#allowed].some((it) => isSame(it, authority)) ||
      this.#parents.some((it) => isOneLabelUnder(it, authority)) ||
      this.#domains.some((it) => isCovered(it, authority))
    );
  }
}

/** The domain with the ports to which it extends what was typed, if it covers any of it. */
function covering(text, typed) {
  const domain = typedAuthority(text);
  if (!domain || isAddress(domain) || !domain.host.includes('.')) return undefined;
  const ports = typed.filter((it) => isUnder(domain.host, it)).map((it) => it.port);
  return ports.length === 0 ? undefined : { domain: domain.host, ports: [...ports, HTTPS_PORT] };
}

const isCovered = ({ domain, ports }, authority) => ports.includes(authority.port) && isUnder(domain, authority);

/** A secret as it is, and as it stands in a URL or, in lower case, in a host name. */
function maskedForms({ name, value }) {
  const text = value.trim();
  const encoded = new URLSearchParams([['', text]]).toString().slice(1);
  return [
    [text, `{{${name}}}`],
    [encoded, `{{${name}, encoded}}`],
    [text.toLowerCase(), `{{${name}, lower case}}`],
  ];
}
