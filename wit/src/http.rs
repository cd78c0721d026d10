//! `interface http`: requests that a connector hands to its host, and what comes back.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::{enumeration, record};

record! {
    secret Request {
        method: String = "method",
        url: String = "url",
        headers: Vec<(String, String)> = "headers",
        body: Option<Vec<u8>> = "body",
    }
}

record! {
    Response {
        status: u16 = "status",
        headers: Vec<(String, String)> = "headers",
        body: Vec<u8> = "body",
    }
}

enumeration! {
    FailureKind {
        Denied = "denied",
        Unreachable = "unreachable",
        TimedOut = "timed-out",
        Interrupted = "interrupted",
        TooLarge = "too-large",
    }
}

record! {
    Failure {
        kind: FailureKind = "kind",
        message: String = "message",
        may_have_acted: bool = "may-have-acted",
    }
}

/// Shows neither headers, which hold the credentials, nor the body.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Request({} {})", self.method, self.url)
    }
}

impl Response {
    /// The first value of a header, its name compared without case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl FailureKind {
    /// Used by the component's bindings only, which make an enum that way from its number in the contract.
    #[doc(hidden)]
    #[must_use]
    pub fn _lift(number: u8) -> Self {
        match number {
            0 => Self::Denied,
            1 => Self::Unreachable,
            2 => Self::TimedOut,
            3 => Self::Interrupted,
            _ => Self::TooLarge,
        }
    }
}
