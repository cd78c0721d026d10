//! `find-tickets`: by ids, by references, or the open ones of a company. Autotask filters, and its rows are checked again: a
//! condition that it does not understand is dropped silently.

use psa_contract::{ErrorCode, TicketPage, TicketQuery};
use psa_toolkit::query::{self, Selected};
use psa_toolkit::status::hint_of;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use super::{Names, ticket};
use crate::api::{condition, enter};
use crate::boards::COMPLETE;
use crate::lists::list;
use crate::settings::Settings;
use crate::wire;

const DOING: &str = "find tickets";

/// One page of the tickets that match, without names.
pub(crate) fn find_tickets(
    settings: &Settings,
    query: &TicketQuery,
    send: &mut HttpSend,
) -> Result<TicketPage, Error> {
    let asked = query::tickets::<1>(Ids::Any, &settings.tenant(), query)?;
    let filter = match &asked.what {
        // A filter of nothing would find everything.
        Selected::Ids(ids) if ids.is_empty() => return Ok(TicketPage::default()),
        Selected::References(texts) if texts.is_empty() => return Ok(TicketPage::default()),
        Selected::Ids(ids) => vec![condition("in", "id", ids)],
        Selected::References(references) => vec![condition("in", "externalID", references)],
        Selected::OpenOfCompany(company) => vec![
            condition("eq", "companyID", company),
            condition("noteq", "status", COMPLETE),
        ],
    };
    let place = (asked.start(), asked.limit);
    let send = &mut enter(settings, send)?;
    let listed = list::<wire::Ticket>(settings, send, DOING, &filter, place, None)?;
    let rows = selected(&asked.what, listed.rows)?.into_iter();
    let names = Names::default();
    Ok(TicketPage {
        tickets: rows.map(|row| ticket(&listed.zone, row, &names)).collect(),
        next_cursor: asked.next_cursor(listed.continue_after),
    })
}

/// Those that were asked for. A row that cannot be one of them, or does not show whether it is, makes the answer useless.
fn selected(selected: &Selected, rows: Vec<wire::Ticket>) -> Result<Vec<wire::Ticket>, Error> {
    let not_honoured = |fault: &str| {
        let message = format!("cannot {DOING}: {fault}");
        let code = ErrorCode::UnexpectedResponse;
        Error::new(code, message).hint(hint_of(code))
    };
    match selected {
        Selected::Ids(ids) if rows.iter().all(|row| ids.contains(&row.id)) => Ok(rows),
        Selected::Ids(_) => Err(not_honoured("expected only the ids that were asked for")),
        Selected::References(references) => bearing(rows, references).map_err(not_honoured),
        Selected::OpenOfCompany(company) => {
            let mut rows = query::rows_of_company(DOING, rows, *company, |row| row.company_id)?;
            rows.retain(|row| row.status != Some(COMPLETE));
            Ok(rows)
        }
    }
}

/// The tickets that bear exactly one of these references. Databases compare without case, so the rows are compared again.
///
/// The error is a fault of the answer: a row that does not show its reference may be the ticket, and one that bears another
/// was not asked for.
pub(super) fn bearing(
    mut rows: Vec<wire::Ticket>,
    references: &[String],
) -> Result<Vec<wire::Ticket>, &'static str> {
    let is_one = |text: &str| {
        references
            .iter()
            .any(|it| it.eq_ignore_ascii_case(text.trim_end()))
    };
    for row in &rows {
        match &row.reference {
            Some(text) if is_one(text) => {}
            Some(_) => return Err("expected only tickets that bear the reference in `externalID`"),
            None => return Err("expected a text in `externalID`, found null"),
        }
    }
    rows.retain(|row| {
        row.reference
            .as_ref()
            .is_some_and(|it| references.contains(it))
    });
    Ok(rows)
}
