//! A response's body, counted while it arrives and after its encoding was removed.

use std::sync::atomic::{AtomicUsize, Ordering};

use psa_contract::Failure;

use crate::live::HttpLimits;
use crate::live::failure;
use crate::live::fault::too_large;

/// What is left of the bytes that a call may send and receive in bodies.
pub(crate) struct BytesLeft(AtomicUsize);

impl BytesLeft {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(AtomicUsize::new(bytes))
    }

    /// Takes so many, if there are that many; nothing otherwise.
    pub(crate) fn take(&self, bytes: usize) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            })
            .is_ok()
    }

    /// Leaves none: what was read last did not fit.
    fn exhaust(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(crate) fn is_exhausted(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

/// Reads the whole body, or stops at the limit that it passes.
pub(crate) async fn read(
    mut response: reqwest::Response,
    limits: &HttpLimits,
    bytes_left: &BytesLeft,
) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failure::of_reading(&error))?
    {
        if chunk.len() > limits.response_bytes.saturating_sub(body.len()) {
            return Err(too_large(format!(
                "the response has more than {} bytes, the limit `response_bytes`",
                limits.response_bytes
            )));
        }
        if !bytes_left.take(chunk.len()) {
            bytes_left.exhaust();
            return Err(too_large(format!(
                "the bodies of this call have more than {} bytes, the limit `call_bytes`",
                limits.call_bytes
            )));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_taken_whole_or_not_at_all() {
        let left = BytesLeft::new(10);
        for (bytes, expected) in [(4, true), (7, false), (6, true), (1, false), (0, true)] {
            assert_eq!(left.take(bytes), expected, "{bytes}");
        }
        assert!(left.is_exhausted());
    }
}
