//! `get-ticket`: the read-only test before any write, and a ticket's state later.

use psa_contract::{ErrorCode, TicketLookup};

use crate::error::{Error, field_error, invalid_input};
use crate::request::{HttpSend, exchange_one};
use crate::settings::Settings;
use crate::text::record_id;
use crate::ticket::{detail_call, ticket};

/// One ticket; none only where the PSA says `NotFound`. Any other 404 is an error: it speaks of the site, not of a ticket.
///
/// # Errors
/// `invalid-input` for an id that is not a number; otherwise those of [`crate::list_companies`].
pub fn get_ticket(
    settings: &Settings,
    id: &str,
    send: &mut HttpSend,
) -> Result<TicketLookup, Error> {
    let number = match record_id(id) {
        Some(number) => number,
        None => {
            let fault = field_error(
                "id",
                "it is not a ticket's id, which is a number above zero",
            );
            return Err(invalid_input("read the ticket", vec![fault]));
        }
    };
    let ticket = match exchange_one(send, detail_call(settings, number)).record(settings) {
        Ok(record) => Some(ticket(settings, record)),
        Err(error) if error.code == ErrorCode::NotFound => None,
        Err(error) => return Err(error),
    };
    Ok(TicketLookup { ticket })
}
