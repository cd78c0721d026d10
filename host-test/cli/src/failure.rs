//! Failures, for people and for programs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use psa_host::contract::{ConnectorDescription, ConnectorError};
use psa_host::{CallError, LimitReached, LoadError};
use serde_json::{Value, json};

use crate::candidate::Candidate;
use crate::error_text::{connector_error, headline};
use crate::exit;
use crate::flags::with_flags;
use crate::layout::{Width, labelled, paragraph};
use crate::text::{self, visible_lines};

/// Each has an exit code of its own.
pub(crate) enum Failure {
    /// What was asked for is wrong: arguments, settings file, recording.
    Usage {
        message: String,
        /// Each a line of its own.
        details: Vec<String>,
        hint: String,
    },
    /// The component was refused.
    Load { message: String, hint: String },
    /// The connector's own answer, with its description.
    Connector(Box<ConnectorError>, Option<Box<ConnectorDescription>>),
    /// A limit stopped the connector, or a listing of many calls.
    Stopped { message: String, hint: String },
    /// Nothing, or several records, are what was asked for: a person chooses.
    Choice {
        message: String,
        hint: String,
        candidates: Vec<Candidate>,
    },
    /// There is a result, and it cannot be printed.
    NotPrinted {
        message: String,
        /// What was changed in the PSA.
        done: Option<String>,
    },
    /// The connector or this program is at fault.
    Defect { message: String, backtrace: String },
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            details: Vec::new(),
            hint: hint.into(),
        }
    }

    pub(crate) fn defect(message: impl Into<String>) -> Self {
        Self::Defect {
            message: message.into(),
            backtrace: String::new(),
        }
    }

    /// It is easy to name the settings file instead of the connector. The engine's message would not help then.
    pub(crate) fn load(path: &Path, error: &LoadError) -> Self {
        let is_something_else =
            matches!(error, LoadError::NotAComponent(_)) && !is_webassembly(path);
        let message = if is_something_else {
            format!(
                "{} is not a connector: it is not WebAssembly",
                path.display()
            )
        } else {
            error.to_string()
        };
        let hint = match error {
            LoadError::File { .. } => NAME_THE_CONNECTOR,
            _ if is_something_else => NAME_THE_CONNECTOR,
            LoadError::Engine(_) => "This machine cannot run WebAssembly: try another one.",
            _ => "Ask the connector's author for a build for this version of the interface.",
        };
        Self::Load {
            message,
            hint: hint.to_owned(),
        }
    }

    /// The description says where to set the permissions that an error names.
    pub(crate) fn of_call(error: CallError, description: Option<&ConnectorDescription>) -> Self {
        match error {
            CallError::Connector(error) => {
                Self::Connector(error, description.cloned().map(Box::new))
            }
            CallError::Stopped { function, limit } => Self::Stopped {
                message: format!("the connector was stopped in `{function}`: {limit}"),
                hint: match limit {
                    LimitReached::WallClock { .. } => {
                        "Give it more time with --timeout, or ask for less at once."
                    }
                    _ => "Ask for less at once. If that does not help, the connector has a defect.",
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
            Self::Load { .. } => exit::NOT_A_CONNECTOR,
            Self::Connector(error, _) => exit::of_error(error.code),
            Self::Stopped { .. } => exit::LIMIT_REACHED,
            Self::Choice { .. } => exit::CHOICE_NEEDED,
            Self::NotPrinted { .. } => exit::NOT_PRINTED,
            Self::Defect { .. } => exit::DEFECT,
        }
    }

    /// `{"error": …}`: the contract's error, or one of the same first members with a code of this program.
    pub(crate) fn json(&self) -> String {
        let own = |code: &'static str, message: &str, hint: Option<&str>| {
            text::json(&json!({"error": {"code": code, "message": message, "hint": hint}}))
        };
        let text = match self {
            Self::Usage {
                message,
                details,
                hint,
            } => {
                let whole = [std::slice::from_ref(message), details].concat();
                own("usage", &whole.join("; "), Some(hint))
            }
            Self::Load { message, hint } => own("not-a-connector", message, Some(hint)),
            Self::Connector(error, _) => text::json(&BTreeMap::from([("error", error)])),
            Self::Stopped { message, hint } => own("limit-reached", message, Some(hint)),
            Self::Choice {
                message,
                hint,
                candidates,
            } => text::json(&json!({"error": {
                "code": "choice-needed", "message": message, "hint": hint, "candidates": candidates,
            }})),
            Self::NotPrinted { message, done } => own("not-printed", message, done.as_deref()),
            Self::Defect { message, .. } => own("defect", message, None),
        };
        text.unwrap_or_else(|_| r#"{"error": {"code": "defect"}}"#.to_owned())
    }

    /// What is under `error` there.
    pub(crate) fn value(&self) -> Value {
        let mut whole: Value = serde_json::from_str(&self.json()).unwrap_or_default();
        whole["error"].take()
    }

    /// Several lines, safe for a terminal.
    pub(crate) fn text(&self, width: Width) -> String {
        match self {
            Self::Usage {
                message,
                details,
                hint,
            } => own_error(message, details, Some(hint), width),
            Self::Load { message, hint } | Self::Stopped { message, hint } => {
                own_error(message, &[], Some(hint), width)
            }
            Self::NotPrinted { message, done } => own_error(message, done.as_slice(), None, width),
            Self::Connector(error, description) => {
                connector_error(error, description.as_deref(), width)
            }
            Self::Choice {
                message,
                hint,
                candidates,
            } => {
                let lines: Vec<String> = candidates.iter().map(Candidate::to_string).collect();
                own_error(message, &lines, Some(hint), width)
            }
            Self::Defect { message, backtrace } => {
                let mut text = own_error(message, &[], None, width);
                if !backtrace.is_empty() && std::env::var_os("RUST_BACKTRACE").is_some() {
                    text.push_str(&format!("\n  {}", visible_lines(backtrace, "  ")));
                }
                text
            }
        }
    }
}

const NAME_THE_CONNECTOR: &str =
    "Name the connector or its file; `psa-host --help` says where it is looked for.";

/// Whether the file starts like every WebAssembly module and component.
fn is_webassembly(path: &Path) -> bool {
    let mut magic = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    read.is_ok() && magic == *b"\0asm"
}

fn own_error(message: &str, details: &[String], hint: Option<&str>, width: Width) -> String {
    let mut lines = vec![headline(message, width)];
    lines.extend(details.iter().map(|detail| paragraph(2, detail, width)));
    if let Some(hint) = with_flags(hint, message) {
        lines.push(labelled(2, "hint", &hint, width));
    }
    lines.join("\n")
}
