//! `find-tickets`: by ids, by references, or the open ones of a company. Autotask filters, and its rows are checked again: a
//! condition that it does not understand is dropped silently.

use psa_contract::{TicketPage, TicketQuery};
use psa_toolkit::query::{self, Selected, rows_of_company};
use psa_toolkit::status::unexpected;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use super::{Names, bearing, ticket};
use crate::api::{condition, enter};
use crate::boards::COMPLETE;
use crate::draft::REFERENCE_MEMBER;
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
    if asked.what.is_nothing() {
        return Ok(TicketPage::default());
    }
    let filter = match &asked.what {
        Selected::Ids(ids) => vec![condition("in", "id", ids)],
        Selected::References(references) => vec![condition("in", REFERENCE_MEMBER, references)],
        Selected::OpenOfCompany(company) => vec![
            condition("eq", "companyID", company),
            condition("noteq", "status", COMPLETE),
        ],
    };
    let place = (asked.start(), asked.limit);
    let send = &mut enter(settings, send)?;
    let (found, _) = list::<wire::Ticket>(settings, send, DOING, &filter, place, None)?;
    let rows = selected(&asked.what, found.rows)?.into_iter();
    let names = Names::default();
    Ok(TicketPage {
        tickets: rows.map(|row| ticket(row, &names)).collect(),
        next_cursor: asked.next_cursor(found.continue_after),
    })
}

/// Those that were asked for. A row that cannot be one of them, or does not show whether it is, makes the answer useless.
fn selected(selected: &Selected, rows: Vec<wire::Ticket>) -> Result<Vec<wire::Ticket>, Error> {
    let rows = match selected {
        Selected::Ids(ids) if rows.iter().all(|row| ids.contains(&row.id)) => Ok(rows),
        Selected::Ids(_) => Err("expected only the ids that were asked for".to_owned()),
        Selected::References(references) => bearing(rows, references),
        Selected::OpenOfCompany(company) => {
            let mut rows = rows_of_company(DOING, rows, *company, |row| row.company_id)?;
            rows.retain(|row| row.status != Some(COMPLETE));
            Ok(rows)
        }
    };
    rows.map_err(|fault| unexpected(DOING, &fault))
}
