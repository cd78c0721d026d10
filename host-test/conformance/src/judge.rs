//! Whether what came of a call is right: the rules that hold for every call, and those for a call with a fault in it.

use psa_contract::ErrorCode;
use serde_json::Value;

use crate::fault::name_of_status;
use crate::outcomes::{self, Place, Right, described, right};
use crate::renewal_script::Script;
use crate::report::{Problem, Rule};
use crate::stand::{Observed, Outcome, Prepared};
use crate::token::token_request;
use psa_contract::http::Answer;
use psa_recording::{Case, Expectation, Input};

/// What was broken of the rule for a fault. `fault` is its name in the table of outcomes.
pub(crate) fn of_fault(
    prepared: &Prepared,
    observed: &Observed,
    exchange: usize,
    place: Place,
    fault: &str,
) -> Option<Problem> {
    let case = &prepared.case;
    // Answers that are refusals as they are recorded. Which of two decides is up to the connector, and a result that came
    // in spite of one may come in spite of another.
    let refusals: Vec<(Place, String)> = (0..case.exchanges.len())
        .filter(|index| is_refusal(&case.exchanges[*index].answer))
        .filter_map(|index| {
            let name = name_of_refusal(&case.exchanges[index].answer);
            Some((outcomes::place(&case.exchanges, index)?, name))
        })
        .collect();
    let is_spare = case
        .exchanges
        .get(exchange)
        .is_some_and(|exchange| exchange.is_spare);
    let mut allowed = right(&case.input, place, fault).to_vec();
    if let Some(body) = fault
        .strip_prefix("status-401")
        .filter(|_| carries_a_token(case, exchange))
    {
        allowed.extend(right(&case.input, place, &format!("status-403{body}")));
    }
    let recorded_error = match &case.expect {
        Expectation::Err(error) => error["code"].as_str(),
        Expectation::Ok(_) => None,
    };
    let asked_for_more = observed.sent().any(|sent| sent.exchange.is_none());
    let is_right = match &observed.outcome {
        Outcome::Ok(result) => {
            (!refusals.is_empty() || is_spare) && case.expect.mismatches(Ok(result)).is_empty()
                || is_spare && result_is(Right::Whole, &case.expect, &case.input, result)
                || refusals.is_empty() && was_not_understood(recorded_error)
                || allowed
                    .iter()
                    .any(|right| result_is(*right, &case.expect, &case.input, result))
        }
        Outcome::Err(code, _) => {
            allowed.contains(&Right::Code(*code))
                || recorded_error == Some(code.name())
                || refusals.iter().any(|(place, name)| {
                    right(&case.input, *place, name).contains(&Right::Code(*code))
                })
                || asked_for_more && *code == ErrorCode::Unavailable
                || asked_for_more && case.input.may_write() && *code == ErrorCode::OutcomeUnknown
        }
        // The rules that hold for every call name these.
        Outcome::Trapped(_) | Outcome::Stopped(_) | Outcome::Host(_) => true,
    };
    if is_right {
        return None;
    }
    let in_doubt = allowed.contains(&Right::Code(ErrorCode::OutcomeUnknown));
    let rule = match &observed.outcome {
        _ if in_doubt => Rule::DoubtIsReported,
        Outcome::Ok(_) => Rule::NothingMissing,
        _ => Rule::OutcomeFitsFault,
    };
    let mut expected = described(&allowed);
    if fault.starts_with("optional-") {
        expected.push_str("; or name the member in `required` if the result depends on it");
    }
    Some(Problem {
        rule,
        expected,
        found: observed.outcome.shown(),
    })
}

/// Whether a request carries an access token. Whoever gave it has accepted the credentials, so that a 401 may mean what a 403
/// means: that a right is missing.
fn carries_a_token(case: &Case, exchange: usize) -> bool {
    let token = token_request(&case.exchanges, &case.settings);
    token.is_some_and(|token| Script::new(case, token).carries(exchange))
}

/// Whether the recorded answers are not understood: a change may be what makes them right.
fn was_not_understood(recorded_error: Option<&str>) -> bool {
    recorded_error == Some(ErrorCode::UnexpectedResponse.name())
}

/// An answer that gives nothing: a failure, a status that is no success, or a page.
pub(crate) fn is_refusal(answer: &Answer) -> bool {
    match answer {
        Ok(response) => {
            !(200..=299).contains(&response.status)
                || serde_json::from_slice::<serde::de::IgnoredAny>(response.body.as_bytes())
                    .is_err()
        }
        Err(_) => true,
    }
}

/// The fault that such an answer is, by its name in the table of outcomes.
fn name_of_refusal(answer: &Answer) -> String {
    match answer {
        Ok(response) if (200..=299).contains(&response.status) => "body-html".to_owned(),
        Ok(response) => name_of_status(response.status),
        Err(failure) => format!("failure-{}", failure.kind.name()),
    }
}

fn result_is(right: Right, expected: &Expectation, input: &Input, result: &Value) -> bool {
    let recorded = match expected {
        Expectation::Ok(recorded) => Some(recorded),
        Expectation::Err(_) => None,
    };
    match right {
        Right::Code(_) => false,
        Right::Any => true,
        Right::None => result["ticket"].is_null(),
        Right::Recorded => expected.mismatches(Ok(result)).is_empty(),
        Right::Found => result["creation"] == "found" || result["is-changed"] == true,
        Right::Whole => {
            recorded.is_some_and(|recorded| is_filtered(input) || is_whole(recorded, result))
        }
        Right::Less => recorded.is_none_or(|recorded| says_what_it_lacks(input, recorded, result)),
    }
}

/// Whether a result has every row that the recorded one has.
pub(crate) fn is_whole(recorded: &Value, result: &Value) -> bool {
    match (recorded, result) {
        (Value::Object(recorded), Value::Object(result)) => {
            recorded.iter().all(|(name, recorded)| match recorded {
                // What the answer no longer shows may have been applied.
                Value::Array(_) if name == "not-applied" => true,
                Value::Array(rows) => result
                    .get(name)
                    .and_then(Value::as_array)
                    .is_some_and(|found| has_every_row(rows, found)),
                Value::Object(_) => !result[name].is_null(),
                // What else may be absent: each answer says what it cannot do without.
                _ => true,
            })
        }
        (Value::Array(rows), Value::Array(found)) => found.len() >= rows.len(),
        (recorded, result) => recorded.is_null() || !result.is_null(),
    }
}

/// Whether rows may rightly fall out of the result when they lose the member that they are chosen by.
fn is_filtered(input: &Input) -> bool {
    match input {
        Input::ListCompanies(query) => {
            query.search.is_some() || !query.statuses.is_empty() || !query.types.is_empty()
        }
        Input::FindTickets(_) => true,
        Input::ListContacts(query) => query.email.is_some(),
        Input::ListAssets(query) => query.name.is_some() || query.serial_number.is_some(),
        _ => false,
    }
}

fn has_every_row(recorded: &[Value], found: &[Value]) -> bool {
    recorded.iter().all(|row| match key(row) {
        Some(id) => found.iter().any(|other| key(other) == Some(id)),
        None => found.len() >= recorded.len(),
    })
}

/// The id of a row, wherever the contract has it.
fn key(row: &Value) -> Option<&str> {
    [&row["id"], &row["choice"]["id"], &row["permission-id"]]
        .into_iter()
        .find_map(Value::as_str)
}

fn says_what_it_lacks(input: &Input, recorded: &Value, result: &Value) -> bool {
    match input {
        Input::ListBoardMetadata(_) => lists(recorded).all(|(part, rows)| {
            let found = result[part].as_array().map_or(&[][..], Vec::as_slice);
            let mut omissions = result["omissions"].as_array().into_iter().flatten();
            has_every_row(rows, found) || omissions.any(|omission| omission["part"] == part)
        }),
        Input::Verify(_) => {
            let checks = |value: &Value| value["checks"].as_array().cloned().unwrap_or_default();
            let (recorded, found) = (checks(recorded), checks(result));
            recorded.len() == found.len()
                && recorded
                    .iter()
                    .zip(&found)
                    .all(|(recorded, found)| granted(found) <= granted(recorded))
        }
        _ => true,
    }
}

fn lists(result: &Value) -> impl Iterator<Item = (&str, &[Value])> {
    let members = result.as_object().into_iter().flatten();
    members
        .filter(|(name, _)| *name != "omissions")
        .filter_map(|(name, value)| Some((name.as_str(), value.as_array()?.as_slice())))
}

/// Whether a permission's check says that it is granted at all. That it is limited may be what can no longer be known.
fn granted(check: &Value) -> bool {
    matches!(check["state"].as_str(), Some("granted" | "limited"))
}

impl Outcome {
    /// For a report: short, and on one line.
    pub(crate) fn shown(&self) -> String {
        let text = match self {
            Self::Ok(value) => format!("the result {value}"),
            Self::Err(_, error) => format!(
                "the error {}: {}",
                error["code"].as_str().unwrap_or_default(),
                error["message"].as_str().unwrap_or_default()
            ),
            Self::Trapped(message) => format!("a trap: {message}"),
            Self::Stopped(limit) => format!("the call was stopped: {limit}"),
            Self::Host(message) => format!("the host could not make the call: {message}"),
        };
        cut(&text)
    }
}

/// So much of a text as a report shows.
const SHOWN_LETTERS: usize = 600;

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_LETTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests;
