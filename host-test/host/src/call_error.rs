//! Why a call has no result.

use psa_contract::ConnectorError;

use crate::limits::LimitReached;

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The connector's error, or the host's `outcome-unknown` if the connector was stopped after a write may have been
    /// sent. Do what its code says.
    #[error("{}: {}", .0.code.name(), .0.message)]
    Connector(Box<ConnectorError>),
    /// The connector passed a limit of this host. Nothing was written. Raise the limit, or ask for less at once.
    #[error("the connector was stopped in `{function}`: {limit}. Raise the limit `{}`, or ask for less at once", .limit.field())]
    Stopped {
        /// The function, as in the contract.
        function: &'static str,
        /// The limit.
        limit: LimitReached,
    },
    /// A defect of the connector: it trapped, or broke the rules of the interface. Nothing was written. Report it to
    /// the connector's author.
    #[error(
        "the connector failed in `{function}`: {message}. This is a defect of the connector: report it to its author"
    )]
    Trapped {
        /// The function, as in the contract.
        function: &'static str,
        /// What the engine says, on one line.
        message: String,
        /// Where in the connector, for its author. Several lines; empty if the engine does not know.
        backtrace: String,
    },
    /// The host could not make the call: out of memory or address space. Nothing was sent.
    #[error("the host cannot run the connector: {0}")]
    Host(String),
}
