//! Reads `outcomes.txt`, the table of right outcomes, and looks a fault up in it. What the outcomes mean is in `judge.rs`.

use std::sync::OnceLock;

use psa_contract::ErrorCode;

use psa_recording::{Exchange, Input, Role};

const TABLE: &str = include_str!("outcomes.txt");

/// An outcome that is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    Code(ErrorCode),
    Recorded,
    Whole,
    Less,
    Found,
    None,
    Any,
}

/// What an exchange is for, told apart by whether something was written before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    First(Role),
    LookUpAgain,
    /// What was written is read, which the answer to the write did not show.
    ReadBack,
}

/// What the exchange is for. None: the case does not say.
pub(crate) fn place(exchanges: &[Exchange], index: usize) -> Option<Place> {
    let role = exchanges.get(index)?.role?;
    let follows_a_write = exchanges
        .iter()
        .take(index)
        .any(|exchange| exchange.role == Some(Role::Write));
    Some(match role {
        Role::LookUp if follows_a_write => Place::LookUpAgain,
        Role::Detail if follows_a_write => Place::ReadBack,
        role => Place::First(role),
    })
}

impl Place {
    /// As in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First(role) => role.name(),
            Self::LookUpAgain => "look-up-again",
            Self::ReadBack => "read-back",
        }
    }
}

struct Line {
    functions: Vec<&'static str>,
    roles: Vec<&'static str>,
    faults: Vec<&'static str>,
    right: Vec<Right>,
}

/// The outcomes that are right.
pub(crate) fn right(input: &Input, place: Place, fault: &str) -> &'static [Right] {
    lines()
        .iter()
        .find(|line| {
            fits(&line.functions, input.function())
                && fits(&line.roles, place.name())
                && fits(&line.faults, fault)
        })
        .map_or(&[], |line| &line.right)
}

/// In words, for a report.
pub(crate) fn described(right: &[Right]) -> String {
    let words: Vec<&str> = right
        .iter()
        .map(|right| match right {
            Right::Code(code) => code.name(),
            Right::Recorded => "the recorded outcome",
            Right::Whole => "a result that contains everything in the recorded one",
            Right::Less => "a result that says what is missing",
            Right::Found => "the record that was written, reported as found",
            Right::None => "no ticket",
            Right::Any => "a result",
        })
        .collect();
    words.join(", or ")
}

fn lines() -> &'static [Line] {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    LINES.get_or_init(|| TABLE.lines().filter_map(line).collect())
}

/// None for a comment, an empty line, and a line that a test of this file refuses.
fn line(text: &'static str) -> Option<Line> {
    if text.starts_with('#') {
        return None;
    }
    let mut columns = text.split_whitespace();
    let mut names = || Some(columns.next()?.split(',').collect());
    let (functions, roles, faults) = (names()?, names()?, names()?);
    let right = columns.map(outcome).collect::<Option<_>>()?;
    Some(Line {
        functions,
        roles,
        faults,
        right,
    })
}

fn outcome(name: &str) -> Option<Right> {
    Some(match name {
        "recorded" => Right::Recorded,
        "whole" => Right::Whole,
        "less" => Right::Less,
        "found" => Right::Found,
        "none" => Right::None,
        "any" => Right::Any,
        name => Right::Code(*ErrorCode::ALL.iter().find(|code| code.name() == name)?),
    })
}

fn fits(patterns: &[&str], name: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => *pattern == name,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;
    use psa_contract::Response;

    #[test]
    fn credentials_that_are_not_accepted_have_their_outcomes_in_every_function() {
        use ErrorCode as Code;
        let cases = [
            ("status-400-oauth", Code::Unauthorized, true),
            ("status-400-json", Code::Unauthorized, true),
            ("status-401-empty", Code::Unauthorized, true),
            ("status-403-json", Code::Unauthorized, true),
            ("status-403-html", Code::Unavailable, true),
            ("status-403-html", Code::Unauthorized, false),
            ("status-400-oauth", Code::UnexpectedResponse, false),
            ("status-404-json", Code::NotFound, false),
            ("status-409-json", Code::Rejected, false),
            ("failure-timed-out-in-doubt", Code::Unavailable, true),
            ("failure-timed-out-in-doubt", Code::OutcomeUnknown, false),
        ];
        let draft = psa_contract::TicketDraft::default();
        let inputs = [
            Input::Verify(Vec::new()),
            Input::CreateTicket(draft.clone()),
            Input::CheckTicket(draft),
            Input::GetTicket(String::new()),
            Input::ListSites(psa_contract::SiteQuery::default()),
        ];
        for input in inputs {
            for (fault, code, is_right) in cases {
                let outcomes = right(&input, Place::First(Role::Credential), fault);
                let found = outcomes.contains(&Right::Code(code));
                assert_eq!(found, is_right, "{} {fault}", input.function());
            }
        }
    }

    #[test]
    fn every_line_of_the_table_can_be_read() {
        let due = TABLE
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        for text in due {
            assert!(
                line(text).is_some_and(|line| !line.right.is_empty()),
                "{text}"
            );
        }
        assert!(lines().len() > 30);
    }

    #[test]
    fn every_line_but_the_last_decides_something_that_the_lines_above_leave_open() {
        let answer = Ok(Response {
            status: 200,
            headers: Vec::new(),
            body: r#"[{"id": 1, "name": "a"}]"#.into(),
            age_seconds: None,
        });
        let faults: Vec<String> = Fault::all(&answer, &["*/id".to_owned()], true)
            .iter()
            .chain(&Fault::OF_TOKEN_REQUESTS)
            .map(|fault| {
                fault
                    .name()
                    .split(':')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect();
        let functions = [
            "verify",
            "list-companies",
            "list-board-metadata",
            "check-ticket",
            "create-ticket",
            "get-ticket",
            "find-tickets",
            "add-note",
            "set-status",
            "list-contacts",
            "list-assets",
            "list-sites",
            "attach-asset",
        ];
        let roles = [
            "credential",
            "detail",
            "discovery",
            "list",
            "look-up",
            "look-up-again",
            "probe",
            "read-back",
            "write",
        ];
        let mut decides = vec![false; lines().len()];
        for function in functions {
            for role in roles {
                for fault in &faults {
                    let first = lines().iter().position(|line| {
                        fits(&line.functions, function)
                            && fits(&line.roles, role)
                            && fits(&line.faults, fault)
                    });
                    decides[first.expect("the last line fits everything")] = true;
                }
            }
        }
        let idle: Vec<usize> = (0..decides.len())
            .filter(|index| !decides[*index])
            .collect();
        assert!(idle.is_empty(), "lines that never decide: {idle:?}");
    }
}
