//! `attach-asset`: a configuration on a ticket. What is attached is read first: the PSA refuses the same one twice.

use psa_contract::{AttachedAsset, Response};
use psa_toolkit::attachment::{self, UNCHANGED};
use psa_toolkit::change_once::Change;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::pages::{Gather, List, read_round};
use psa_toolkit::{Error, HttpSend};

use super::listing;
use crate::api::{Listing, rows, wrote_nothing};
use crate::permissions::{TICKETS_EDIT, TICKETS_INQUIRE};
use crate::settings::Settings;
use crate::wire::RecordId;

/// Attaches one asset to one ticket.
pub(crate) fn attach_asset(
    settings: &Settings,
    ticket_id: &str,
    asset_id: &str,
    send: &mut HttpSend,
) -> Result<AttachedAsset, Error> {
    let new = attachment::Attachment::parse(ticket_id, asset_id)?;
    let mut attachment = Attachment {
        settings,
        doing: new.doing.clone(),
        ticket_id: new.ticket_id,
        asset_id: new.asset_id,
    };
    let mut asset = attachment.asset();
    if attachment.is_attached(&mut [&mut asset], send)? {
        return Ok(UNCHANGED);
    }
    new.refuse_missing(asset.into_rows()?.first())?;
    new.once(&mut attachment, send)
}

struct Attachment<'a> {
    settings: &'a Settings,
    doing: String,
    ticket_id: i64,
    asset_id: i64,
}

impl<'a> Attachment<'a> {
    fn path(&self) -> String {
        format!("/service/tickets/{}/configurations", self.ticket_id)
    }

    /// What is attached to the ticket.
    fn attached(&self) -> List<'a, RecordId> {
        let listing = Listing {
            doing: format!("list the assets of ticket {}", self.ticket_id),
            permission: Some(&TICKETS_INQUIRE),
            path: self.path(),
            fields: "id",
            ..listing(self.settings)
        };
        List::new(listing, rows)
    }

    /// The asset itself: no row if it does not exist.
    fn asset(&self) -> List<'a, RecordId> {
        let listing = Listing {
            doing: "look up the asset".to_owned(),
            fields: "id",
            ..listing(self.settings)
        };
        let condition = format!("id={}", self.asset_id);
        List::new(listing.with(condition), rows).only(vec![self.asset_id])
    }

    /// Whether it is attached: the list is read until the asset is found, or to its end. Other lists are read beside it.
    fn is_attached(
        &self,
        others: &mut [&mut dyn Gather],
        send: &mut HttpSend,
    ) -> Result<bool, Error> {
        let mut attached = self.attached();
        let mut longest = 0;
        loop {
            let mut gathered: Vec<&mut dyn Gather> = vec![&mut attached];
            for other in others.iter_mut() {
                gathered.push(&mut **other);
            }
            let is_reading = read_round(self.settings, send, &mut gathered, &mut longest);
            let mut found = attached.rows_so_far().iter();
            if found.any(|it| it.id == self.asset_id) {
                return Ok(true);
            }
            if !is_reading {
                return attached.into_rows().map(|_| false);
            }
        }
    }
}

impl<'a> Change<'a> for Attachment<'a> {
    /// Whether it is attached.
    type State = bool;

    fn write(&mut self, send: &mut HttpSend) -> Answer<'a> {
        let body = format!(r#"{{"id":{}}}"#, self.asset_id);
        let (doing, path) = (&self.doing, &self.path());
        let call = self.settings.write(doing, &TICKETS_EDIT, &[], path, body);
        exchange_one(self.settings, send, call)
    }

    fn shown(&self, answer: &Answer) -> Result<Option<bool>, Error> {
        let attached: RecordId = answer.record()?;
        if attached.id == self.asset_id {
            Ok(Some(true))
        } else {
            Err(answer.unexpected("expected the attached asset, found another one"))
        }
    }

    fn read(&mut self, send: &mut HttpSend) -> Result<bool, Error> {
        self.is_attached(&mut [], send)
    }

    fn is_made(&self, is_attached: &bool) -> bool {
        *is_attached
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        wrote_nothing(response)
    }
}
