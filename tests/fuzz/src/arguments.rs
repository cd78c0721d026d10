//! The arguments of the functions: a few, which a number chooses. Ids are those of the vendor's cases, so that the answers in
//! these are answers to what is asked.

use psa_contract::{
    AssetQuery, BoardSelection, CompanyQuery, ContactQuery, NoteAudience, NoteDraft, SiteQuery,
    StatusChange, TicketDraft, TicketQuery, TicketSelection,
};

use crate::vendor::Vendor;

/// Of each ticket and note that is opened or written with one.
pub const REFERENCE: &str = "alert-4711";

pub(crate) fn company_query(arguments: u8) -> CompanyQuery {
    let mut query = CompanyQuery::default();
    match arguments % 5 {
        0 => {}
        1 => query.limit = Some(3),
        2 => query.limit = Some(10_000),
        3 => query.ids = (1..=250).map(|id: u32| id.to_string()).collect(),
        // What cannot be said in a condition is compared in the connector.
        _ => {
            query.search = Some("den\"t%".to_owned());
            query.statuses = vec!["a\"b".to_owned()];
            query.types = vec!["Client".to_owned(), "c\"d".to_owned()];
            query.include_inactive = true;
        }
    }
    query
}

pub(crate) fn board_selection(vendor: &Vendor, arguments: u8) -> BoardSelection {
    match arguments % 3 {
        0 => BoardSelection::Only(texts(&[vendor.ids.board, "7"])),
        1 => BoardSelection::All,
        _ => BoardSelection::BoardsOnly,
    }
}

/// What the vendor takes of it; with one of the arguments, only what it requires.
pub(crate) fn draft(vendor: &Vendor, arguments: u8) -> TicketDraft {
    let id = |field: &str, id: &str| {
        let (is_taken, is_required) = vendor.takes(field);
        (is_taken && (is_required || arguments & 2 == 0)).then(|| id.to_owned())
    };
    TicketDraft {
        company_id: vendor.ids.company.to_owned(),
        summary: "Blocked: bad.example.com".to_owned(),
        reference: (arguments & 1 == 0).then(|| REFERENCE.to_owned()),
        board_id: id("board-id", vendor.ids.board),
        status_id: id("status-id", vendor.ids.status),
        type_id: id("type-id", vendor.ids.kind),
        subtype_id: id("subtype-id", vendor.ids.subtype),
        item_id: id("item-id", vendor.ids.item),
        priority_id: id("priority-id", vendor.ids.priority),
        ..TicketDraft::default()
    }
}

pub(crate) fn ticket_query(vendor: &Vendor, arguments: u8) -> TicketQuery {
    TicketQuery {
        selection: match arguments % 3 {
            0 => TicketSelection::References(texts(&[REFERENCE, "alert-1"])),
            1 => TicketSelection::Ids(texts(&[vendor.ids.ticket, "7002", "7003"])),
            _ => TicketSelection::OpenOfCompany(vendor.ids.company.to_owned()),
        },
        limit: (arguments & 4 == 0).then_some(2),
        cursor: None,
    }
}

pub(crate) fn note(vendor: &Vendor, arguments: u8) -> NoteDraft {
    NoteDraft {
        ticket_id: vendor.ids.ticket.to_owned(),
        text: "Seen again.".to_owned(),
        details: Vec::new(),
        links: Vec::new(),
        audience: if arguments & 2 == 0 {
            NoteAudience::Staff
        } else {
            NoteAudience::Customer
        },
        reference: (arguments & 1 == 0).then(|| REFERENCE.to_owned()),
        vendor_fields: None,
    }
}

pub(crate) fn status_change(vendor: &Vendor) -> StatusChange {
    StatusChange {
        ticket_id: vendor.ids.ticket.to_owned(),
        status_ids: texts(&[vendor.ids.closed_status, vendor.ids.status]),
        resolution: None,
        vendor_fields: None,
    }
}

pub(crate) fn contact_query(vendor: &Vendor, arguments: u8) -> ContactQuery {
    ContactQuery {
        company_id: vendor.ids.company.to_owned(),
        email: match arguments % 3 {
            0 => None,
            1 => Some("a@b.example".to_owned()),
            // What cannot be said in a condition is compared in the connector.
            _ => Some("o'neil@b.example".to_owned()),
        },
        limit: Some(3),
        cursor: None,
    }
}

pub(crate) fn asset_query(vendor: &Vendor, arguments: u8) -> AssetQuery {
    AssetQuery {
        company_id: vendor.ids.company.to_owned(),
        name: (arguments & 1 == 1).then(|| "PC-11".to_owned()),
        serial_number: (arguments & 2 == 2).then(|| "SN\"11".to_owned()),
        limit: Some(3),
        cursor: None,
    }
}

pub(crate) fn site_query(vendor: &Vendor) -> SiteQuery {
    SiteQuery {
        company_id: vendor.ids.company.to_owned(),
        limit: Some(3),
        cursor: None,
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
