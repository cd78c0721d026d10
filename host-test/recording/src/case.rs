//! Cases: a recording, the call that it belongs to, and the expected result.

use std::fmt;
use std::path::Path;

use psa_contract::{
    AssetQuery, BoardSelection, CompanyQuery, ContactQuery, NoteDraft, Operation, Setting,
    SiteQuery, StatusChange, TicketDraft, TicketQuery,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::{Document, ExpectDocument};
use crate::exchange::Exchange;
use crate::expectation::mismatches;
use crate::function::{Function, may_write};
use crate::placeholder::Placeholders;
use crate::recording::{Recording, RecordingError, parse_document, read};

mod export;
mod files;
mod role;
mod skeleton;

pub use files::case_files;
pub use skeleton::{CaseSkeleton, case_skeleton};

/// A case, read in full.
#[derive(Clone, Debug)]
pub struct Case {
    /// The recording, with `docs`, `provenance` and the name of the file.
    pub recording: Recording,
    /// In the order of the file, repeats kept.
    pub settings: Vec<Setting>,
    /// Which function is called, and with what.
    pub input: Input,
    /// What is recorded, placeholders replaced.
    pub exchanges: Vec<Exchange>,
    /// How many times the connector calls `send`.
    pub rounds: usize,
    /// The expected result.
    pub expect: Expectation,
}

/// A function with its arguments, but for the settings.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// `describe`, which takes no settings either.
    Describe,
    /// `origins`.
    Origins,
    /// `verify`, for these operations.
    Verify(Vec<Operation>),
    /// `list-companies`.
    ListCompanies(CompanyQuery),
    /// `list-board-metadata`.
    ListBoardMetadata(BoardSelection),
    /// `check-ticket`.
    CheckTicket(TicketDraft),
    /// `create-ticket`.
    CreateTicket(TicketDraft),
    /// `get-ticket`.
    GetTicket(String),
    /// `find-tickets`.
    FindTickets(TicketQuery),
    /// `add-note`.
    AddNote(NoteDraft),
    /// `set-status`.
    SetStatus(StatusChange),
    /// `list-contacts`.
    ListContacts(ContactQuery),
    /// `list-assets`.
    ListAssets(AssetQuery),
    /// `list-sites`.
    ListSites(SiteQuery),
    /// `attach-asset`.
    AttachAsset(Attachment),
}

/// The arguments of `attach-asset`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Attachment {
    /// The ticket.
    pub ticket_id: String,
    /// The asset.
    pub asset_id: String,
}

/// The expected result of a case, as JSON with the contract's names.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// A result.
    Ok(Value),
    /// The connector's error.
    Err(Value),
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// The file cannot be read, or see [`Case::parse`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, RecordingError> {
        let (file, text) = read(path.as_ref())?;
        Self::parse_at(&file, &text, Some(path.as_ref()))
    }

    /// The same of text; `file` is used in messages only. Shared exchanges are found beside a file, so text cannot name
    /// any.
    ///
    /// # Errors
    /// What is wrong, with its place: not JSON, an unknown, missing or mistaken field, an input that the operation does
    /// not take, an exchange that cannot be read, a placeholder that names no setting.
    pub fn parse(file: &str, text: &str) -> Result<Self, RecordingError> {
        Self::parse_at(file, text, None)
    }

    fn parse_at(file: &str, text: &str, path: Option<&Path>) -> Result<Self, RecordingError> {
        let error = |place: &str, problem: String| RecordingError {
            file: file.to_owned(),
            place: place.to_owned(),
            problem,
        };
        let missing = |place: &str| error(place, "missing, and a case needs it".to_owned());
        let mut document: Document = parse_document(file, text)?;
        let function = document.operation.ok_or_else(|| missing("operation"))?;
        let settings = document
            .settings
            .take()
            .ok_or_else(|| missing("settings"))?;
        let rounds = document.rounds.ok_or_else(|| missing("rounds"))?;
        let expect = document.expect.take().ok_or_else(|| missing("expect"))?;
        let input = Input::parse(function, document.input.take())
            .map_err(|(place, problem)| error(&place, problem))?;
        let expect = Expectation::parse(expect).map_err(|problem| error("expect", problem))?;
        let settings: Vec<Setting> = settings
            .0
            .into_iter()
            .map(|(name, value)| Setting { name, value })
            .collect();
        let recording = Recording::from_document(file, document, path)?;
        let exchanges = recording.exchanges(&Placeholders::new(&settings))?;
        Ok(Self {
            recording,
            settings,
            input,
            exchanges,
            rounds,
            expect,
        })
    }
}

impl Input {
    /// The function's name in the contract.
    #[must_use]
    pub fn function(&self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Origins => "origins",
            _ => self.operation().map_or("", Operation::name),
        }
    }

    /// The function as permissions name it. None: it needs no right.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        Some(match self {
            Self::Describe | Self::Origins => return None,
            Self::Verify(_) => Operation::Verify,
            Self::ListCompanies(_) => Operation::ListCompanies,
            Self::ListBoardMetadata(_) => Operation::ListBoardMetadata,
            Self::CheckTicket(_) => Operation::CheckTicket,
            Self::CreateTicket(_) => Operation::CreateTicket,
            Self::GetTicket(_) => Operation::GetTicket,
            Self::FindTickets(_) => Operation::FindTickets,
            Self::AddNote(_) => Operation::AddNote,
            Self::SetStatus(_) => Operation::SetStatus,
            Self::ListContacts(_) => Operation::ListContacts,
            Self::ListAssets(_) => Operation::ListAssets,
            Self::ListSites(_) => Operation::ListSites,
            Self::AttachAsset(_) => Operation::AttachAsset,
        })
    }

    /// Whether the function is one that changes something in the PSA.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.operation().is_some_and(may_write)
    }

    /// The arguments of a function as JSON with the contract's names: the query, selection or draft, or an object of them.
    ///
    /// # Errors
    /// The place of what the function does not take, such as `input.company-id`, and what is wrong with it.
    pub fn parse(function: Function, input: Option<Value>) -> Result<Self, (String, String)> {
        Ok(match function {
            Function::Describe => no_input(input).map(|()| Self::Describe)?,
            Function::Origins => no_input(input).map(|()| Self::Origins)?,
            Function::Verify => Self::Verify(match input {
                None => Vec::new(),
                Some(input) => typed::<Needed>(Some(input))?.needed,
            }),
            Function::ListCompanies => Self::ListCompanies(typed(input)?),
            Function::ListBoardMetadata => Self::ListBoardMetadata(typed(input)?),
            Function::CheckTicket => Self::CheckTicket(typed(input)?),
            Function::CreateTicket => Self::CreateTicket(typed(input)?),
            Function::GetTicket => Self::GetTicket(typed::<TicketId>(input)?.id),
            Function::FindTickets => Self::FindTickets(typed(input)?),
            Function::AddNote => Self::AddNote(typed(input)?),
            Function::SetStatus => Self::SetStatus(typed(input)?),
            Function::ListContacts => Self::ListContacts(typed(input)?),
            Function::ListAssets => Self::ListAssets(typed(input)?),
            Function::ListSites => Self::ListSites(typed(input)?),
            Function::AttachAsset => Self::AttachAsset(typed(input)?),
        })
    }
}

/// The operations that `verify` is asked about. Absent: all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Needed {
    #[serde(default)]
    needed: Vec<Operation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketId {
    id: String,
}

fn no_input(input: Option<Value>) -> Result<(), (String, String)> {
    match input {
        None => Ok(()),
        Some(Value::Object(members)) if members.is_empty() => Ok(()),
        Some(_) => Err(("input".to_owned(), "this operation takes none".to_owned())),
    }
}

fn typed<T: DeserializeOwned>(input: Option<Value>) -> Result<T, (String, String)> {
    let input = input.ok_or_else(|| {
        (
            "input".to_owned(),
            "missing, and this operation needs it".to_owned(),
        )
    })?;
    serde_path_to_error::deserialize(input).map_err(|error| {
        let place = match error.path().to_string() {
            place if place == "." => "input".to_owned(),
            place => format!("input.{place}"),
        };
        (place, error.into_inner().to_string())
    })
}

impl Expectation {
    /// Where an outcome differs. Empty: it is as expected. See [`mismatches`].
    #[must_use]
    pub fn mismatches(&self, outcome: Result<&Value, &Value>) -> Vec<String> {
        match (self, outcome) {
            (Self::Ok(expected), Ok(actual)) => mismatches("ok", expected, actual),
            (Self::Err(expected), Err(actual)) => mismatches("err", expected, actual),
            (Self::Ok(_), Err(actual)) => {
                // What a reader needs first: the rest may be cut.
                let text = |name: &str| actual[name].as_str().unwrap_or_default();
                let (code, message) = (text("code"), text("message"));
                vec![format!(
                    "expected a result, found the error {code}: {message}; {actual}"
                )]
            }
            (Self::Err(_), Ok(actual)) => {
                vec![format!("expected an error, found the result {actual}")]
            }
        }
    }

    fn parse(expect: ExpectDocument) -> Result<Self, String> {
        match (expect.ok, expect.err) {
            (Some(value), None) => Ok(Self::Ok(value)),
            (None, Some(value)) => Ok(Self::Err(value)),
            _ => Err("exactly one of `ok` and `err` is due".to_owned()),
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.recording.file, self.recording.docs)
    }
}

#[cfg(test)]
mod tests;
