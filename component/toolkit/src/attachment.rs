//! What `attach-asset` checks for every PSA. What is attached is read first, written once, and read again in doubt.

use psa_contract::AttachedAsset;

use crate::change_once::{Change, change_once};
use crate::draft;
use crate::error::{Error, field_error, invalid_input, missing};
use crate::exchange::HttpSend;

/// An asset and the ticket that it is to be attached to.
#[derive(Debug, PartialEq)]
pub struct Attachment {
    /// The ticket.
    pub ticket_id: i64,
    /// The asset.
    pub asset_id: i64,
    /// Completes "cannot …".
    pub doing: String,
}

impl Attachment {
    /// Reads both ids.
    ///
    /// # Errors
    /// `invalid-input`, with every fault.
    pub fn parse(ticket_id: &str, asset_id: &str) -> Result<Self, Error> {
        let mut faults = Vec::new();
        let mut id = |field: &str, text: &str| {
            if text.trim().is_empty() {
                faults.push(field_error(field, "it is required"));
            }
            draft::id(field, text, &mut faults).unwrap_or_default()
        };
        let (ticket_id, asset_id) = (id("ticket-id", ticket_id), id("asset-id", asset_id));
        if !faults.is_empty() {
            return Err(invalid_input("attach the asset", faults));
        }
        let doing = format!("attach asset {asset_id} to ticket {ticket_id}");
        Ok(Self {
            ticket_id,
            asset_id,
            doing,
        })
    }

    /// Refuses an asset that was looked up and does not exist.
    ///
    /// # Errors
    /// `not-found`
    pub fn refuse_missing<T>(&self, asset: Option<T>) -> Result<T, Error> {
        asset.ok_or_else(|| missing(&self.doing, &format!("asset {}", self.asset_id)))
    }

    /// Attaches an asset that is not attached yet. The state of the change is whether it is.
    ///
    /// # Errors
    /// Those of [`change_once`].
    pub fn once<'a>(
        &self,
        change: &mut impl Change<'a, State = bool>,
        send: &mut HttpSend,
    ) -> Result<AttachedAsset, Error> {
        let is_attached = change_once(change, send);
        let is_changed = is_attached.map_err(|error| error.of_ticket(self.ticket_id))?;
        Ok(AttachedAsset { is_changed })
    }
}

/// It is attached already: nothing was written.
pub const UNCHANGED: AttachedAsset = AttachedAsset { is_changed: false };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change_once::Steps;
    use crate::exchange::{Answer, Call};
    use crate::stand_in::{plain, response, with_answers};
    use psa_contract::ErrorCode;

    #[test]
    fn both_ids_are_required() {
        for (ticket, asset, expected) in [
            (" 7 ", "9", vec![]),
            ("", "9", vec!["ticket-id"]),
            ("7", "x", vec!["asset-id"]),
            (" ", "", vec!["ticket-id", "asset-id"]),
        ] {
            let read = Attachment::parse(ticket, asset);
            let faults = read.as_ref().err().map(|it| it.field_errors.clone());
            let faults = faults.unwrap_or_default();
            let fields: Vec<_> = faults.iter().filter_map(|it| it.field.as_deref()).collect();
            assert_eq!(fields, expected);
            if let Ok(read) = read {
                assert_eq!((read.ticket_id, read.asset_id), (7, 9));
                assert_eq!(read.doing, "attach asset 9 to ticket 7");
                let error = read.refuse_missing(None::<i64>).expect_err("no asset");
                assert_eq!(error.code, ErrorCode::NotFound);
                assert_eq!(
                    error.message,
                    "cannot attach asset 9 to ticket 7: there is no asset 9"
                );
            }
        }
    }

    #[test]
    fn a_doubt_names_the_ticket() {
        let attachment = Attachment::parse("7", "9").expect("ids");
        for (status, body, expected) in [(200, "true", true), (500, "false", false)] {
            let tenant = plain();
            let mut steps = Steps {
                tenant: &tenant,
                write: &|| Call::post("attach it", "https://a/").write(),
                shown: &|answer: &Answer| answer.read(),
                read: &|| Call::get("read it", "https://a/"),
                state: &|answer: &Answer| answer.read(),
                is_made: &|is_attached| *is_attached,
                wrote_nothing: |_| false,
            };
            let answers = vec![Ok(response(status, body)), Ok(response(200, "false"))];
            let (result, _) = with_answers(answers, |send| attachment.once(&mut steps, send));
            match result {
                Ok(attached) => assert_eq!(attached.is_changed, expected),
                Err(error) => assert_eq!(
                    (error.ticket_ids.join(","), expected),
                    ("7".to_owned(), false)
                ),
            }
        }
    }
}
