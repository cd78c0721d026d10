//! `find-tickets`: by ids, by references, or the open ones of a company. Sample Desk filters, and its rows are checked again.

use psa_contract::{TicketPage, TicketQuery};
use psa_toolkit::query::{self, Selected};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use super::ticket;
use crate::permissions::TICKETS_READ;
use crate::settings::Settings;
use crate::{api, wire};

const DOING: &str = "find tickets";

pub(crate) fn find_tickets(
    settings: &Settings,
    query: &TicketQuery,
    send: &mut HttpSend,
) -> Result<TicketPage, Error> {
    let asked = query::tickets::<1>(Ids::AboveZero, &settings.tenant(), query)?;
    if asked.what.is_nothing() {
        return Ok(TicketPage::default());
    }
    let filter = match &asked.what {
        Selected::Ids(ids) => {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            format!("ids={}", ids.join(","))
        }
        // Nothing in a reference needs encoding.
        Selected::References(references) => format!("references={}", references.join(",")),
        Selected::OpenOfCompany(company) => format!("company={company}&closed=false"),
    };
    let send = &mut api::sign_in(settings, send)?;
    let list = format!("tickets?{filter}&");
    let found = api::read_pages(
        settings,
        send,
        DOING,
        &TICKETS_READ,
        &list,
        asked.start(),
        asked.limit,
    )?;
    let mut rows = found.rows;
    if let Selected::OpenOfCompany(id) = asked.what {
        let company_of = |row: &wire::Ticket| row.company.as_ref().and_then(|it| it.id);
        rows = query::rows_of_company(DOING, rows, id, company_of)?;
    }
    let tickets = rows.into_iter().filter(|row| is_selected(&asked.what, row));
    Ok(TicketPage {
        tickets: tickets.map(|row| ticket(settings, row)).collect(),
        next_cursor: asked.next_cursor(found.continue_after),
    })
}

fn is_selected(selected: &Selected, row: &wire::Ticket) -> bool {
    match selected {
        Selected::Ids(ids) => ids.contains(&row.id),
        Selected::References(references) => {
            let reference = row.reference.as_ref();
            reference.is_some_and(|reference| references.contains(reference))
        }
        Selected::OpenOfCompany(_) => row.closed != Some(true),
    }
}
