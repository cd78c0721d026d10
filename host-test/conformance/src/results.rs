//! What holds for the result of every call, whatever the PSA answered: rows by ascending id, nothing that was not asked for,
//! and a change that is told as it was.

use std::cmp::Ordering;

use psa_contract::TicketSelection;
use psa_recording::{Input, Role};
use serde_json::Value;

use crate::report::{Problem, Rule};
use crate::stand::{Observed, Outcome};

pub(crate) fn of_result(input: &Input, observed: &Observed) -> Vec<Problem> {
    let mut problems: Vec<Problem> = of_reading_first(input, observed).into_iter().collect();
    if let Outcome::Ok(result) = &observed.outcome {
        problems.extend(of_order(input, result));
        problems.extend(of_what_was_asked(input, result));
        let has_written = observed.writes().next().is_some();
        problems.extend(of_change(input, result, has_written));
    }
    problems
}

/// The rows of a list's result. None: the function returns no list by ids.
pub(crate) fn rows<'a>(input: &Input, result: &'a Value) -> Option<&'a [Value]> {
    let member = match input {
        Input::ListCompanies(_) => "companies",
        Input::FindTickets(_) => "tickets",
        Input::ListContacts(_) => "contacts",
        Input::ListAssets(_) => "assets",
        Input::ListSites(_) => "sites",
        _ => return None,
    };
    result[member].as_array().map(Vec::as_slice)
}

fn of_order(input: &Input, result: &Value) -> Option<Problem> {
    let rows = rows(input, result)?;
    let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    let is_ascending = |pair: &[&str]| matches!(pair, [one, next] if order(one, next).is_lt());
    let wrong = ids.windows(2).find(|pair| !is_ascending(pair))?;
    Some(Problem {
        rule: Rule::RowsInOrder,
        expected: "each row once, by ascending id".to_owned(),
        found: format!("{} after {}", wrong[1], wrong[0]),
    })
}

/// Numbers by value. Of other ids only the PSA knows the order, but none comes twice.
fn order(one: &str, next: &str) -> Ordering {
    let is_number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if one == next {
        Ordering::Equal
    } else if is_number(one) && is_number(next) {
        (one.len(), one).cmp(&(next.len(), next))
    } else {
        Ordering::Less
    }
}

fn of_what_was_asked(input: &Input, result: &Value) -> Option<Problem> {
    let found = match input {
        Input::GetTicket(id) => other_ticket(&result["ticket"], id),
        Input::SetStatus(change) => other_ticket(&result["ticket"], &change.ticket_id),
        _ => {
            let rows = rows(input, result)?;
            let too_many = limit(input)
                .is_some_and(|limit| rows.len() > limit as usize)
                .then(|| format!("{} rows, which is more than the limit", rows.len()));
            too_many.or_else(|| rows.iter().find_map(|row| not_asked_for(input, row)))
        }
    };
    Some(Problem {
        rule: Rule::OnlyWhatWasAsked,
        expected: "only what was requested".to_owned(),
        found: found?,
    })
}

fn other_ticket(ticket: &Value, id: &str) -> Option<String> {
    let found = ticket["id"].as_str()?;
    (found != id.trim()).then(|| format!("ticket {found} instead of {id}"))
}

fn limit(input: &Input) -> Option<u32> {
    match input {
        Input::ListCompanies(query) => query.limit,
        Input::FindTickets(query) => query.limit,
        Input::ListContacts(query) => query.limit,
        Input::ListAssets(query) => query.limit,
        Input::ListSites(query) => query.limit,
        _ => None,
    }
}

/// What makes a row one that the query excludes.
fn not_asked_for(input: &Input, row: &Value) -> Option<String> {
    let is = |member: &Value, wanted: &str| member.as_str() == Some(wanted.trim());
    let wrong = match input {
        Input::FindTickets(query) => match &query.selection {
            TicketSelection::Ids(ids) => {
                (!ids.iter().any(|id| is(&row["id"], id))).then_some("another id")
            }
            TicketSelection::References(references) => {
                let bears_one = references.iter().any(|it| is(&row["reference"], it));
                (!bears_one).then_some("none of the references")
            }
            TicketSelection::OpenOfCompany(id) => {
                let company = &row["company"]["id"];
                if !company.is_null() && !is(company, id) {
                    Some("another company")
                } else {
                    (row["is-closed"] == true)
                        .then_some("closed, although the query is for open tickets")
                }
            }
        },
        Input::ListContacts(query) => {
            let emails = row["emails"].as_array().into_iter().flatten();
            let has = |wanted: &String| emails.clone().any(|email| is_same(email, wanted));
            if is(&row["company-id"], &query.company_id) {
                (!query.email.as_ref().is_none_or(has)).then_some("another address")
            } else {
                Some("another company")
            }
        }
        Input::ListAssets(query) => {
            let has = |member: &str, wanted: &Option<String>| {
                let wanted = wanted.as_ref();
                wanted.is_none_or(|wanted| is_same(&row[member], wanted))
            };
            let is_it = has("name", &query.name) && has("serial-number", &query.serial_number);
            (!is_it).then_some("another name or serial number")
        }
        _ => None,
    }?;
    Some(format!("{}: {wrong}", row["id"]))
}

/// Compared whole and without case.
fn is_same(member: &Value, wanted: &str) -> bool {
    let found = member.as_str().unwrap_or_default().trim().to_lowercase();
    found == wanted.trim().to_lowercase()
}

fn of_change(input: &Input, result: &Value, has_written: bool) -> Option<Problem> {
    let (says, is_right) = match input {
        // After a write, the ticket may have been merged meanwhile.
        Input::SetStatus(_) if !has_written && !result["ticket"]["merged-into-id"].is_null() => {
            return Some(Problem {
                rule: Rule::MergedIsConflict,
                expected: "the error conflict, because the ticket was merged into another"
                    .to_owned(),
                found: format!("a result for ticket {}", result["ticket"]["id"]),
            });
        }
        Input::SetStatus(_) | Input::AttachAsset(_) => {
            let is_changed = &result["is-changed"];
            (
                format!("`is-changed: {is_changed}`"),
                *is_changed == has_written,
            )
        }
        Input::CreateTicket(_) | Input::AddNote(_) => {
            let creation = &result["creation"];
            (
                format!("`creation: {creation}`"),
                *creation == "found" || has_written,
            )
        }
        _ => return None,
    };
    (!is_right).then(|| Problem {
        rule: Rule::ChangeIsTold,
        expected: format!("a result that says whether this call wrote: {has_written}"),
        found: says,
    })
}

/// Nobody knows whether there is anything to write before a look-up, and none of the round of the write.
fn of_reading_first(input: &Input, observed: &Observed) -> Option<Problem> {
    let has_reference = match input {
        Input::CreateTicket(draft) => draft.reference.is_some(),
        Input::AddNote(note) => note.reference.is_some(),
        Input::SetStatus(_) | Input::AttachAsset(_) => true,
        _ => false,
    };
    let writes = |round: &[crate::stage::Sent]| round.iter().any(|sent| sent.is_write());
    let first = observed.rounds.iter().position(|round| writes(round))?;
    let has_read = observed.rounds.iter().take(first).flatten().any(|sent| {
        sent.role == Some(Role::LookUp) && sent.status.is_some_and(|it| (200..300).contains(&it))
    });
    (has_reference && !has_read).then(|| Problem {
        rule: Rule::ReadFirst,
        expected: "a successful look-up in a round before the first write".to_owned(),
        found: "a write without a look-up".to_owned(),
    })
}

#[cfg(test)]
mod tests;
