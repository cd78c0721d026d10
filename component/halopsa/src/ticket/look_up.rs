//! Which tickets bear a reference.
//!
//! Halo ignores parameters that it does not know, and answers with tickets that nobody asked for. So two searches are made,
//! one by the member for references, which only newer versions have a filter for, and one by the text, where the reference
//! is the last line. Both compare loosely, so each row is looked at. A search none of whose rows hold the reference was not
//! honoured, which is not "not found".

use psa_contract::Body;
use psa_toolkit::exchange::{Answer, Call};
use psa_toolkit::loose::Rows;
use psa_toolkit::note::bears;
use psa_toolkit::pages::Row as _;
use psa_toolkit::text::contains_ignoring_case;
use psa_toolkit::{Error, HttpSend};

use super::list;
use crate::api::those_there;
use crate::settings::Settings;
use crate::wire::Ticket;

const DOING: &str = "look for the ticket by its reference";
const PAGE_SIZE: usize = 100;
/// Rows that do not show what they bear are read one by one: more of them than this are no answer to the search.
const MOST_READ: usize = 5;

/// The search by the member.
pub(super) const BY_MEMBER: &str = "third_party_id_string";
/// The search by the text, which takes long.
pub(super) const BY_TEXT: &str = "search_details";

/// A search. Lists leave closed tickets out unless they are told not to, and may come from a cache.
pub(super) fn search(settings: &Settings, by: &str, reference: &str, client: Option<i64>) -> Call {
    let client = client.map(|id| id.to_string());
    let mut filters = vec![
        (by, reference),
        ("open_only", "false"),
        ("closed_only", "false"),
        ("nocache", "true"),
    ];
    filters.extend(client.as_deref().map(|id| ("client_id", id)));
    list(settings, DOING, &filters).page(1, PAGE_SIZE)
}

/// What a row shows of a reference.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    /// It bears this very one.
    Reference,
    /// It holds it, in a longer one or elsewhere.
    Similar,
    /// It is a row of a list that does not show the member: those that are not set are left out.
    Unknown,
    Nothing,
}

fn shown(row: &Ticket, reference: &str, is_listed: bool) -> Shown {
    let (member, text) = (row.third_party_id_string.0.as_ref(), row.text());
    if member.is_some_and(|it| it == reference) || text.is_some_and(|it| bears(it, reference)) {
        return Shown::Reference;
    }
    let mut texts = member.into_iter().chain(text);
    if texts.any(|it| contains_ignoring_case(it, reference)) {
        Shown::Similar
    } else if is_listed && member.is_none() {
        Shown::Unknown
    } else {
        Shown::Nothing
    }
}

/// A reference, and the answers to the searches for it.
pub(super) struct Searched<'a> {
    pub(super) reference: &'a str,
    pub(super) answers: &'a [Answer<'a>],
}

/// The tickets that bear each reference; None: no search for it was honoured, so that this is not known. Rows that do not
/// show whether they bear it are read, all in one round.
pub(super) fn bearing(
    settings: &Settings,
    searched: &[Searched],
    send: &mut HttpSend,
) -> Result<Vec<Option<Vec<Ticket>>>, Error> {
    let mut found: Vec<Vec<Rows<Ticket>>> = Vec::new();
    let mut to_read: Vec<i64> = Vec::new();
    for Searched { reference, answers } in searched {
        let mut of_reference = Vec::new();
        for answer in *answers {
            if matches!(answer.success()?.body, Body::Bytes(_)) {
                return Err(
                    answer.unexpected("expected a body in UTF-8: a reference may be damaged")
                );
            }
            let rows: Rows<Ticket> = answer.read()?;
            let unknown = rows.rows.iter();
            let unknown = unknown.filter(|row| shown(row, reference, true) == Shown::Unknown);
            let unknown: Vec<i64> = unknown.map(|row| row.id()).collect();
            if unknown.len() <= MOST_READ {
                to_read.extend(unknown);
            }
            of_reference.push(rows);
        }
        found.push(of_reference);
    }
    to_read.sort_unstable();
    to_read.dedup();
    let whole = those_there(settings, DOING, "Tickets", &to_read, send)?;
    let searched = searched.iter().zip(found);
    let bearing = searched.map(|(it, found)| of_reference(it.reference, found, &whole, &to_read));
    Ok(bearing.collect())
}

/// `whole` are those of the tickets `asked` for that exist.
fn of_reference(
    reference: &str,
    searches: Vec<Rows<Ticket>>,
    whole: &[Ticket],
    asked: &[i64],
) -> Option<Vec<Ticket>> {
    let mut found: Vec<Ticket> = Vec::new();
    let mut is_honoured = false;
    for Rows { rows, total } in searches {
        let mut is_of_search = total.is_none_or(|total| total <= rows.len());
        for row in rows {
            let read = whole.iter().find(|it| it.id() == row.id());
            let is_gone = read.is_none() && asked.contains(&row.id());
            let shown = match read {
                Some(ticket) => shown(ticket, reference, false),
                None => shown(&row, reference, true),
            };
            match shown {
                Shown::Reference if found.iter().all(|it| it.id() != row.id()) => {
                    found.push(read.cloned().unwrap_or(row));
                }
                Shown::Reference | Shown::Similar => {}
                Shown::Unknown if is_gone => {}
                Shown::Unknown | Shown::Nothing => is_of_search = false,
            }
        }
        is_honoured |= is_of_search;
    }
    found.sort_by_cached_key(|ticket| ticket.id());
    (is_honoured || !found.is_empty()).then_some(found)
}
