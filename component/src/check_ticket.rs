//! `check-ticket`: would this draft be accepted, as far as reading tells. One round, whatever the draft names.

use psa_contract::{ErrorCode, TicketCheck, TicketDraft};

use crate::board_lists::{
    ASSOCIATIONS, ITEMS, Part, STATUSES, SUBTYPES, TYPES, boards_listing, is_active,
    is_service_board, priorities_listing,
};
use crate::draft::{self, DraftIds};
use crate::error::{Error, field_error};
use crate::listing::{Listing, Window};
use crate::permission::COMPANIES;
use crate::request::{Answer, Call, HttpSend, LARGEST_PAGE, exchange};
use crate::settings::Settings;
use crate::wire::{Company, Entry};

/// The objections to a draft; none: none was found. What may not be read (subtypes and items need more rights) is not
/// checked.
///
/// # Errors
/// Those of [`crate::list_companies`] but `invalid-input`, which is an objection here.
pub fn check_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<TicketCheck, Error> {
    let ids = match draft::parse(draft) {
        Ok((ids, _)) => ids,
        Err(objections) => return Ok(TicketCheck { objections }),
    };
    let questions = questions(&ids);
    let calls = questions
        .iter()
        .map(|question| question.call(settings))
        .collect();
    let answers = exchange(send, calls);
    let mut objections = Vec::new();
    for (question, answer) in questions.iter().zip(&answers) {
        let message = match question.subject {
            Subject::Company => company_objection(settings, answer, ids.company)?,
            subject => entry_objection(settings, answer, subject, &ids)?,
        };
        objections.extend(message.map(|message| field_error(question.field(), message)));
    }
    Ok(TicketCheck { objections })
}

/// A record that the draft names, to be looked up by its id.
struct Question {
    subject: Subject,
    listing: Listing,
}

#[derive(Clone, Copy, PartialEq)]
enum Subject {
    Company,
    Board,
    Priority,
    Status,
    Type,
    Subtype,
    Item,
    /// That item goes under type and subtype.
    Combination,
}

impl Subject {
    /// The id that the draft names.
    fn id(self, ids: &DraftIds) -> Option<i64> {
        match self {
            Self::Company => Some(ids.company),
            Self::Board => ids.board,
            Self::Priority => ids.priority,
            Self::Status => ids.status,
            Self::Type => ids.ticket_type,
            Self::Subtype => ids.subtype,
            Self::Item | Self::Combination => ids.item,
        }
    }
}

/// Without a board the PSA takes its default one, which cannot be known by reading, so nothing of a board is asked then.
fn questions(ids: &DraftIds) -> Vec<Question> {
    let question = |subject, mut listing: Listing, condition: String| {
        listing.conditions.push(condition);
        Question { subject, listing }
    };
    let by_id = |id: i64| ["id=", &id.to_string()].concat();
    let mut questions = vec![question(
        Subject::Company,
        company_listing(),
        by_id(ids.company),
    )];
    if let Some(id) = ids.priority {
        questions.push(question(Subject::Priority, priorities_listing(), by_id(id)));
    }
    let Some(board) = ids.board else {
        return questions;
    };
    questions.push(question(Subject::Board, boards_listing(), by_id(board)));
    let parts: [(Subject, Part, Option<i64>); 4] = [
        (Subject::Status, STATUSES, ids.status),
        (Subject::Type, TYPES, ids.ticket_type),
        (Subject::Subtype, SUBTYPES, ids.subtype),
        (Subject::Item, ITEMS, ids.item),
    ];
    for (subject, part, id) in parts {
        questions.extend(id.map(|id| question(subject, part.listing(board), by_id(id))));
    }
    if let Some(item) = ids.item {
        let condition = ["item/id=", &item.to_string()].concat();
        questions.push(question(
            Subject::Combination,
            ASSOCIATIONS.listing(board),
            condition,
        ));
    }
    questions
}

impl Question {
    fn call(&self, settings: &Settings) -> Call {
        self.listing.call(settings, Window::ALL, LARGEST_PAGE)
    }

    fn field(&self) -> &'static str {
        match self.subject {
            Subject::Company => "company-id",
            Subject::Board => "board-id",
            Subject::Priority => "priority-id",
            Subject::Status => "status-id",
            Subject::Type => "type-id",
            Subject::Subtype => "subtype-id",
            Subject::Item | Subject::Combination => "item-id",
        }
    }
}

fn company_listing() -> Listing {
    Listing {
        doing: "look up the company".to_owned(),
        right: Some(&COMPANIES),
        path: "/company/companies".to_owned(),
        fields: "id,name,deletedFlag",
        conditions: Vec::new(),
        child_conditions: None,
    }
}

fn company_objection(
    settings: &Settings,
    answer: &Answer,
    id: i64,
) -> Result<Option<&'static str>, Error> {
    let rows = answer.rows::<Company>(settings)?.rows;
    Ok(match rows.iter().find(|company| company.id == id) {
        None => Some("there is no such company, or these credentials may not see it"),
        Some(company) if company.is_deleted => Some("the company is deleted"),
        Some(_) => None,
    })
}

fn entry_objection(
    settings: &Settings,
    answer: &Answer,
    subject: Subject,
    ids: &DraftIds,
) -> Result<Option<&'static str>, Error> {
    let is_optional = matches!(
        subject,
        Subject::Subtype | Subject::Item | Subject::Combination
    );
    let rows = match answer.rows::<Entry>(settings) {
        Ok(page) => page.rows,
        Err(error) if error.code == ErrorCode::Forbidden && is_optional => return Ok(None),
        // A board that does not exist: the question about the board itself objects.
        Err(error) if error.code == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if subject == Subject::Combination {
        return Ok(combination_objection(&rows, ids));
    }
    let Some(entry) = rows.iter().find(|entry| Some(entry.id) == subject.id(ids)) else {
        return Ok(Some(match subject {
            Subject::Board => "there is no such board, or these credentials may not see it",
            Subject::Priority => "there is no such priority",
            _ => "the board has no such entry",
        }));
    };
    Ok(match subject {
        Subject::Board if entry.is_for_projects => {
            Some("it is a project board; choose a service board")
        }
        Subject::Board if !is_service_board(entry) => Some("the board is inactive"),
        _ if !is_active(entry) => Some("it is inactive"),
        Subject::Status if entry.is_closed => {
            Some("it is a closed status: nobody would see the ticket")
        }
        Subject::Subtype => subtype_objection(entry, ids),
        _ => None,
    })
}

fn subtype_objection(subtype: &Entry, ids: &DraftIds) -> Option<&'static str> {
    let types = &subtype.type_ids;
    match ids.ticket_type {
        None => Some("it needs a type; set type-id"),
        Some(ticket_type) if !types.is_empty() && !types.contains(&ticket_type) => {
            Some("it does not go under the type")
        }
        Some(_) => None,
    }
}

/// An item without any combination goes under every type and subtype.
fn combination_objection(combinations: &[Entry], ids: &DraftIds) -> Option<&'static str> {
    let is_allowed = combinations.is_empty()
        || combinations.iter().any(|row| {
            let association = &row.association;
            association.type_id == ids.ticket_type
                && (association.subtype_id.is_none() || association.subtype_id == ids.subtype)
        });
    (!is_allowed).then_some("it does not go under the type and subtype")
}
