//! ConnectWise's ticket becomes the contract's, and the reads that look for one.

use psa_contract::{Named, Ticket};

use crate::error::Error;
use crate::permission::TICKETS_INQUIRE;
use crate::request::{Call, HttpSend, exchange_one, read, url_encoded};
use crate::settings::Settings;
use crate::text::has_form;
use crate::wire::{self, Reference};

/// `_info`, which holds the date of entry, is served only where it is named.
const FIELDS: &str = "id,summary,company/id,company/name,board/id,board/name,status/id,status/name,type/id,type/name,\
                      priority/id,priority/name,closedFlag,externalXRef,_info";

/// Reads one ticket.
pub(crate) fn detail_call(settings: &Settings, id: i64) -> Call {
    let number = id.to_string();
    read(
        settings,
        &["read ticket ", &number].concat(),
        Some(&TICKETS_INQUIRE),
        &["/service/tickets/", &number].concat(),
        &[("fields", FIELDS)],
    )
}

/// The tickets that bear exactly this reference. The server compares without case, so its rows are compared again.
pub(crate) fn find_by_reference(
    settings: &Settings,
    reference: &str,
    send: &mut HttpSend,
) -> Result<Vec<wire::Ticket>, Error> {
    let condition = ["externalXRef=\"", reference, "\""].concat();
    let call = read(
        settings,
        "look up the ticket by its reference",
        Some(&TICKETS_INQUIRE),
        "/service/tickets",
        &[
            ("fields", FIELDS),
            ("conditions", &condition),
            ("orderBy", "id asc"),
            ("pageSize", "1000"),
        ],
    );
    let answer = exchange_one(send, call);
    let mut tickets = answer.rows::<wire::Ticket>(settings)?.rows;
    // A row that was found by its reference and does not show it may be the ticket or another one.
    if tickets.iter().any(|ticket| ticket.external_x_ref.is_none()) {
        return Err(answer.unreadable(settings, "expected a text in `externalXRef`, found null"));
    }
    tickets.retain(|ticket| ticket.external_x_ref.as_deref() == Some(reference));
    Ok(tickets)
}

/// The ticket as the contract has it.
pub(crate) fn ticket(settings: &Settings, ticket: wire::Ticket) -> Ticket {
    let id = ticket.id.to_string();
    Ticket {
        number: id.clone(),
        summary: ticket.summary,
        company: named(ticket.company),
        board: named(ticket.board),
        status: named(ticket.status),
        is_closed: ticket.is_closed,
        priority: named(ticket.priority),
        ticket_type: named(ticket.ticket_type),
        reference: ticket.external_x_ref.filter(|text| !text.is_empty()),
        contact: None,
        updated_at: None,
        closed_at: None,
        merged_into_id: None,
        properties: Vec::new(),
        created_at: ticket.date_entered.filter(|text| is_utc_time(text)),
        web_url: Some(web_url(settings, &id)),
        id,
    }
}

fn named(reference: Reference) -> Option<Named> {
    Some(Named {
        id: reference.id?.to_string(),
        name: reference.name,
    })
}

/// `2022-09-12T09:22:58Z`, with or without a fraction. Whatever else is not a time that the contract promises.
fn is_utc_time(text: &str) -> bool {
    let pattern = "0000-00-00T00:00:00";
    let (Some(start), Some(end)) = (text.get(..pattern.len()), text.get(pattern.len()..)) else {
        return false;
    };
    let is_end = match end.as_bytes() {
        [b'Z'] => true,
        [b'.', fraction @ .., b'Z'] => {
            !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    has_form(start, pattern) && is_end
}

/// Opens the ticket in the browser, on the host that people use.
fn web_url(settings: &Settings, id: &str) -> String {
    let company = url_encoded(&settings.company_id);
    [
        "https://",
        settings.site.browser_authority(),
        "/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=",
        id,
        "&companyName=",
        &company,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::is_utc_time;

    #[test]
    fn a_time_is_in_utc_with_or_without_a_fraction() {
        for (text, expected) in [
            ("2022-09-12T09:22:58Z", true),
            ("2022-09-12T09:22:58.1Z", true),
            ("2022-09-12T09:22:58.1234567Z", true),
            ("2022-09-12T09:22:58.Z", false),
            ("2022-09-12T09:22:58.1", false),
            ("2022-09-12T09:22:58.1x2Z", false),
            ("2022-09-12T09:22:58,1Z", false),
            ("2022-09-12T09:22:58", false),
            ("2022-09-12T09:22:58+02:00", false),
            ("2022-09-12 09:22:58Z", false),
            ("2022-09-12", false),
            ("", false),
        ] {
            assert_eq!(is_utc_time(text), expected, "{text:?}");
        }
    }
}
