//! What the conformance kit found: checks, and the rules they broke. How it is shown is in `report/`; no check is made here.

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

pub use json::Document;
pub use repeat::Repeat;

/// One run of the kit.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The vendor and the version that the connector tells of itself; empty where it could not be asked.
    pub connector: String,
    /// The component's size.
    pub component_bytes: usize,
    /// How many cases the folder holds.
    pub cases: usize,
    /// Whether only some of the checks were made.
    pub is_filtered: bool,
    /// What of the table of outcomes no case reaches, as `function role`: `set-status look-up-again`.
    pub unreached: Vec<String>,
    /// In the order of the areas, then of the cases.
    pub checks: Vec<Check>,
    /// How long it took.
    #[serde(skip)]
    pub elapsed: Duration,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Check {
    /// Unique, and what a filter compares: `faults/verify/ok/2/status-502-html`.
    pub name: String,
    /// Which part of the kit it is of.
    pub area: Area,
    /// The case it is made from: `verify/ok`.
    pub case: Option<String>,
    /// What was done to one answer of the case, as the columns of the matrix name it: `status-502`.
    pub fault: Option<&'static str>,
    /// How many times the connector was called.
    pub runs: usize,
    /// What was wrong. Empty: nothing.
    pub problems: Vec<Problem>,
}

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Problem {
    /// The rule.
    pub rule: Rule,
    /// What would have been right.
    pub expected: String,
    /// What came instead. Several lines where it is long; holds no secret of the settings.
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
    /// Whether nothing was wrong, and anything was looked at.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        !self.checks.is_empty() && self.failed().next().is_none()
    }

    /// The checks that found something.
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
        Structure = "structure": "What the component imports, exports, weighs and carries.",
        Description = "description": "What `describe` says, held against what the functions do.",
        Recorded = "recorded": "Each case of the folder as it was recorded.",
        Input = "input": "Settings and arguments that are wrong.",
        Faults = "faults": "Every answer of every case replaced by faults.",
        Rows = "rows": "Rows of lists that were not asked for, come twice, or come in another order.",
        Writes = "writes": "Writes in doubt, with the server having acted and not having acted.",
        Renewal = "renewal": "An access token that was kept, is refused, and is renewed.",
        Isolation = "isolation": "The same call again, and two tenants in turn.",
        Resources = "resources": "Memory and computing, and how they grow with the number of rows.",
    }
}

named! {
    /// What a connector has to keep. Any check can find any of them broken.
    Rule {
        Loads = "loads": "The component is valid and of this version of the contract.",
        Imports = "imports": "The component imports the world's interfaces and nothing else.",
        Size = "size": "The component is no larger than the host allows.",
        Metadata = "metadata": "The component carries its name and its version.",
        SettingsDescribed = "settings-described": "Settings have unique names and texts, those that make the credentials are secret, and required ones are needed.",
        PermissionsDescribed = "permissions-described": "Permissions have unique ids and say where they are set; `verify` checks each of them, and errors name no others.",
        OperationsDescribed = "operations-described": "A function that `operations` does not list returns `unsupported` and sends nothing, and no other does.",
        InputFieldsDescribed = "input-fields-described": "The fields that are listed are taken up to their limits, the others are refused, and required ones are needed.",
        PacingDescribed = "pacing-described": "The pacing has values of at least 1, and a window exactly if it has a number of requests.",
        NeededRights = "needed-rights": "`verify` checks what the needed operations need, leaves the rest unknown, and calls ready what lacks nothing.",
        RecordedResult = "recorded-result": "A recorded case gives the recorded result.",
        RecordedRequests = "recorded-requests": "A recorded case sends the recorded requests, each once, in the recorded number of rounds.",
        NamesTheField = "names-the-field": "Wrong settings and arguments are `invalid-settings` and `invalid-input`, and the error names what to correct.",
        NothingSentInVain = "nothing-sent-in-vain": "Nothing is sent where settings or arguments are wrong.",
        Egress = "egress": "Every request goes by https to an origin that `origins` names, and keeps the rules of `http`.",
        NoTrap = "no-trap": "Nothing that a server answers makes the connector trap.",
        Computing = "computing": "A call computes no more than the limit.",
        Memory = "memory": "A call takes no more memory than the limit.",
        Growth = "growth": "Computing and memory grow no faster than the number of rows.",
        CodeOfTheContract = "code-of-the-contract": "An error has a code that the contract allows for the function, and a message.",
        OutcomeFitsFault = "outcome-fits-fault": "A fault has an outcome that the table of outcomes allows.",
        NothingMissing = "nothing-missing": "A result that succeeds holds everything that the recorded one holds.",
        WrittenOnce = "written-once": "Nothing is written twice in a call, and nothing where it was not established that it is not there yet.",
        TokenRenewedOnce = "token-renewed-once": "A kept token that is refused is renewed once, and only what was refused is sent again; a fresh one that is refused is final.",
        WriteMarked = "write-marked": "A request says `is-write` exactly if the case calls it a write.",
        DoubtIsReported = "doubt-is-reported": "A write that may have happened is found again or `outcome-unknown`.",
        OneTicket = "one-ticket": "Calls with one reference, one after the other, open one ticket.",
        OneNote = "one-note": "Calls with one reference, one after the other, write one note.",
        ReadFirst = "read-first": "Nothing is written before a look-up has succeeded: the record with the reference, the status, what is attached.",
        ChangeIsTold = "change-is-told": "A result says whether this call wrote, and a status or an asset that is already there is not written again.",
        FalseSuccess = "false-success": "A success after which the ticket has its old status is `rejected`.",
        MergedIsConflict = "merged-is-conflict": "The status of a ticket that was merged into another is not set: `conflict`.",
        ClosedIsClosed = "closed-is-closed": "A ticket in a status that counts as done is not reported as open.",
        OnlyWhatWasAsked = "only-what-was-asked": "A result holds only what was asked for: no other ticket, no closed one among the open ones, nothing of another company.",
        RowsInOrder = "rows-in-order": "A list has each row once, by ascending id.",
        SecretMarked = "secret-marked": "A request for credentials says `is-secret`.",
        NoSecretInResult = "no-secret-in-result": "No result and no error holds a secret setting, a credential made of it, or an access token.",
        NoSecretInUrl = "no-secret-in-url": "No URL holds a secret setting, a credential made of it, or an access token.",
        NoSecretInBody = "no-secret-in-body": "No body holds a secret setting or an access token where the recorded one does not.",
        SameRequests = "same-requests": "The same call sends the same and returns the same.",
        NoStateKept = "no-state-kept": "A call does not depend on the call before it.",
    }
}
