//! The functions of a connector, each with a few fixed arguments, called with the answers of an input. What is made up
//! here are answers and settings; arguments of every form are tried by the properties in `tests/tests/suite/`.

use psa_contract::{
    AssetQuery, BoardSelection, CompanyQuery, ContactQuery, NoteAudience, NoteDraft, Operation,
    Request, Setting, SiteQuery, StatusChange, TicketDraft, TicketQuery, TicketSelection,
};
use psa_toolkit::{Error, ServiceDesk};

use crate::answers::Answers;
use crate::desk::{Desk, Good};
use crate::vendor::Vendor;
use crate::{changes, create_once, lists, results, rules};

pub(crate) const REFERENCE: &str = "alert-4711";
pub(crate) const COMPANY: &str = "250";

/// Of the arguments: the host kept what it may keep.
const KEPT: u8 = 32;

/// Calls a function: the first byte chooses the vendor and the arguments, the rest are the answers.
pub fn function_with_answers(operation: Operation, data: &[u8]) {
    call_with_answers(operation, Good::None, data);
}

/// Opens a ticket: the first byte chooses the vendor and the draft, the rest is the answer to the write and to what follows
/// it. The look-up before it finds nothing.
pub fn write_with_answers(data: &[u8]) {
    call_with_answers(Operation::CreateTicket, Good::BeforeWrite, data);
}

fn call_with_answers(operation: Operation, good: Good, data: &[u8]) {
    let (chosen, answers) = data.split_first().unwrap_or((&0, &[]));
    let (vendor, arguments) = Vendor::of(*chosen);
    let answers = Answers::of(answers, vendor.secrets);
    let desk = Desk::new(vendor, answers, good, arguments & KEPT != 0);
    (vendor.call)(vendor, operation, arguments, desk);
}

/// Calls the function that the first byte chooses with one answer, whose headers are made up.
pub fn function_with_headers(data: &[u8]) {
    let (chosen, rest) = data.split_first().unwrap_or((&0, &[]));
    let (vendor, chosen) = Vendor::of(*chosen);
    let operations = &vendor.description.operations;
    let operation = operations[usize::from(chosen) % operations.len()];
    let arguments = chosen / operations.len() as u8;
    let answers = Answers::with_headers(rest, vendor.secrets);
    (vendor.call)(
        vendor,
        operation,
        arguments,
        Desk::new(vendor, answers, Good::Door, false),
    );
}

/// A byte that chooses the vendor, and settings, one in a line: `site = na.myconnectwise.net`.
pub fn settings_of_text(data: &[u8]) {
    let (chosen, text) = data.split_first().unwrap_or((&0, &[]));
    let (vendor, _) = Vendor::of(*chosen);
    if let Some(settings) = with_canaries(vendor, &String::from_utf8_lossy(text)) {
        (vendor.use_settings)(vendor, &settings);
    }
}

/// Parses settings. Good ones are used: `verify`, with a server that knows nothing of them.
pub(crate) fn use_settings<D: ServiceDesk>(vendor: &'static Vendor, settings: &[Setting]) {
    let parsed = match D::parse(settings) {
        Ok(parsed) => parsed,
        Err(error) => return rules::faulty_settings(vendor, &error),
    };
    rules::origins(&D::origins(&parsed).origins);
    // One answer for each way to go on: a web page, a wrong route, nothing of use.
    for answer in ["\0\0<html>", "\x06\0Cannot route", "\0\0[]"] {
        let answers = Answers::of(answer.as_bytes(), vendor.secrets);
        let mut desk = Desk::new(vendor, answers, Good::None, false);
        desk.origins = D::origins(&parsed).origins;
        let send = &mut |requests: &mut [Request]| desk.send(requests);
        let result = D::verify(&parsed, &[], send);
        let result = result.map(|verification| results::verification(vendor, &verification));
        check(vendor, Operation::Verify, &desk, result);
    }
}

/// The settings with secrets that can be told from all other text: each key holds one that is known, and one whose form is
/// fixed is one. None: they are elsewhere in the text, too, so that finding them would prove nothing.
fn with_canaries(vendor: &Vendor, text: &str) -> Option<Vec<Setting>> {
    let key = vendor.secrets[1];
    let fixed = vendor
        .keys
        .iter()
        .position(|name| *name == vendor.fixed_key);
    let fixed = fixed.map(|index| vendor.secrets[index]);
    let mut is_elsewhere = false;
    let settings = text.split('\n').map(|line| {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let (name, value) = (name.trim(), value.trim());
        let is_secret = vendor.keys.contains(&name);
        let is_fixed = name == vendor.fixed_key && Some(value) == fixed;
        let text = line.to_ascii_lowercase();
        is_elsewhere |= text.contains(&key.to_ascii_lowercase());
        is_elsewhere |= !is_secret && vendor.holds_a_secret(line);
        is_elsewhere |= fixed.is_some_and(|fixed| text.contains(fixed)) && !is_fixed;
        let canary = if is_secret && !is_fixed && !value.is_empty() {
            key
        } else {
            ""
        };
        Setting {
            name: name.to_owned(),
            value: [canary, value].concat(),
        }
    });
    let settings = settings.collect();
    (!is_elsewhere).then_some(settings)
}

pub(crate) fn call<D: ServiceDesk>(
    vendor: &'static Vendor,
    operation: Operation,
    arguments: u8,
    mut desk: Desk,
) {
    let parsed = D::parse(&vendor.settings()).expect("good settings");
    desk.origins = D::origins(&parsed).origins;
    let send = &mut |requests: &mut [Request]| desk.send(requests);
    let result = match operation {
        Operation::Verify => {
            D::verify(&parsed, &[], send).map(|it| results::verification(vendor, &it))
        }
        Operation::ListCompanies => {
            let query = company_query(arguments);
            D::list_companies(&parsed, &query, send)
                .map(|page| results::companies::<D>(vendor, &parsed, &query, &page))
        }
        Operation::ListBoardMetadata => {
            let selection = board_selection(arguments);
            D::list_board_metadata(&parsed, &selection, send)
                .map(|metadata| results::board_metadata(vendor, &selection, &metadata))
        }
        Operation::CheckTicket => D::check_ticket(&parsed, &draft(vendor, arguments), send)
            .map(|check| results::objections(vendor, &check.objections)),
        Operation::CreateTicket => {
            let draft = draft(vendor, arguments);
            let result = D::create_ticket(&parsed, &draft, send);
            create_once::check(&draft, &desk.exchanges(), &result);
            result.map(|created| {
                results::not_applied(vendor, &created.not_applied)
                    + &results::ticket(vendor, &created.ticket)
            })
        }
        Operation::GetTicket => D::get_ticket(&parsed, "7001", send).map(|found| {
            let ticket = found.ticket.as_ref();
            ticket
                .map(|it| results::ticket(vendor, it))
                .unwrap_or_default()
        }),
        Operation::FindTickets => {
            let query = ticket_query(arguments);
            D::find_tickets(&parsed, &query, send).map(|page| lists::tickets(vendor, &query, &page))
        }
        Operation::AddNote => {
            let note = note(arguments);
            let result = D::add_note(&parsed, &note, send);
            changes::check(&desk.exchanges(), result.as_ref().err().map(|it| it.code));
            result.map(|created| {
                changes::note(&desk.exchanges(), note.reference.is_some(), &created);
                results::not_applied(vendor, &created.not_applied)
            })
        }
        Operation::SetStatus => {
            let result = D::set_status(&parsed, &status_change(), send);
            changes::check(&desk.exchanges(), result.as_ref().err().map(|it| it.code));
            result.map(|changed| {
                changes::is_told(&desk.exchanges(), changed.is_changed);
                results::ticket(vendor, &changed.ticket)
            })
        }
        Operation::ListContacts => {
            let query = contact_query(arguments);
            D::list_contacts(&parsed, &query, send)
                .map(|page| lists::contacts(vendor, &query, &page))
        }
        Operation::ListAssets => {
            let query = asset_query(arguments);
            D::list_assets(&parsed, &query, send).map(|page| lists::assets(vendor, &query, &page))
        }
        Operation::ListSites => {
            let query = SiteQuery {
                company_id: COMPANY.to_owned(),
                limit: Some(3),
                cursor: None,
            };
            D::list_sites(&parsed, &query, send).map(|page| lists::sites(vendor, &query, &page))
        }
        Operation::AttachAsset => {
            let result = D::attach_asset(&parsed, "7001", "11", send);
            changes::check(&desk.exchanges(), result.as_ref().err().map(|it| it.code));
            result.map(|attached| {
                changes::is_told(&desk.exchanges(), attached.is_changed);
                format!("{attached:?}")
            })
        }
    };
    check(vendor, operation, &desk, result);
}

/// What holds of every function.
fn check(vendor: &Vendor, operation: Operation, desk: &Desk, result: Result<String, Error>) {
    let exchanges = desk.exchanges();
    let writes = exchanges.iter().filter(|it| it.is_write).count();
    let may_write = matches!(
        operation,
        Operation::CreateTicket
            | Operation::AddNote
            | Operation::SetStatus
            | Operation::AttachAsset
    );
    assert!(
        writes <= usize::from(may_write),
        "{writes} writes of {}",
        operation.name()
    );
    for url in desk.urls() {
        rules::no_secret(vendor, "the URL", url);
    }
    match result {
        Ok(_) if desk.holds_a_secret => {}
        Ok(shown) => rules::no_secret(vendor, "the result", &shown),
        Err(error) => rules::error(vendor, operation, &error),
    }
}

fn company_query(arguments: u8) -> CompanyQuery {
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

fn board_selection(arguments: u8) -> BoardSelection {
    match arguments % 3 {
        0 => BoardSelection::Only(vec!["5".to_owned(), "7".to_owned()]),
        1 => BoardSelection::All,
        _ => BoardSelection::BoardsOnly,
    }
}

/// What the vendor takes of it; with one of the arguments, only what it requires.
fn draft(vendor: &Vendor, arguments: u8) -> TicketDraft {
    let id = |field: &str, id: &str| {
        let (is_taken, is_required) = vendor.takes(field);
        (is_taken && (is_required || arguments & 2 == 0)).then(|| id.to_owned())
    };
    TicketDraft {
        company_id: COMPANY.to_owned(),
        summary: "Blocked: bad.example.com".to_owned(),
        reference: (arguments & 1 == 0).then(|| REFERENCE.to_owned()),
        board_id: id("board-id", "5"),
        status_id: id("status-id", "51"),
        type_id: id("type-id", "61"),
        subtype_id: id("subtype-id", "71"),
        item_id: id("item-id", "81"),
        priority_id: id("priority-id", "8"),
        ..TicketDraft::default()
    }
}

fn ticket_query(arguments: u8) -> TicketQuery {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    TicketQuery {
        selection: match arguments % 3 {
            0 => TicketSelection::References(texts(&[REFERENCE, "alert-1"])),
            1 => TicketSelection::Ids(texts(&["7001", "7002", "7003"])),
            _ => TicketSelection::OpenOfCompany(COMPANY.to_owned()),
        },
        limit: (arguments & 4 == 0).then_some(2),
        cursor: None,
    }
}

fn note(arguments: u8) -> NoteDraft {
    NoteDraft {
        ticket_id: "7001".to_owned(),
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

fn status_change() -> StatusChange {
    StatusChange {
        ticket_id: "7001".to_owned(),
        status_ids: vec!["59".to_owned(), "51".to_owned()],
        resolution: None,
        vendor_fields: None,
    }
}

fn contact_query(arguments: u8) -> ContactQuery {
    ContactQuery {
        company_id: COMPANY.to_owned(),
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

fn asset_query(arguments: u8) -> AssetQuery {
    AssetQuery {
        company_id: COMPANY.to_owned(),
        name: (arguments & 1 == 1).then(|| "PC-11".to_owned()),
        serial_number: (arguments & 2 == 2).then(|| "SN\"11".to_owned()),
        limit: Some(3),
        cursor: None,
    }
}
