//! What the conformance kit found: checks, and the rules that were broken. `report/` shows it; no check is made here.

use std::time::Duration;

use serde::Serialize;

mod count;
mod excerpt;
mod group;
#[cfg(feature = "html")]
mod html;
mod json;
#[cfg(feature = "junit")]
mod junit;
mod repeat;
#[cfg(test)]
mod sample;
mod terminal;
mod unreached;

pub use json::Document;
pub use repeat::Repeat;

/// One run of the kit.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The vendor and version that the connector describes. Empty if it does not describe itself.
    pub connector: String,
    /// The component's size.
    pub component_bytes: usize,
    /// The number of cases.
    pub cases: usize,
    /// Whether a filter was used.
    pub is_filtered: bool,
    /// What of the table of outcomes no case reaches, as `function role`: `set-status look-up-again`.
    pub unreached: Vec<String>,
    /// Which faults reached no answer of a function and a role. None: not all checks were made, so it is not known.
    pub unreached_faults: Option<Vec<Unreached>>,
    /// In the order of the areas, then of the cases.
    pub checks: Vec<Check>,
    /// How long it took.
    #[serde(skip)]
    pub elapsed: Duration,
}

/// One check.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Check {
    /// Its unique name, which a filter is compared with: `faults/verify/ok/2/status-502-html`.
    pub name: String,
    /// The part of the kit that it belongs to.
    pub area: Area,
    /// The case it is made from: `verify/ok`.
    pub case: Option<String>,
    /// What was done to one response of the case, by the name of its column in the matrix: `status-502`.
    pub fault: Option<&'static str>,
    /// The cell of the table of outcomes that it reached. None: it has none, or the connector did not ask for the answer.
    pub cell: Option<Cell>,
    /// How many times the connector was called.
    pub runs: usize,
    /// What was wrong. Empty if nothing was.
    pub problems: Vec<Problem>,
}

/// A cell of the table of outcomes: an answer to a function, by what it is for, and what was done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cell {
    /// The function.
    pub function: &'static str,
    /// The role of the request, or `look-up-again`.
    pub role: &'static str,
    /// The fault, by the name of its column in the matrix.
    pub fault: &'static str,
}

/// The faults that no check has put into an answer of a function and a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unreached {
    /// The function.
    pub function: &'static str,
    /// The role of the request, or `look-up-again`.
    pub role: &'static str,
    /// The faults, by the names of their columns in the matrix.
    pub faults: Vec<&'static str>,
}

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Problem {
    /// The rule.
    pub rule: Rule,
    /// What was expected.
    pub expected: String,
    /// What was found instead. May have several lines; contains no secret setting.
    pub found: String,
}

/// A rule that was broken, in the words of a report.
pub(crate) fn problem(
    rule: Rule,
    expected: impl Into<String>,
    found: impl Into<String>,
) -> Problem {
    Problem {
        rule,
        expected: expected.into(),
        found: found.into(),
    }
}

impl Report {
    /// Whether checks were made and none of them failed.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        !self.checks.is_empty() && self.failed().next().is_none()
    }

    /// The checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks
            .iter()
            .filter(|check| !check.problems.is_empty())
    }

    /// How many times the connector was called.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.checks.iter().map(|check| check.runs).sum()
    }
}

/// A named set of values, each with its name in reports and what it means.
macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $text:literal: $meaning:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $(#[doc = $meaning] $variant,)*
        }

        impl $name {
            /// Every one, in the order of a report.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As in reports and in docs/conformance.md.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// What it asks for, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }
        }
    };
}

named! {
    /// The parts of the kit.
    Area {
        Structure = "structure": "The component's imports, exports, size and metadata.",
        Description = "description": "Whether the functions do what `describe` says.",
        Recorded = "recorded": "Each case, as it was recorded.",
        Input = "input": "Invalid settings and arguments.",
        Faults = "faults": "Each response of each case, replaced with faults.",
        Rows = "rows": "Lists with rows that were not asked for, that are repeated, or that are in another order.",
        Writes = "writes": "Writes whose response is lost, both when the server acted and when it did not.",
        Renewal = "renewal": "An access token that the host kept and the server refuses.",
        Isolation = "isolation": "The same call repeated, and two tenants in turn.",
        Resources = "resources": "Memory and fuel, and how they grow with the number of rows.",
    }
}

named! {
    /// What a connector must keep. Any check can find any rule broken.
    Rule {
        Loads = "loads": "The component is valid and implements this version of the contract.",
        Imports = "imports": "The component imports the world's interfaces and nothing else.",
        Size = "size": "The component is no larger than the host allows.",
        Metadata = "metadata": "The component carries its name and its version.",
        SettingsDescribed = "settings-described": "Settings have unique names and texts. Those that make up the credentials are secret. Required ones are needed.",
        PermissionsDescribed = "permissions-described": "Permissions have unique ids and say where to set them. `verify` checks each of them, and errors name no others.",
        OperationsDescribed = "operations-described": "A function that `operations` does not list returns `unsupported` and sends nothing, and no other does.",
        InputFieldsDescribed = "input-fields-described": "Listed fields are accepted up to their limits, others are refused, and required ones are needed.",
        PacingDescribed = "pacing-described": "Each value of the pacing is at least 1, and there is a window if and only if there is a number of requests.",
        NeededRights = "needed-rights": "`verify` checks the permissions that the needed operations need, reports the others as unknown, and lists as ready the operations that lack none.",
        RecordedResult = "recorded-result": "A recorded case returns the recorded result.",
        RecordedRequests = "recorded-requests": "A recorded case sends the recorded requests, each once, in the recorded number of rounds.",
        NamesTheField = "names-the-field": "Invalid settings and arguments return `invalid-settings` and `invalid-input`, and the error names what to correct.",
        NothingSentInVain = "nothing-sent-in-vain": "Nothing is sent if settings or arguments are invalid.",
        Egress = "egress": "Every request uses https, goes to an origin that `origins` names, and follows the rules of `http`.",
        NoTrap = "no-trap": "Nothing that a server answers makes the connector trap.",
        Computing = "computing": "A call uses no more fuel than the limit.",
        Memory = "memory": "A call uses no more memory than the limit.",
        Growth = "growth": "Fuel and memory grow no faster than the number of rows.",
        CodeOfTheContract = "code-of-the-contract": "An error has a code that the contract allows for the function, and a message.",
        OutcomeFitsFault = "outcome-fits-fault": "A fault has an outcome that the table of outcomes allows.",
        NothingMissing = "nothing-missing": "A successful result contains everything that the recorded one contains.",
        WrittenOnce = "written-once": "A call writes nothing twice, and writes nothing before it knows that the record does not exist yet.",
        TokenRenewedOnce = "token-renewed-once": "A kept token that is refused is renewed once, and only the refused requests are sent again. If a fresh token is refused, that is final.",
        WriteMarked = "write-marked": "A request says `is-write` if and only if the case calls it a write.",
        DoubtIsReported = "doubt-is-reported": "A write that may have happened is found, or the call returns `outcome-unknown`.",
        OneTicket = "one-ticket": "Calls with the same reference, one after another, open one ticket.",
        OneNote = "one-note": "Calls with the same reference, one after another, write one note.",
        ReadFirst = "read-first": "Nothing is written before a look-up succeeded: of the reference, the status, or what is attached.",
        ChangeIsTold = "change-is-told": "A result says whether this call wrote, and a status or an asset that is already there is not written again.",
        FalseSuccess = "false-success": "If the PSA reports success but the ticket keeps its old status, the call returns `rejected`.",
        MergedIsConflict = "merged-is-conflict": "A change of status of a ticket that was merged into another returns `conflict`.",
        ClosedIsClosed = "closed-is-closed": "A ticket in a closed status is not reported as open.",
        OnlyWhatWasAsked = "only-what-was-asked": "A result contains only what was asked for: no other ticket, no closed ticket among open ones, nothing of another company.",
        RowsInOrder = "rows-in-order": "A list has each row once, in ascending order of id.",
        SecretMarked = "secret-marked": "A request for credentials says `is-secret`.",
        NoSecretInResult = "no-secret-in-result": "No result or error contains a secret setting, a credential made from it, or an access token.",
        NoSecretInUrl = "no-secret-in-url": "No URL contains a secret setting, a credential made from it, or an access token.",
        NoSecretInBody = "no-secret-in-body": "No body contains a secret setting or an access token if the recorded one does not.",
        SameRequests = "same-requests": "The same call sends the same requests and returns the same result.",
        NoStateKept = "no-state-kept": "A call does not depend on earlier calls.",
    }
}
