//! The functions of the connector, each with a few fixed arguments, called with the answers of an input. What is made up
//! here are answers and settings; arguments of every form are tried by the properties in `tests/tests/suite/`.

use connectwise_psa::{ConnectWise, Settings};
use psa_contract::{
    AssetQuery, BoardSelection, CompanyQuery, ContactQuery, NoteAudience, NoteDraft, Operation,
    Request, Setting, SiteQuery, StatusChange, TicketDraft, TicketQuery, TicketSelection,
};
use psa_toolkit::{Error, ServiceDesk as _};

use crate::answers::Answers;
use crate::desk::{Desk, SECRETS, settings};
use crate::{changes, create_once, lists, results, rules};

pub(crate) const REFERENCE: &str = "alert-4711";
pub(crate) const COMPANY: &str = "250";

/// Calls a function: the first byte chooses its arguments, the rest are the answers.
pub fn function_with_answers(operation: Operation, data: &[u8]) {
    let (arguments, answers) = data.split_first().unwrap_or((&0, &[]));
    call(operation, *arguments, Answers::of(answers));
}

/// Opens a ticket: the first byte chooses the draft, the rest is the answer to the write and to what follows it. The look-up
/// before it finds nothing.
pub fn write_with_answers(data: &[u8]) {
    let (arguments, rest) = data.split_first().unwrap_or((&0, &[]));
    let looks_up = draft(*arguments).reference.is_some();
    let before: &[u8] = if looks_up { b"\0\0[]\x1e" } else { b"" };
    let answers = Answers::of(&[before, rest].concat());
    call(Operation::CreateTicket, *arguments, answers);
}

/// Calls the function that the first byte chooses with one answer, whose headers are made up.
pub fn function_with_headers(data: &[u8]) {
    let (chosen, rest) = data.split_first().unwrap_or((&0, &[]));
    let operations = ConnectWise::OPERATIONS.len();
    let operation = ConnectWise::OPERATIONS[usize::from(*chosen) % operations];
    let arguments = *chosen / operations as u8;
    call(operation, arguments, Answers::with_headers(rest));
}

/// Settings, one in a line: `site = na.myconnectwise.net`. Good ones are used: `verify`, with a server that knows nothing
/// of them.
pub fn settings_of_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some(settings) = with_canaries(&text) else {
        return;
    };
    let parsed = match Settings::parse(&settings) {
        Ok(parsed) => parsed,
        Err(error) => return rules::faulty_settings(&error),
    };
    let origins = ConnectWise::origins(&parsed).origins;
    rules::origins(&origins);
    // One answer for each way to go on: a web page, a wrong route, nothing of use.
    for answer in ["\0\0<html>", "\x06\0Cannot route", "\0\0[]"] {
        let mut desk = Desk::new(Answers::of(answer.as_bytes()), origins.clone());
        let send = &mut |requests: &mut [Request]| desk.send(requests);
        let result = ConnectWise::verify(&parsed, &[], send);
        let result = result.map(|verification| results::verification(&verification));
        check(Operation::Verify, &desk, result);
    }
}

/// The settings with secrets that can be told from all other text: each key holds one that is known, and the client id,
/// whose form is fixed, is one. None: they are elsewhere in the text, too, so that finding them would prove nothing.
fn with_canaries(text: &str) -> Option<Vec<Setting>> {
    let [_, key, client_id, ..] = SECRETS;
    let mut is_elsewhere = false;
    let settings = text.split('\n').map(|line| {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let (name, value) = (name.trim(), value.trim());
        let is_secret = matches!(name, "public-key" | "private-key" | "client-id");
        let is_client_id = name == "client-id" && value == client_id;
        let text = line.to_ascii_lowercase();
        is_elsewhere |= text.contains(&key.to_ascii_lowercase());
        is_elsewhere |= !is_secret && rules::holds_a_secret(line);
        is_elsewhere |= text.contains(client_id) && !is_client_id;
        let canary = if is_secret && !is_client_id && !value.is_empty() {
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

fn call(operation: Operation, arguments: u8, answers: Answers) {
    let settings = settings();
    let parsed = Settings::parse(&settings).expect("good settings");
    let origins = ConnectWise::origins(&parsed).origins;
    let mut desk = Desk::new(answers, origins);
    let send = &mut |requests: &mut [Request]| desk.send(requests);
    let result = match operation {
        Operation::Verify => {
            ConnectWise::verify(&parsed, &[], send).map(|it| results::verification(&it))
        }
        Operation::ListCompanies => {
            let query = company_query(arguments);
            ConnectWise::list_companies(&parsed, &query, send)
                .map(|page| results::companies(&parsed, &query, &page))
        }
        Operation::ListBoardMetadata => {
            let selection = board_selection(arguments);
            ConnectWise::list_board_metadata(&parsed, &selection, send)
                .map(|metadata| results::board_metadata(&selection, &metadata))
        }
        Operation::CheckTicket => ConnectWise::check_ticket(&parsed, &draft(arguments), send)
            .map(|check| results::objections(&check.objections)),
        Operation::CreateTicket => {
            let draft = draft(arguments);
            let result = ConnectWise::create_ticket(&parsed, &draft, send);
            create_once::check(&draft, &desk.exchanges, &result);
            result.map(|created| results::ticket(&created.ticket))
        }
        Operation::GetTicket => ConnectWise::get_ticket(&parsed, "7001", send).map(|found| {
            found
                .ticket
                .as_ref()
                .map(results::ticket)
                .unwrap_or_default()
        }),
        Operation::FindTickets => {
            let query = ticket_query(arguments);
            ConnectWise::find_tickets(&parsed, &query, send)
                .map(|page| lists::tickets(&query, &page))
        }
        Operation::AddNote => {
            let result = ConnectWise::add_note(&parsed, &note(arguments), send);
            changes::check(&desk.exchanges, result.as_ref().err().map(|it| it.code));
            result.map(|created| format!("{:?}", created.not_applied))
        }
        Operation::SetStatus => {
            let result = ConnectWise::set_status(&parsed, &status_change(), send);
            changes::check(&desk.exchanges, result.as_ref().err().map(|it| it.code));
            result.map(|changed| results::ticket(&changed.ticket))
        }
        Operation::ListContacts => {
            let query = contact_query(arguments);
            ConnectWise::list_contacts(&parsed, &query, send)
                .map(|page| lists::contacts(&query, &page))
        }
        Operation::ListAssets => {
            let query = asset_query(arguments);
            ConnectWise::list_assets(&parsed, &query, send).map(|page| lists::assets(&page))
        }
        Operation::ListSites => {
            let query = SiteQuery {
                company_id: COMPANY.to_owned(),
                limit: Some(3),
                cursor: None,
            };
            ConnectWise::list_sites(&parsed, &query, send).map(|page| lists::sites(&page))
        }
        Operation::AttachAsset => {
            let result = ConnectWise::attach_asset(&parsed, "7001", "11", send);
            changes::check(&desk.exchanges, result.as_ref().err().map(|it| it.code));
            result.map(|attached| format!("{attached:?}"))
        }
    };
    check(operation, &desk, result);
}

/// What holds of every function.
fn check(operation: Operation, desk: &Desk, result: Result<String, Error>) {
    let writes = desk.exchanges.iter().filter(|it| it.is_write).count();
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
    for exchange in &desk.exchanges {
        rules::no_secret("the URL", &exchange.url);
    }
    match result {
        Ok(_) if desk.holds_a_secret() => {}
        Ok(shown) => rules::no_secret("the result", &shown),
        Err(error) => rules::error(operation, &error),
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

fn draft(arguments: u8) -> TicketDraft {
    let id = |id: &str| (arguments & 2 == 0).then(|| id.to_owned());
    TicketDraft {
        company_id: "250".to_owned(),
        summary: "Blocked: bad.example.com".to_owned(),
        reference: (arguments & 1 == 0).then(|| REFERENCE.to_owned()),
        board_id: id("5"),
        status_id: id("51"),
        type_id: id("61"),
        subtype_id: id("71"),
        item_id: id("81"),
        priority_id: id("8"),
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
