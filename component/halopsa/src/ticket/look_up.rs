//! Which tickets bear a reference.
//!
//! Halo ignores parameters that it does not know, and answers with tickets that nobody asked for. So two searches are made,
//! one by the member for references, which only newer versions have a filter for, and one by the text, where the reference
//! is the last line. Both compare loosely, so each row is looked at. A search with rows that do not hold the reference was
//! not honoured, which is not "not found".

use psa_contract::Body;
use psa_toolkit::exchange::{Answer, Call};
use psa_toolkit::loose::Rows;
use psa_toolkit::note::bears;
use psa_toolkit::pages::{Row as _, cut};
use psa_toolkit::text::contains_ignoring_case;
use psa_toolkit::{Error, HttpSend};

use crate::api::{LARGEST_PAGE, List, those_there};
use crate::settings::Settings;
use crate::wire::Ticket;

const DOING: &str = "look for the ticket by its reference";
/// Rows that do not show what they bear are read one by one: more of them than this are no answer to the search.
const MOST_READ: usize = 5;

/// The two searches for a reference. The one by the text takes long, unless it is of one client. Lists leave closed tickets out
/// unless they are told not to, and may come from a cache.
pub(super) fn searches(settings: &Settings, reference: &str, client: Option<i64>) -> [Call; 2] {
    let client = client.map(|id| id.to_string());
    let of_client = client.as_deref().map(|id| ("client_id", id));
    [
        ("third_party_id_string", None),
        ("search_details", of_client),
    ]
    .map(|(by, of_client)| {
        let mut filters = vec![
            (by, reference),
            ("open_only", "false"),
            ("closed_only", "false"),
            ("nocache", "true"),
        ];
        filters.extend(of_client);
        List::new(settings, DOING, "Tickets", &filters).page(1, LARGEST_PAGE)
    })
}

/// What a row shows of a reference.
#[derive(PartialEq)]
enum Shown {
    /// It bears this very one.
    Reference,
    /// It holds it, in a longer one or elsewhere.
    Similar,
    /// It does not show the member, which lists leave out, and is left out if it is not set.
    Unknown,
    Nothing,
}

fn shown(row: &Ticket, reference: &str) -> Shown {
    let (member, text) = (row.third_party_id_string.0.as_ref(), row.text());
    if member.is_some_and(|it| it == reference) || text.is_some_and(|it| bears(it, reference)) {
        return Shown::Reference;
    }
    let mut texts = member.into_iter().chain(text);
    match member {
        _ if texts.any(|it| contains_ignoring_case(it, reference)) => Shown::Similar,
        None => Shown::Unknown,
        Some(_) => Shown::Nothing,
    }
}

/// The tickets that bear one of the references, each once, of the answers to the [`searches`] for each. Rows that do not show
/// whether they bear it are read, all in one round.
///
/// # Errors
/// What an answer means, or `unexpected-response` if neither search for a reference was honoured: then it is not known.
pub(super) fn bearing(
    settings: &Settings,
    references: &[String],
    answers: &[Answer],
    send: &mut HttpSend,
) -> Result<Vec<Ticket>, Error> {
    let searched = || {
        answers
            .iter()
            .zip(references.iter().flat_map(|it| [it, it]))
    };
    let mut found: Vec<Rows<Ticket>> = Vec::new();
    let mut to_read: Vec<i64> = Vec::new();
    for (answer, reference) in searched() {
        if matches!(answer.success()?.body, Body::Bytes(_)) {
            return Err(answer.unexpected("expected a body in UTF-8: a reference may be damaged"));
        }
        let rows: Rows<Ticket> = answer.read()?;
        let unknown = rows.rows.iter();
        let unknown = unknown.filter(|row| shown(row, reference) == Shown::Unknown);
        let unknown: Vec<i64> = unknown.map(|row| row.id()).collect();
        if unknown.len() <= MOST_READ {
            to_read.extend(unknown);
        }
        found.push(rows);
    }
    to_read.sort_unstable();
    to_read.dedup();
    let whole: Vec<Ticket> = those_there(settings, DOING, "Tickets", &to_read, send)?;
    let (mut bearing, mut known) = (Vec::new(), Vec::new());
    for ((_, reference), Rows { rows, total }) in searched().zip(found) {
        let mut is_of_search = total.is_none_or(|total| total <= rows.len());
        for row in rows {
            let row = match whole.iter().find(|it| it.id() == row.id()) {
                Some(whole) => whole.clone(),
                // It is gone.
                None if to_read.contains(&row.id()) => continue,
                None => row,
            };
            match shown(&row, reference) {
                Shown::Reference => {
                    known.push(reference);
                    bearing.push(row);
                }
                Shown::Similar => {}
                Shown::Unknown | Shown::Nothing => is_of_search = false,
            }
        }
        known.extend(is_of_search.then_some(reference));
    }
    if let Some((answer, _)) = searched().find(|(_, it)| !known.contains(it)) {
        return Err(answer.unexpected(
            "expected tickets that hold the reference, found others: Halo did not search for it",
        ));
    }
    Ok(cut(bearing, None, usize::MAX).rows)
}
