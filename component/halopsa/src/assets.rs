//! `list-assets` and `attach-asset`: the assets of a client, and one of them on a ticket.

use psa_contract::{Asset, AssetPage, AssetQuery, AttachedAsset, ErrorCode};
use psa_toolkit::change_once::{Change, change_once};
use psa_toolkit::draft;
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange_array, exchange_one};
use psa_toolkit::query::{self, rows_of_company};
use psa_toolkit::text::equals_ignoring_case;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, List, if_there, numbers, written};
use crate::companies::ACTIVE_OR_NOT;
use crate::permissions::{ASSETS_READ, TICKETS_EDIT};
use crate::settings::Settings;
use crate::{ticket, wire};

const DOING: &str = "list assets";

/// One page of the assets that match, inactive ones too.
pub(crate) fn list_assets(
    settings: &Settings,
    query: &AssetQuery,
    send: &mut HttpSend,
) -> Result<AssetPage, Error> {
    let (name, serial) = (query.name.as_deref(), query.serial_number.as_deref());
    let asked = query::of_company::<2>(
        DOING,
        "list-assets",
        &settings.identity(),
        &query.company_id,
        &[("name", name), ("serial-number", serial)],
        query.limit,
        query.cursor.as_deref(),
    )?;
    let send = &mut api::sign_in(settings, send)?;
    let company = asked.what.to_string();
    let [active, inactive] = ACTIVE_OR_NOT;
    let list = List {
        settings,
        doing: DOING,
        permission: &ASSETS_READ,
        path: "Asset",
        filters: &[("client_id", &company), active, inactive],
    };
    let found = list.read::<wire::Asset>(send, asked.after, asked.limit)?;
    let rows = rows_of_company(DOING, found.rows, asked.what, |row| row.client_id.id())?;
    Ok(AssetPage {
        assets: rows
            .into_iter()
            .filter_map(|row| asset(row, name, serial))
            .collect(),
        next_cursor: found
            .continue_after
            .map(|place| asked.fingerprint.cursor(&numbers(place))),
    })
}

/// None: it has another name or serial number. An asset is called by its tag or its first key field; its serial number is
/// whichever key field its type keeps it in, so that it is known only where it is asked for.
fn asset(row: wire::Asset, name: Option<&str>, serial: Option<&str>) -> Option<Asset> {
    let names = [&row.inventory_number, &row.key_field];
    let keys = [
        &row.key_field,
        &row.key_field2,
        &row.key_field3,
        &row.inventory_number,
    ];
    let equal = |texts: &[&Option<String>], wanted: &str| {
        let mut texts = texts.iter().filter_map(|text| text.as_ref());
        texts
            .find(|text| equals_ignoring_case(text, wanted))
            .cloned()
    };
    let name = match name {
        Some(name) => equal(&names, name)?,
        None => names
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_default(),
    };
    let serial_number = match serial {
        Some(serial) => Some(equal(&keys, serial)?),
        None => None,
    };
    Some(Asset {
        id: row.id.to_string(),
        name,
        serial_number,
        kind: row.assettype_name,
        site_id: row.site_id.id_text(),
        is_active: row.inactive != Some(true),
        ..Asset::default()
    })
}

/// Attaches one asset to one ticket.
pub(crate) fn attach_asset(
    settings: &Settings,
    ticket_id: &str,
    asset_id: &str,
    send: &mut HttpSend,
) -> Result<AttachedAsset, Error> {
    let mut faults = Vec::new();
    let mut id = |field: &str, text: &str| {
        if text.trim().is_empty() {
            faults.push(field_error(field, "it is missing or empty"));
        }
        draft::id(field, text, &mut faults).unwrap_or_default()
    };
    let (ticket_id, asset_id) = (id("ticket-id", ticket_id), id("asset-id", asset_id));
    if !faults.is_empty() {
        return Err(invalid_input("attach the asset", faults));
    }
    let doing = format!("attach asset {asset_id} to ticket {ticket_id}");
    let send = &mut api::sign_in(settings, send)?;
    let path = format!("Asset/{asset_id}");
    let calls = [
        ticket::call(settings, &doing, ticket_id),
        api::get(settings, &doing, &ASSETS_READ, &path, &[]),
    ];
    let [ticket, asset] = exchange_array(settings, send, calls);
    let attached = ticket::read(ticket_id, &ticket)?.assets;
    let mut attached: Vec<i64> = attached.iter().map(|it| it.id).collect();
    if attached.contains(&asset_id) {
        return Ok(AttachedAsset { is_changed: false });
    }
    if if_there::<wire::Asset>(&asset)?.is_none_or(|it| it.id != asset_id) {
        let message = format!("cannot {doing}: there is no such asset");
        return Err(Error::new(ErrorCode::NotFound, message)
            .hint("the asset is gone, or the API agent may not see it; nothing was written"));
    }
    attached.push(asset_id);
    let mut attachment = Attachment {
        settings,
        doing,
        ticket_id,
        asset_id,
        attached,
    };
    let is_attached = change_once(&mut attachment, send);
    let is_changed = is_attached.map_err(|error| ticket::of_ticket(ticket_id, error))?;
    if is_changed {
        return Ok(AttachedAsset { is_changed });
    }
    let message = format!(
        "cannot {}: Halo answered that it was done, but the ticket does not show the asset",
        attachment.doing
    );
    Err(Error::new(ErrorCode::Rejected, message)
        .hint("attach it in Halo's own program once: it says what keeps the asset off the ticket"))
}

struct Attachment<'a> {
    settings: &'a Settings,
    doing: String,
    ticket_id: i64,
    asset_id: i64,
    /// All of them: whether Halo adds to the list or replaces it is not known.
    attached: Vec<i64>,
}

impl Attachment<'_> {
    fn is_attached(&self, answer: &Answer, ticket: &wire::Ticket) -> Result<bool, Error> {
        match ticket.id == self.ticket_id {
            true => Ok(ticket.assets.iter().any(|it| it.id == self.asset_id)),
            false => Err(answer.unexpected("expected the ticket that was changed, found another")),
        }
    }
}

impl<'a> Change<'a> for Attachment<'a> {
    /// Whether it is attached.
    type State = bool;

    fn write(&mut self, send: &mut HttpSend) -> Answer<'a> {
        let assets = self.attached.iter().map(|id| format!(r#"{{"id":{id}}}"#));
        let assets: Vec<String> = assets.collect();
        let record = format!(
            r#"{{"id":{},"assets":[{}]}}"#,
            self.ticket_id,
            assets.join(",")
        );
        let permission = &TICKETS_EDIT;
        let call = api::write(self.settings, &self.doing, permission, "Tickets", &record);
        exchange_one(self.settings, send, call)
    }

    fn shown(&self, answer: &Answer) -> Result<Option<bool>, Error> {
        let is_attached = self.is_attached(answer, &written(answer)?)?;
        Ok(is_attached.then_some(true))
    }

    fn read(&mut self, send: &mut HttpSend) -> Result<bool, Error> {
        let call = ticket::call(self.settings, &self.doing, self.ticket_id);
        let answer = exchange_one(self.settings, send, call);
        let ticket = ticket::read(self.ticket_id, &answer)?;
        self.is_attached(&answer, &ticket)
    }

    fn is_made(&self, is_attached: &bool) -> bool {
        *is_attached
    }
}
