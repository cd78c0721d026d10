// Host and port, of a URL or as a person typed them.

const HTTPS_PORT = 443;

/** Of a URL that was parsed. The host has the one form that a URL has for it: lower case, Punycode, IPv6 in brackets. */
export function authorityOf(url) {
  return { host: url.hostname, port: url.port === '' ? HTTPS_PORT : Number(url.port) };
}

/** Of what a person typed or pasted: a host, with or without a port, `https://` before it or a path behind it. */
export function typedAuthority(text) {
  const [authority] = text.trim().replace(/^https:\/\//i, '').split(/[/?#\\]/);
  if (authority === '' || /[@*\s]/.test(authority)) return undefined;
  const url = `https://${authority.replace(/\.+$/, '')}/`;
  return URL.canParse(url) ? authorityOf(new URL(url)) : undefined;
}

/** As in an origin: the port only if it is not 443. */
export const shown = ({ host, port }) => (port === HTTPS_PORT ? host : `${host}:${port}`);

export const isSame = (one, other) => one.host === other.host && one.port === other.port;

/** Whether the host is an address and not a name. */
export const isAddress = ({ host }) => host.startsWith('[') || /^[0-9.]+$/.test(host);

/** Whether a host name is the domain or under it. */
export const isUnder = (domain, authority) => !isAddress(authority) && (authority.host === domain || authority.host.endsWith(`.${domain}`));

/** Whether a host is one label, and no more, under the parent, on its port. */
export function isOneLabelUnder(parent, authority) {
  const dot = authority.host.indexOf('.');
  return dot > 0 && !isAddress(authority) && authority.port === parent.port && authority.host.slice(dot + 1) === parent.host;
}
