import type { ConnectorDescription, ErrorCode, FieldError, Pacing, Send, ServiceDesk, Setting } from '../generated/contract.js';

export type * from '../generated/contract.js';

/** The names of the connectors that this package holds, such as `connectwise`. */
export function connectors(): string[];

/**
 * A connector of this package by its name, or a component as a file or as bytes. It is compiled once, when it is needed first.
 * A component from elsewhere is held to the same limits; the domains that it calls its vendor's approve nothing.
 */
export function connector(source: 'autotask' | 'connectwise' | 'halopsa' | (string & {}) | URL | Uint8Array): Connector;

/** A component that is ready to be called for any number of tenants. */
export interface Connector {
  /** What the connector can do and needs to know: the settings for a form, the permissions, the fields. Sends nothing. */
  describe(): Promise<ConnectorDescription>;
  /**
   * A tenant: the settings of one customer. Keep it, and call it as often as you like. Sends nothing: the connector checks the
   * settings in each call.
   */
  tenant(settings: Record<string, string> | Setting[], options?: TenantOptions): Promise<Tenant>;
  /** The SHA-256 of the component, in hexadecimal digits. */
  digest(): Promise<string>;
}

/** A connector with the settings of one customer. Each call runs in a fresh instance. */
export interface Tenant extends ServiceDesk<CallOptions> {
  /** The origins that the connector contacts with these settings and the policy does not approve: see `allowHosts`. */
  notApproved(): Promise<string[]>;
}

/** How one call works. */
export interface CallOptions {
  /**
   * Ends the call. If a write may have left by then, the error is `outcome-unknown`, else `unavailable`; `cause` is the reason of
   * the signal.
   */
  signal?: AbortSignal;
}

/** How the calls of a tenant work, and what they may spend. */
export interface TenantOptions {
  /**
   * `worker`, the default: each call runs on a thread that is ended if the call passes `wallClockMs`. `none`: on the thread of the
   * caller, which goes on while a call waits for HTTP. It is faster, any number of calls overlap, and a connector that loops
   * holds up the process. Needs Node.js 24 or later, except with a recording.
   */
  isolation?: 'worker' | 'none';
  /** What each call may spend. */
  limits?: Limits;
  /** Hosts that may be reached beside those of the settings, with a port if it is not 443. `*.example.net` allows any one label. */
  allowHosts?: string[];
  /** Whether addresses of private networks may be reached, for a PSA on premises. Default: false. */
  allowPrivateNetworks?: boolean;
  /** How fast the calls of the tenant send, all together. Default: as the connector advises. `{}`: no limit. */
  pacing?: Pacing;
  /** Milliseconds for one connection and one request. */
  timeouts?: Timeouts;
  /** What is sent again: reads, and writes on which the server cannot have acted. */
  retries?: Retries;
  /** Certificate authorities to trust beside those of Node.js, in PEM. */
  certificateAuthorities?: string[];
  /** Addresses to use in place of those that a host name leads to, by host name. */
  resolve?: Record<string, string[]>;
  /** An e-mail address or URL at which the operator of the PSA can reach you. Goes into the header User-Agent. */
  contact?: string;
  /**
   * Answers all requests from a recording, and sends none: a file, or its parsed content. HTTP archives (HAR) and the recordings
   * of `psa-host --record` are read. Each call begins anew.
   */
  recording?: string | object;
  /**
   * Sends requests in your own way, in place of HTTPS. The contract's rules and the policy hold in front of it. The deadline is as
   * `performance.now()` counts; the signal says that the call is over.
   */
  send?: (requests: Parameters<Send>[0], deadline: number, signal: AbortSignal) => ReturnType<Send>;
}

/** What one call may spend. */
export interface Limits {
  /** Memory of the connector. Default: 128 MiB. */
  memoryBytes?: number;
  /** Duration of the call, waiting included. Default: 120,000. */
  wallClockMs?: number;
  /** The end of `wallClockMs` that is kept for finding out whether a write went through. Default: 20,000. */
  reserveForLookupMs?: number;
  /** Requests of the call. Default: 5,000. */
  requests?: number;
  /** Requests of the call at once. Default: 16. */
  inFlight?: number;
  /** One response, without its encoding. Default: 16 MiB. */
  responseBytes?: number;
  /** All bodies of the call, sent and received. Default: 128 MiB. */
  callBytes?: number;
  /** Headers of a request or a response. Default: 100. */
  headerCount?: number;
  /** Their size, the URL included. Default: 64 KiB. */
  headerBytes?: number;
}

/** Milliseconds. */
export interface Timeouts {
  /** Resolving the name, connecting, and TLS. Default: 10,000. */
  connectMs?: number;
  /** One attempt, from sending to the last byte of the response. Default: 60,000. */
  requestMs?: number;
}

/** What is sent again. */
export interface Retries {
  /** How often one request is sent again. Default: 3. */
  perRequest?: number;
  /** How often requests are sent again in a call, after a 429 not counted. Default: 20. */
  perCall?: number;
  /** The longest first pause; it doubles each time, and its length is drawn at random. Default: 500. */
  firstPauseMs?: number;
  /** The pause after a 429 that names none; it doubles each time. Default: 30,000. */
  rateLimitPauseMs?: number;
  /** No pause is longer. If a server asks for more, its answer is passed on. Default: 60,000. */
  longestPauseMs?: number;
}

/** What a call rejects with. No text in it holds a secret setting, a credential made of it, or a whole body. */
export class ConnectorError extends Error {
  readonly name: 'ConnectorError';
  /** What a program branches on. */
  readonly code: ErrorCode;
  /** What a person should do next. */
  readonly hint?: string;
  /** The settings or fields to correct. */
  readonly fieldErrors: FieldError[];
  /** The rights to grant, if they are known: ids of `Permission`. */
  readonly permissionIds: string[];
  /** The least time to wait before the same call. */
  readonly retryAfterSeconds?: number;
  /** Of the response that decided. */
  readonly httpStatus?: number;
  /** The PSA's own code. */
  readonly vendorCode?: string;
  /** What the PSA's support asks for. */
  readonly vendorRequestId?: string;
  /** Of a `conflict`: the tickets concerned. Of `outcome-unknown`: the ticket, if it is known. */
  readonly ticketIds: string[];
  /** What stopped the call, if it did not come to its end. */
  readonly stopped?: 'memory' | 'time' | 'trap' | 'cancelled';
}

/** Answers requests from a recording, each exchange once. Its `send` is one for `TenantOptions.send`. */
export class Replay {
  constructor(document: object, settings: Setting[]);
  readonly send: Send;
  /** The requests that had no exchange, each with the nearest one. */
  unmatched(): string[];
  /** The exchanges that nothing asked for. */
  leftOver(): string[];
}

/** How many calls run at once on threads of their own, in the process. Further calls wait. Default: 16. */
export function setMostWorkers(most: number): void;

/** Closes idle connections, so that the process can end at once. */
export function closeConnections(): Promise<void>;
