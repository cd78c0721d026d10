//! `attach-asset`: one more asset on a ticket, beside the one that the ticket may have as its own. What is attached is read
//! first: Autotask refuses the same one twice.

use psa_contract::{AttachedAsset, Response};
use psa_toolkit::change_once::{Change, change_once};
use psa_toolkit::draft;
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, Call, exchange_array, exchange_one};
use psa_toolkit::{Error, HttpSend};

use crate::api::{condition, enter, one_row, rows, was_declined, written_id};
use crate::lists::LARGEST_PAGE;
use crate::permissions::ATTACHED;
use crate::settings::Settings;
use crate::ticket::{missing, of_ticket};
use crate::wire::{self, Asset, Ticket};

/// Attaches one asset to one ticket.
pub(crate) fn attach_asset(
    settings: &Settings,
    ticket_id: &str,
    asset_id: &str,
    send: &mut HttpSend,
) -> Result<AttachedAsset, Error> {
    let mut faults = Vec::new();
    for (field, text) in [("ticket-id", ticket_id), ("asset-id", asset_id)] {
        if draft::id(field, text, &mut faults).is_none() && text.trim().is_empty() {
            faults.push(field_error(field, "it is missing or empty"));
        }
    }
    let (ticket, asset) = (
        draft::id("", ticket_id, &mut Vec::new()),
        draft::id("", asset_id, &mut Vec::new()),
    );
    let (Some(ticket), Some(asset)) = (ticket, asset) else {
        return Err(invalid_input("attach the asset", faults));
    };
    let doing = format!("attach asset {asset} to ticket {ticket}");
    let mut attachment = Attachment {
        settings,
        doing: &doing,
        ticket,
        asset,
    };
    let send = &mut enter(settings, send)?;
    let answer = exchange_one(settings, send, settings.one::<Ticket>(&doing, ticket));
    let row = one_row::<Ticket>(&answer, ticket)?;
    let row = row.ok_or_else(|| missing(&doing, &format!("ticket {ticket}")))?;
    if row.asset_id == Some(asset) {
        return Ok(AttachedAsset { is_changed: false });
    }
    let calls = [
        attachment.list(),
        settings.one::<Asset>("look up the asset", asset),
    ];
    let [attached, found] = exchange_array(settings, send, calls);
    if attachment.is_among(&attached)? {
        return Ok(AttachedAsset { is_changed: false });
    }
    one_row::<Asset>(&found, asset)?.ok_or_else(|| missing(&doing, &format!("asset {asset}")))?;
    let is_attached = change_once(&mut attachment, send);
    let is_changed = is_attached.map_err(|error| of_ticket(ticket, error))?;
    Ok(AttachedAsset { is_changed })
}

struct Attachment<'a, 'b> {
    settings: &'a Settings,
    doing: &'b str,
    ticket: i64,
    asset: i64,
}

impl Attachment<'_, '_> {
    /// What is attached: a ticket takes no more than 100.
    fn list(&self) -> Call {
        let doing = format!("list the assets of ticket {}", self.ticket);
        let filter = vec![condition("eq", "ticketID", self.ticket)];
        self.settings
            .query::<wire::AttachedAsset>(&doing, filter, LARGEST_PAGE)
    }

    fn is_among(&self, answer: &Answer) -> Result<bool, Error> {
        let rows = rows::<wire::AttachedAsset>(answer)?.rows;
        if rows.iter().any(|row| row.ticket_id != self.ticket) {
            return Err(answer.unexpected("expected the assets of the ticket that was asked for"));
        }
        Ok(rows.iter().any(|row| row.asset_id == self.asset))
    }
}

impl<'a> Change<'a> for Attachment<'a, '_> {
    /// Whether it is attached.
    type State = bool;

    fn write(&mut self, send: &mut HttpSend) -> Answer<'a> {
        let path = format!("Tickets/{}/AdditionalConfigurationItems", self.ticket);
        let body = format!(r#"{{"configurationItemID":{}}}"#, self.asset);
        let call = self
            .settings
            .write(self.doing, &ATTACHED, "POST", &path, body);
        exchange_one(self.settings, send, call)
    }

    /// The answer is an id, of the link between both.
    fn shown(&self, answer: &Answer) -> Result<Option<bool>, Error> {
        written_id(answer).map(|_| Some(true))
    }

    fn read(&mut self, send: &mut HttpSend) -> Result<bool, Error> {
        let answer = exchange_one(self.settings, send, self.list());
        self.is_among(&answer)
    }

    fn is_made(&self, is_attached: &bool) -> bool {
        *is_attached
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        was_declined(response)
    }
}
