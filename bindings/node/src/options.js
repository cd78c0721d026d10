// How the calls of a tenant work, with the defaults.

const DEFAULTS = {
  limits: {
    memoryBytes: 128 << 20,
    wallClockMs: 120_000,
    reserveForLookupMs: 20_000,
    requests: 5_000,
    inFlight: 16,
    responseBytes: 16 << 20,
    callBytes: 128 << 20,
    headerCount: 100,
    headerBytes: 64 << 10,
  },
  timeouts: { connectMs: 10_000, requestMs: 60_000 },
  retries: { perRequest: 3, perCall: 20, firstPauseMs: 500, rateLimitPauseMs: 30_000, longestPauseMs: 60_000 },
  isolation: 'worker',
  allowHosts: [],
  allowPrivateNetworks: false,
  certificateAuthorities: [],
  resolve: {},
  pacing: undefined,
  contact: undefined,
  recording: undefined,
  send: undefined,
};

/** The options with what they leave out. An option that does not exist is an error, since a limit that is misspelt limits nothing. */
export function complete(options) {
  const merged = merge(DEFAULTS, options, '');
  if (!['worker', 'none'].includes(merged.isolation)) throw new TypeError("`isolation`: 'worker' or 'none' is required");
  return merged;
}

function merge(defaults, given, path) {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaults, name));
  if (unknown !== undefined) throw new TypeError(`\`${path}${unknown}\` is not an option: the options are ${Object.keys(defaults).join(', ')}`);
  const entries = Object.entries(defaults).map(([name, value]) => [name, of(value, given[name], `${path}${name}`)]);
  return Object.fromEntries(entries);
}

function of(value, given, path) {
  if (given === undefined) return value;
  const isGroup = ['limits', 'timeouts', 'retries'].includes(path);
  if (isGroup) return merge(value, given, `${path}.`);
  if (typeof value === 'number' && !(typeof given === 'number' && given >= 0)) throw new TypeError(`\`${path}\`: a number is required`);
  return given;
}
