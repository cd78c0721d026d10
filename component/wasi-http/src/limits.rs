//! What one `send` may take. `wasi:http` tells nobody where a call begins and ends, so a call as a whole is limited by whoever
//! runs the component. The values are those of the library `psa-host`, where it has the same limit.

/// Requests under way at once, if the connector does not advise fewer.
pub(crate) const IN_FLIGHT: u32 = 16;

/// To resolve the name, to connect and to agree on TLS, in nanoseconds.
pub(crate) const CONNECT: u64 = 10 * SECOND;

/// From sending a request to the last byte of its response, in nanoseconds.
pub(crate) const REQUEST: u64 = 60 * SECOND;

/// From the start to the last moment in which a request is sent, in nanoseconds.
pub(crate) const SEND: u64 = 60 * SECOND;

/// Bytes of one response's body.
pub(crate) const RESPONSE_BYTES: usize = 16 << 20;

/// Bytes of the bodies of all responses together.
pub(crate) const ALL_BYTES: usize = 64 << 20;

const SECOND: u64 = 1_000_000_000;
