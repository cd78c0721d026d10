//! A request without a complete response: what the connector is told, and whether it may be sent again.

use psa_contract::{Failure, FailureKind};

/// A failure, and whether the same request may fare better a moment later.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) failure: Failure,
    pub(crate) is_passing: bool,
}

impl Fault {
    /// The server cannot have acted.
    pub(crate) fn unreachable(message: String, is_passing: bool) -> Self {
        Self {
            failure: Failure {
                kind: FailureKind::Unreachable,
                message,
                may_have_acted: false,
            },
            is_passing,
        }
    }

    /// A failure that the same request would meet again.
    pub(crate) fn lasting(failure: Failure) -> Self {
        Self {
            failure,
            is_passing: false,
        }
    }
}

/// The server may have acted.
pub(crate) fn interrupted(message: String) -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message,
        may_have_acted: true,
    }
}

/// The server has acted on a request that it answers at length.
pub(crate) fn too_large(message: String) -> Failure {
    Failure {
        kind: FailureKind::TooLarge,
        message,
        may_have_acted: true,
    }
}
