//! The fields of the inputs that `input-fields` describes, by the names of the contract, and inputs with other values in
//! them.

use psa_contract::{Detail, Link, NoteAudience, Operation, Rating, TicketDraft};

use psa_recording::Input;

/// The fields of `ticket-draft`, in its order.
const OF_DRAFTS: [&str; 19] = [
    "company-id",
    "board-id",
    "status-id",
    "type-id",
    "subtype-id",
    "item-id",
    "priority-id",
    "severity",
    "impact",
    "site-id",
    "contact-id",
    "source-id",
    "summary",
    "description",
    "details",
    "links",
    "internal-note",
    "reference",
    "vendor-fields",
];

/// The fields of `note-draft`, in its order.
const OF_NOTES: [&str; 7] = [
    "ticket-id",
    "text",
    "details",
    "links",
    "audience",
    "reference",
    "vendor-fields",
];

/// The fields of `status-change`, in its order.
const OF_STATUS_CHANGES: [&str; 4] = ["ticket-id", "status-ids", "resolution", "vendor-fields"];

/// Those that are cut if they are too long; all others are refused.
pub(crate) const TEXTS: [&str; 5] = [
    "summary",
    "description",
    "internal-note",
    "text",
    "resolution",
];

/// Those that are lists.
pub(crate) const LISTS: [&str; 3] = ["details", "links", "status-ids"];

/// Those that are enums.
pub(crate) const ENUMS: [&str; 3] = ["severity", "impact", "audience"];

/// The operations that have fields, in the contract's order.
pub(crate) const OPERATIONS: [Operation; 3] = [
    Operation::CreateTicket,
    Operation::AddNote,
    Operation::SetStatus,
];

/// The fields of an operation, in the contract's order. Empty: it has none that are described.
pub(crate) fn names(operation: Operation) -> &'static [&'static str] {
    match operation {
        Operation::CreateTicket => &OF_DRAFTS,
        Operation::AddNote => &OF_NOTES,
        Operation::SetStatus => &OF_STATUS_CHANGES,
        _ => &[],
    }
}

/// Those without which the operation means nothing, whatever the PSA.
pub(crate) fn indispensable(operation: Operation) -> &'static [&'static str] {
    match operation {
        Operation::CreateTicket => &["company-id", "summary"],
        Operation::AddNote => &["ticket-id", "text", "audience"],
        Operation::SetStatus => &["ticket-id", "status-ids"],
        _ => &[],
    }
}

/// The operation under which the fields of these arguments are described.
pub(crate) fn operation(input: &Input) -> Option<Operation> {
    match input {
        Input::CreateTicket(_) | Input::CheckTicket(_) => Some(Operation::CreateTicket),
        Input::AddNote(_) => Some(Operation::AddNote),
        Input::SetStatus(_) => Some(Operation::SetStatus),
        _ => None,
    }
}

/// The cases of an enum. Empty: the field is none.
pub(crate) fn cases_of_enum(name: &str) -> Vec<&'static str> {
    match name {
        "severity" | "impact" => Rating::ALL.iter().map(|it| it.name()).collect(),
        "audience" => NoteAudience::ALL.iter().map(|it| it.name()).collect(),
        _ => Vec::new(),
    }
}

/// The same arguments with another value in one field; None: without it.
pub(crate) fn with(input: &Input, name: &str, value: Option<&str>) -> Input {
    let mut input = input.clone();
    let text = value.map(str::to_owned);
    match &mut input {
        Input::CreateTicket(draft) | Input::CheckTicket(draft) => {
            set_in_draft(draft, name, value);
        }
        Input::AddNote(note) => match name {
            "ticket-id" => note.ticket_id = text.unwrap_or_default(),
            "text" => note.text = text.unwrap_or_default(),
            "details" => note.details = value.map(detail).into_iter().collect(),
            "links" => note.links = value.map(link).into_iter().collect(),
            "audience" => {
                let case = NoteAudience::ALL.iter().find(|it| Some(it.name()) == value);
                note.audience = case.copied().unwrap_or(note.audience);
            }
            "reference" => note.reference = text,
            "vendor-fields" => note.vendor_fields = text,
            _ => {}
        },
        Input::SetStatus(change) => match name {
            "ticket-id" => change.ticket_id = text.unwrap_or_default(),
            "status-ids" => change.status_ids = text.into_iter().collect(),
            "resolution" => change.resolution = text,
            "vendor-fields" => change.vendor_fields = text,
            _ => {}
        },
        _ => {}
    }
    input
}

/// The same arguments with so many elements in a list.
pub(crate) fn with_count(input: &Input, name: &str, count: usize) -> Input {
    let mut input = input.clone();
    let details = || (0..count).map(|_| detail("1")).collect();
    let links = || (0..count).map(|_| link("1")).collect();
    match (&mut input, name) {
        (Input::CreateTicket(draft) | Input::CheckTicket(draft), "details") => {
            draft.details = details();
        }
        (Input::CreateTicket(draft) | Input::CheckTicket(draft), "links") => {
            draft.links = links();
        }
        (Input::AddNote(note), "details") => note.details = details(),
        (Input::AddNote(note), "links") => note.links = links(),
        (Input::SetStatus(change), "status-ids") => {
            // Its own come first: of others, none may be one of the ticket's board.
            let own = std::mem::take(&mut change.status_ids);
            let others = (1..=count).map(|id| id.to_string());
            change.status_ids = own.into_iter().chain(others).take(count).collect();
        }
        _ => {}
    }
    input
}

fn set_in_draft(draft: &mut TicketDraft, name: &str, value: Option<&str>) {
    let text = value.map(str::to_owned);
    match name {
        "company-id" => draft.company_id = text.unwrap_or_default(),
        "board-id" => draft.board_id = text,
        "status-id" => draft.status_id = text,
        "type-id" => draft.type_id = text,
        "subtype-id" => draft.subtype_id = text,
        "item-id" => draft.item_id = text,
        "priority-id" => draft.priority_id = text,
        "severity" => draft.severity = value.map(rating),
        "impact" => draft.impact = value.map(rating),
        "site-id" => draft.site_id = text,
        "contact-id" => draft.contact_id = text,
        "source-id" => draft.source_id = text,
        "summary" => draft.summary = text.unwrap_or_default(),
        "description" => draft.description = text,
        "details" => draft.details = value.map(detail).into_iter().collect(),
        "links" => draft.links = value.map(link).into_iter().collect(),
        "internal-note" => draft.internal_note = text,
        "reference" => draft.reference = text,
        "vendor-fields" => draft.vendor_fields = text,
        _ => {}
    }
}

/// Any one, if the value is none of them.
fn rating(value: &str) -> Rating {
    let case = Rating::ALL.iter().find(|it| it.name() == value);
    case.copied().unwrap_or(Rating::High)
}

fn detail(value: &str) -> Detail {
    Detail {
        label: "label".to_owned(),
        value: value.to_owned(),
    }
}

fn link(_value: &str) -> Link {
    Link {
        label: "label".to_owned(),
        url: "https://console.example.com/alerts/1?a=1&b=2".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use psa_contract::{NoteDraft, StatusChange};

    use super::*;

    fn inputs() -> [Input; 3] {
        [
            Input::CreateTicket(TicketDraft::default()),
            Input::AddNote(NoteDraft {
                ticket_id: String::new(),
                text: String::new(),
                details: Vec::new(),
                links: Vec::new(),
                audience: NoteAudience::Customer,
                reference: None,
                vendor_fields: None,
            }),
            Input::SetStatus(StatusChange::default()),
        ]
    }

    #[test]
    fn every_field_of_every_operation_can_be_set_and_taken_away() {
        for input in inputs() {
            let operation = operation(&input).expect("an operation with fields");
            for name in names(operation) {
                let value = if *name == "audience" { "staff" } else { "1" };
                let set = with(&input, name, Some(value));
                assert_ne!(set, input, "{name} of {}", operation.name());
                if *name != "audience" {
                    assert_eq!(with(&set, name, None), input, "{name}");
                }
                let of_two = with_count(&input, name, 2);
                assert_eq!(of_two != input, LISTS.contains(name), "{name}");
                for case in cases_of_enum(name) {
                    assert_eq!(
                        with(&set, name, Some(case)) == set,
                        case == "staff" || case == "high",
                        "{name} {case}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_said_of_a_field_is_said_of_one_that_there_is() {
        let all: Vec<&str> = OPERATIONS.into_iter().flat_map(names).copied().collect();
        for name in TEXTS.iter().chain(&LISTS).chain(&ENUMS) {
            assert!(all.contains(name), "{name}");
        }
        for operation in OPERATIONS {
            for name in indispensable(operation) {
                assert!(names(operation).contains(name), "{name}");
            }
        }
    }
}
