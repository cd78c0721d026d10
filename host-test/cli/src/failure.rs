//! Why there is no result, for people and for programs.

use std::collections::BTreeMap;

use psa_host::contract::{ConnectorDescription, ConnectorError, Permission};
use psa_host::{CallError, LimitReached, LoadError};
use serde_json::json;

use crate::exit;
use crate::text::{self, visible, visible_lines};

/// Each has an exit code of its own.
pub(crate) enum Failure {
    /// What was asked for is wrong: arguments, settings file, recording.
    Usage { message: String, hint: String },
    /// The component was refused.
    Load(LoadError),
    /// The connector's own answer, with the permissions that it describes.
    Connector(Box<ConnectorError>, Vec<Permission>),
    /// A limit stopped the connector, or a listing of many calls.
    Stopped { message: String, hint: String },
    /// The connector or this program is at fault.
    Defect { message: String, backtrace: String },
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: hint.into(),
        }
    }

    pub(crate) fn defect(message: impl Into<String>) -> Self {
        Self::Defect {
            message: message.into(),
            backtrace: String::new(),
        }
    }

    /// The description says where the permissions are that an error names.
    pub(crate) fn of_call(error: CallError, description: Option<&ConnectorDescription>) -> Self {
        match error {
            CallError::Connector(error) => {
                let permissions = description.map(|known| known.permissions.clone());
                Self::Connector(error, permissions.unwrap_or_default())
            }
            CallError::Stopped { function, limit } => Self::Stopped {
                message: format!("the connector was stopped in `{function}`: {limit}"),
                hint: match limit {
                    LimitReached::WallClock { .. } => {
                        "Give it more time with --timeout, or ask for less at once."
                    }
                    _ => "Ask for less at once. If that does not help, the connector is at fault.",
                }
                .to_owned(),
            },
            CallError::Trapped { ref backtrace, .. } => Self::Defect {
                message: error.to_string(),
                backtrace: backtrace.clone(),
            },
            _ => Self::defect(error.to_string()),
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage { .. } => exit::USAGE,
            Self::Load(_) => exit::NOT_A_CONNECTOR,
            Self::Connector(error, _) => exit::of_error(error.code),
            Self::Stopped { .. } => exit::LIMIT_REACHED,
            Self::Defect { .. } => exit::DEFECT,
        }
    }

    /// `{"error": …}`: the contract's error, or one of the same first members with a code of this program.
    pub(crate) fn json(&self) -> String {
        let own = |code: &'static str, message: &str, hint: Option<&str>| {
            text::json(&json!({"error": {"code": code, "message": message, "hint": hint}}))
        };
        let text = match self {
            Self::Usage { message, hint } => own("usage", message, Some(hint)),
            Self::Load(error) => own(
                "not-a-connector",
                &error.to_string(),
                Some(hint_of_load(error)),
            ),
            Self::Connector(error, _) => text::json(&BTreeMap::from([("error", error)])),
            Self::Stopped { message, hint } => own("limit-reached", message, Some(hint)),
            Self::Defect { message, .. } => own("defect", message, None),
        };
        text.unwrap_or_else(|_| r#"{"error": {"code": "defect"}}"#.to_owned())
    }

    /// Several lines, safe for a terminal.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Usage { message, hint } | Self::Stopped { message, hint } => {
                with_hint(message, Some(hint))
            }
            Self::Load(error) => with_hint(&error.to_string(), Some(hint_of_load(error))),
            Self::Connector(error, permissions) => connector_error(error, permissions),
            Self::Defect { message, backtrace } => {
                let mut text = with_hint(message, None);
                if !backtrace.is_empty() && std::env::var_os("RUST_BACKTRACE").is_some() {
                    text.push_str(&format!("  {}\n", visible_lines(backtrace, "  ")));
                }
                text
            }
        }
    }
}

fn hint_of_load(error: &LoadError) -> &'static str {
    match error {
        LoadError::File { .. } => "Name the connector's file, such as connectwise-psa.wasm.",
        LoadError::Engine(_) => "This machine does not run WebAssembly: try another one.",
        _ => "Get the connector from its author, built for this version of the interface.",
    }
}

fn with_hint(message: &str, hint: Option<&str>) -> String {
    let mut text = format!("error: {}\n", visible(message));
    let flags = FLAGS
        .iter()
        .filter(|(field, _)| message.contains(field))
        .map(|(_, flag)| format!("On the command line: {flag}."));
    let given = hint.filter(|hint| !hint.is_empty()).map(str::to_owned);
    let hint: Vec<String> = given.into_iter().chain(flags).collect();
    if !hint.is_empty() {
        text.push_str(&format!("  hint: {}\n", visible(&hint.join(" "))));
    }
    text
}

/// Fields of the library that its messages name, and what sets them here.
const FLAGS: [(&str, &str); 6] = [
    ("`allow_hosts`", "--allow-host HOST[:PORT]"),
    ("`allow_private_networks`", "--allow-private-networks"),
    ("`certificate_authorities`", "--cacert FILE"),
    ("`contact`", "--contact ADDRESS"),
    ("`requests`", "--board ID, to ask for less at once"),
    ("`use_environment_proxy`", "--proxy-from-environment"),
];

fn connector_error(error: &ConnectorError, permissions: &[Permission]) -> String {
    let message = format!("{}: {}", error.code.name(), error.message);
    // A connector without advice: what its code asks for, whatever the PSA.
    let hint = error.hint.as_deref();
    let mut text = with_hint(&message, hint.or(Some(exit::what_to_do(error.code))));
    let mut line = |name: &str, value: String| text.push_str(&format!("  {name}: {value}\n"));
    for field in &error.field_errors {
        let name = match (&field.field, &field.vendor_field) {
            (Some(own), Some(vendor)) => {
                format!("{} (the PSA's {})", visible(own), visible(vendor))
            }
            (Some(own), None) => visible(own),
            (None, Some(vendor)) => format!("the PSA's {}", visible(vendor)),
            (None, None) => "in general".to_owned(),
        };
        line("field", format!("{name}: {}", visible(&field.message)));
    }
    for id in &error.permission_ids {
        let place = permissions
            .iter()
            .find(|permission| permission.id == *id)
            .map(place_of);
        line("permission to grant", place.unwrap_or_else(|| visible(id)));
    }
    if let Some(seconds) = error.retry_after_seconds {
        line("repeat after", format!("{seconds} seconds"));
    }
    if let Some(status) = error.http_status {
        line("HTTP status", status.to_string());
    }
    if let Some(code) = &error.vendor_code {
        line("the PSA's code", visible(code));
    }
    if let Some(id) = &error.vendor_request_id {
        line("the PSA's request id", visible(id));
    }
    text
}

/// Where an administrator sets a permission, and to what.
pub(crate) fn place_of(permission: &Permission) -> String {
    let path = permission.path.join(" > ");
    visible(&match &permission.level {
        Some(level) => format!("{path}: {level}"),
        None => path,
    })
}
