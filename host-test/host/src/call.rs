//! One call of one function of a connector: with what HTTP, within what limits, and what a function that writes answers if it
//! is stopped. The functions are in `call/methods.rs`; how a guest is run is in `run.rs`.

use std::sync::{Arc, Mutex};

use psa_contract::{ConnectorError, ErrorCode};
use wasmtime::component::{ComponentNamedList, Lift, Lower};

use crate::call_error::CallError;
use crate::connector::Connector;
use crate::functions::{Function, Functions, Outcome};
use crate::http::Http;
use crate::limited_http::RequestRules;
use crate::limits::Limits;
#[cfg(feature = "policy")]
use crate::policy::Policy;
use crate::run::{KeptGuest, Run, Usage, run};

mod methods;

/// Least time to wait before a ticket in doubt is asked for again: the PSA may still be writing it.
const RETRY_AFTER_DOUBT_SECONDS: u32 = 60;

/// One call, ready to be made: [`Connector::call`] makes it, and a method for each function of the contract carries it out.
/// Their futures are `Send` and need a Tokio runtime with time enabled, of any flavour.
///
/// Dropping the future of a call ends the call. What the server then does with a request under way is not known: repeat a
/// `create_ticket` that was dropped with its reference only.
pub struct Call {
    run: Run,
    shows_the_end: bool,
}

impl Connector {
    /// One call with this HTTP and these limits: `connector.call(http, Limits::default()).verify(settings).await`.
    #[must_use]
    pub fn call(&self, http: impl Http + 'static, limits: Limits) -> Call {
        Call::new(self.clone(), Box::new(http), limits)
    }
}

impl Call {
    fn new(connector: Connector, http: Box<dyn Http>, limits: Limits) -> Self {
        Self {
            run: Run {
                connector,
                http,
                rules: RequestRules::Contract,
                limits,
                usage: None,
                kept: None,
            },
            shows_the_end: false,
        }
    }

    /// Sends only requests that this policy allows ([`Policy::check`]), whatever the [`Http`]; others are answered as failure
    /// `denied`. Without it a call is held to the contract's rules alone, and its [`Http`] may be sent any https URL.
    #[cfg(feature = "policy")]
    #[must_use]
    pub fn under(mut self, policy: &Policy) -> Self {
        self.run.rules = RequestRules::Policy(policy.clone());
        self
    }

    /// Writes what the call used to this place when it ends, however it ends.
    #[must_use]
    pub fn measured(mut self, usage: &Arc<Mutex<Usage>>) -> Self {
        self.run.usage = Some(Arc::clone(usage));
        self
    }

    /// Runs in the instance of the calls before it. For checks and measures only: nothing of one tenant is kept from another.
    #[doc(hidden)]
    #[must_use]
    pub fn in_kept_guest(mut self, kept: &KeptGuest) -> Self {
        self.run.kept = Some(kept.clone());
        self
    }

    /// Shows how a function that writes ended, in place of the host's own `outcome-unknown`, which would hide that the
    /// connector trapped, and gives its HTTP every request, also those that the contract forbids. For checks only, which
    /// judge both themselves.
    #[doc(hidden)]
    #[must_use]
    pub fn with_its_own_end(mut self) -> Self {
        self.run.rules = RequestRules::None;
        self.shows_the_end = true;
        self
    }

    async fn write<Parameters, T>(
        self,
        function: impl FnOnce(&Functions) -> &Function<Parameters, Outcome<T>>,
        parameters: Parameters,
        may_be_repeated: bool,
    ) -> Result<T, CallError>
    where
        Parameters: ComponentNamedList + Lower + Send + Sync + 'static,
        T: Lift + Send + Sync + 'static,
    {
        let shows_the_end = self.shows_the_end;
        let outcome = run(self.run, function, parameters).await;
        answer(outcome.map_err(|interrupted| {
            if interrupted.may_have_written && !shows_the_end {
                let error = outcome_unknown(&interrupted.error, may_be_repeated);
                CallError::Connector(Box::new(error))
            } else {
                interrupted.error
            }
        }))
    }

    async fn run<Parameters, Results>(
        self,
        function: impl FnOnce(&Functions) -> &Function<Parameters, Results>,
        parameters: Parameters,
    ) -> Result<Results, CallError>
    where
        Parameters: ComponentNamedList + Lower + Send + Sync + 'static,
        Results: ComponentNamedList + Lift + Send + Sync + 'static,
    {
        run(self.run, function, parameters)
            .await
            .map_err(|interrupted| interrupted.error)
    }
}

fn answer<T>(outcome: Result<Outcome<T>, CallError>) -> Result<T, CallError> {
    let (result,) = outcome?;
    result.map_err(|error| CallError::Connector(Box::new(error)))
}

fn outcome_unknown(cause: &CallError, may_be_repeated: bool) -> ConnectorError {
    let hint = if may_be_repeated {
        "Repeat the same call after the time given: it finds what was written."
    } else {
        "Look in the PSA first: without a reference, a repeated call may write a second time."
    };
    let message = format!("a write was sent to the PSA, then {cause}");
    ConnectorError {
        hint: Some(hint.to_owned()),
        retry_after_seconds: Some(RETRY_AFTER_DOUBT_SECONDS),
        ..ConnectorError::new(ErrorCode::OutcomeUnknown, message)
    }
}
