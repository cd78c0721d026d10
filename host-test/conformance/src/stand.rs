//! What the checks stand on: the connector, its description, and the cases with canaries in the places of their secrets.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use psa_contract::{
    ConnectorDescription, ErrorCode, InputField, Operation, Request, Setting, SettingKind,
};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::call::{Call, CallError};
use crate::case::{Case, Input, perform};
use crate::conform::stage::{Sent, Stage};
use crate::connector::Connector;
use crate::http::NoHttp;
use crate::limits::Limits;
use crate::placeholder::Placeholders;
use crate::run::{KeptGuest, Usage};

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
    /// The canaries: what must not be found where it does not belong.
    pub(crate) secrets: Vec<Setting>,
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
    Stopped(crate::limits::LimitReached),
    /// The host could not make the call.
    Host(String),
}

/// Shorter secrets are not looked for: they would be found inside of ordinary words.
const SHORTEST_SECRET_BYTES: usize = 8;

/// Whose secrets: those that the case has, or the canaries of one tenant or another.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Tenant {
    Own,
    First,
    Second,
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
                if setting.value.trim().len() >= SHORTEST_SECRET_BYTES {
                    secrets.push(setting.clone());
                }
            }
        }
        case.exchanges = case
            .recording
            .exchanges(&Placeholders::new(&case.settings))
            .map_err(|error| error.to_string())?;
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

    /// The fields of a draft that the connector takes.
    pub(crate) fn draft_fields(&self) -> impl Iterator<Item = &InputField> {
        self.description
            .input_fields
            .iter()
            .filter(|field| field.operation == Operation::CreateTicket)
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

    /// The same, with what each was answered with.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &Sent> {
        self.rounds.iter().flatten()
    }
}

/// A value of the same form: letters become other letters of the same case, hexadecimal digits stay so, and everything
/// else stays as it is. So a GUID is still one, and what was wrong is wrong in the same way.
fn canary(value: &str, tenant: Tenant) -> String {
    let step = match tenant {
        Tenant::Own => return value.to_owned(),
        Tenant::First => 3,
        Tenant::Second => 5,
    };
    let turned = |letter: char, first: char, count: u32| {
        let place = (u32::from(letter) - u32::from(first) + step) % count;
        char::from_u32(u32::from(first) + place).unwrap_or(letter)
    };
    value
        .chars()
        .map(|letter| match letter {
            '0'..='9' => turned(letter, '0', 10),
            'a'..='f' => turned(letter, 'a', 6),
            'A'..='F' => turned(letter, 'A', 6),
            'g'..='z' => turned(letter, 'g', 20),
            'G'..='Z' => turned(letter, 'G', 20),
            other => other,
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_has_the_form_of_the_value_and_no_letter_of_it() {
        for value in ["6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30", "Pub Key+1", ""] {
            for tenant in [Tenant::First, Tenant::Second] {
                let canary = canary(value, tenant);
                assert_eq!(canary.len(), value.len());
                for (old, new) in value.chars().zip(canary.chars()) {
                    assert_eq!(old.is_ascii_hexdigit(), new.is_ascii_hexdigit());
                    assert_eq!(old.is_ascii_uppercase(), new.is_ascii_uppercase());
                    assert!(old != new || !old.is_ascii_alphanumeric(), "{value}");
                }
            }
        }
        let both = [Tenant::First, Tenant::Second].map(|tenant| canary("abc", tenant));
        assert_ne!(both[0], both[1]);
    }
}
