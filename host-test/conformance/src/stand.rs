//! What the checks stand on: the connector, its description, and the cases with canaries in the places of their secrets.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use psa_contract::{
    ConnectorDescription, ErrorCode, InputField, Operation, Request, Setting, SettingKind,
};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::canary::{Tenant, canary};
use crate::perform::perform;
use crate::stage::{Sent, Stage};
use crate::token::{SHORTEST_SECRET_BYTES, tokens};
use psa_contract::http::NoHttp;
use psa_host::Connector;
use psa_host::Limits;
use psa_host::{Call, CallError};
use psa_host::{KeptGuest, Usage};
use psa_recording::Placeholders;
use psa_recording::{Case, Input};

/// A connector on the test stand.
pub(crate) struct Stand {
    pub(crate) connector: Connector,
    pub(crate) description: ConnectorDescription,
    pub(crate) cases: Vec<Prepared>,
    pub(crate) limits: Limits,
}

/// A case with canaries planted.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) name: String,
    pub(crate) case: Case,
    /// As it was read, with the secrets that it has.
    pub(crate) original: Arc<Case>,
    /// What `origins` says for its settings. Empty where it refuses them.
    pub(crate) origins: Vec<String>,
    /// The canaries, and the credentials in the answers to requests for an access token.
    pub(crate) secrets: Vec<Secret>,
}

/// What must not be found where it does not belong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Secret {
    /// For a report.
    pub(crate) what: String,
    pub(crate) value: String,
}

/// What came of a call.
pub(crate) struct Observed {
    pub(crate) outcome: Outcome,
    /// What was sent, in rounds.
    pub(crate) rounds: Vec<Vec<Sent>>,
    pub(crate) usage: Usage,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The result, as JSON in the contract's names.
    Ok(Value),
    /// The connector's error: its code, and the whole as JSON.
    Err(ErrorCode, Value),
    /// A trap, with what the engine says of it.
    Trapped(String),
    /// A limit stopped it.
    Stopped(psa_host::LimitReached),
    /// The host could not make the call.
    Host(String),
}

impl Stand {
    /// Errors: what `describe` came to instead of a description.
    pub(crate) fn new(
        connector: Connector,
        cases: &[(String, Case)],
        limits: Limits,
    ) -> Result<Self, String> {
        let call = connector.call(NoHttp, limits.clone());
        let description =
            block_on(call.describe()).map_err(|error| format!("`describe` failed: {error}"))?;
        let mut stand = Self {
            connector,
            description,
            cases: Vec::new(),
            limits,
        };
        stand.cases = cases
            .iter()
            .map(|(name, case)| stand.prepare(name, &Arc::new(case.clone()), Tenant::First))
            .collect::<Result<_, _>>()?;
        Ok(stand)
    }

    /// The case with the secrets of a tenant.
    ///
    /// Errors: a placeholder that the case's own settings do not name.
    pub(crate) fn prepare(
        &self,
        name: &str,
        original: &Arc<Case>,
        tenant: Tenant,
    ) -> Result<Prepared, String> {
        let mut case = Case::clone(original);
        let mut secrets = Vec::new();
        for setting in &mut case.settings {
            if self.is_secret(&setting.name) {
                setting.value = canary(&setting.value, tenant);
                let value = setting.value.trim();
                if value.len() >= SHORTEST_SECRET_BYTES {
                    secrets.push(Secret {
                        what: format!("`{}`", setting.name),
                        value: value.to_owned(),
                    });
                }
            }
        }
        case.exchanges = case
            .recording
            .exchanges(&Placeholders::new(&case.settings))
            .map_err(|error| error.to_string())?;
        secrets.extend(secrets_of_answers(&case));
        let call = self.connector.call(NoHttp, self.limits.clone());
        let origins = block_on(call.origins(case.settings.clone()))
            .unwrap_or_default()
            .origins;
        Ok(Prepared {
            name: name.to_owned(),
            case,
            original: Arc::clone(original),
            origins,
            secrets,
        })
    }

    /// The fields of an operation that the connector takes.
    pub(crate) fn fields(&self, operation: Operation) -> impl Iterator<Item = &InputField> {
        self.description
            .input_fields
            .iter()
            .filter(move |field| field.operation == operation)
    }

    fn is_secret(&self, setting: &str) -> bool {
        self.description
            .settings
            .iter()
            .any(|described| described.name == setting && described.kind == SettingKind::Secret)
    }

    /// Calls the connector in a fresh instance, answered by a stage.
    pub(crate) fn call(&self, settings: &[Setting], input: &Input, stage: &Stage) -> Observed {
        self.call_in(None, settings, input, stage)
    }

    /// The same in an instance that earlier calls have used.
    pub(crate) fn call_in(
        &self,
        kept: Option<&KeptGuest>,
        settings: &[Setting],
        input: &Input,
        stage: &Stage,
    ) -> Observed {
        let usage = Arc::new(Mutex::new(Usage::default()));
        let mut call = self
            .connector
            .call(stage.clone(), self.limits.clone())
            .measured(&usage);
        if let Some(kept) = kept {
            call = call.in_kept_guest(kept);
        }
        let outcome = block_on(outcome(call, settings.to_vec(), input.clone()));
        let usage = *usage.lock().unwrap_or_else(PoisonError::into_inner);
        Observed {
            outcome,
            rounds: stage.rounds(),
            usage,
        }
    }
}

/// The credentials that a case's PSA answers with.
pub(crate) fn secrets_of_answers(case: &Case) -> impl Iterator<Item = Secret> {
    let answers = 0..case.exchanges.len();
    answers
        .flat_map(|index| tokens(&case.exchanges, index, &case.settings))
        .map(|token| Secret {
            what: format!("`{}` of the answer with the access token", token.member),
            value: token.value,
        })
}

async fn outcome(call: Call, settings: Vec<Setting>, input: Input) -> Outcome {
    match perform(call.with_its_own_end(), settings, input).await {
        Ok(value) => Outcome::Ok(value),
        Err(CallError::Connector(error)) => match json(&*error) {
            Ok(value) => Outcome::Err(error.code, value),
            Err(error) => Outcome::Host(error.to_string()),
        },
        Err(CallError::Stopped { limit, .. }) => Outcome::Stopped(limit),
        Err(CallError::Trapped { message, .. }) => Outcome::Trapped(message),
        Err(error) => Outcome::Host(error.to_string()),
    }
}

fn json(value: &impl serde::Serialize) -> Result<Value, CallError> {
    serde_json::to_value(value)
        .map_err(|error| CallError::Host(format!("the result cannot be written as JSON: {error}")))
}

impl Observed {
    /// Every request, in the order in which it was sent.
    pub(crate) fn requests(&self) -> impl Iterator<Item = &Request> {
        self.sent().map(|sent| &sent.request)
    }

    /// The same, with what each is for and was answered with.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &Sent> {
        self.rounds.iter().flatten()
    }

    /// Those that change something in the PSA.
    pub(crate) fn writes(&self) -> impl Iterator<Item = &Sent> {
        self.sent().filter(|sent| sent.is_write())
    }
}

/// Each thread has a runtime of its own: a call waits for nothing but its own clock.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: RefCell<Option<Runtime>> = const { RefCell::new(None) };
    }
    RUNTIME.with_borrow_mut(|runtime| {
        runtime
            .get_or_insert_with(|| {
                Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .expect("a runtime that uses no input and output starts everywhere")
            })
            .block_on(future)
    })
}
