//! The functions of a connector, called with the answers of an input. What is made up here are answers and settings;
//! arguments of every form are tried by the properties in `tests/tests/suite/`.

use psa_contract::{Operation, Request, Setting};
use psa_toolkit::{Error, ServiceDesk};

use crate::answers::Answers;
use crate::arguments;
use crate::desk::{Desk, Good};
use crate::vendor::Vendor;
use crate::{changes, create_once, lists, results, rules};

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
    chosen: u8,
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
            let query = arguments::company_query(chosen);
            D::list_companies(&parsed, &query, send)
                .map(|page| results::companies::<D>(vendor, &parsed, &query, &page))
        }
        Operation::ListBoardMetadata => {
            let selection = arguments::board_selection(vendor, chosen);
            D::list_board_metadata(&parsed, &selection, send)
                .map(|metadata| results::board_metadata(vendor, &selection, &metadata))
        }
        Operation::CheckTicket => D::check_ticket(&parsed, &arguments::draft(vendor, chosen), send)
            .map(|check| results::objections(vendor, &check.objections)),
        Operation::CreateTicket => {
            let draft = arguments::draft(vendor, chosen);
            let result = D::create_ticket(&parsed, &draft, send);
            create_once::check(&draft, &desk.exchanges(), &result);
            result.map(|created| {
                results::not_applied(vendor, &created.not_applied)
                    + &results::ticket(vendor, &created.ticket)
            })
        }
        Operation::GetTicket => D::get_ticket(&parsed, vendor.ids.ticket, send).map(|found| {
            let ticket = found.ticket.as_ref();
            ticket
                .map(|it| results::ticket(vendor, it))
                .unwrap_or_default()
        }),
        Operation::FindTickets => {
            let query = arguments::ticket_query(vendor, chosen);
            D::find_tickets(&parsed, &query, send).map(|page| lists::tickets(vendor, &query, &page))
        }
        Operation::AddNote => {
            let note = arguments::note(vendor, chosen);
            let result = D::add_note(&parsed, &note, send);
            changes::check(&desk.exchanges(), result.as_ref().err().map(|it| it.code));
            result.map(|created| {
                changes::note(&desk.exchanges(), note.reference.is_some(), &created);
                results::not_applied(vendor, &created.not_applied)
            })
        }
        Operation::SetStatus => {
            let result = D::set_status(&parsed, &arguments::status_change(vendor), send);
            changes::check(&desk.exchanges(), result.as_ref().err().map(|it| it.code));
            result.map(|changed| {
                changes::is_told(&desk.exchanges(), changed.is_changed);
                results::ticket(vendor, &changed.ticket)
            })
        }
        Operation::ListContacts => {
            let query = arguments::contact_query(vendor, chosen);
            D::list_contacts(&parsed, &query, send)
                .map(|page| lists::contacts(vendor, &query, &page))
        }
        Operation::ListAssets => {
            let query = arguments::asset_query(vendor, chosen);
            D::list_assets(&parsed, &query, send).map(|page| lists::assets(vendor, &query, &page))
        }
        Operation::ListSites => {
            let query = arguments::site_query(vendor);
            D::list_sites(&parsed, &query, send).map(|page| lists::sites(vendor, &query, &page))
        }
        Operation::AttachAsset => {
            let result = D::attach_asset(&parsed, vendor.ids.ticket, vendor.ids.asset, send);
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
