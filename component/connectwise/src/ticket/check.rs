//! `check-ticket`: would this draft be accepted, as far as reading tells. One round, whatever the draft names.

use psa_contract::{ErrorCode, TicketCheck, TicketDraft};
use psa_toolkit::error::{field_error, unless};
use psa_toolkit::exchange::{Answer, exchange};
use psa_toolkit::pages::Row;
use psa_toolkit::{Error, HttpSend};
use serde::de::DeserializeOwned;

use crate::api::{LARGEST_PAGE, Listing, rows};
use crate::boards::{
    ASSOCIATIONS, ITEMS, Part, STATUSES, SUBTYPES, TYPES, boards_listing, priorities_listing,
    sources_listing,
};
use crate::draft::{self, Id, Members};
use crate::permissions::{COMPANIES, CONTACTS};
use crate::settings::Settings;
use crate::wire::{self, is};

/// The objections to a draft; none: none was found. What may not be read (subtypes, items, contact, site and source need more
/// rights) is not checked.
pub(crate) fn check_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<TicketCheck, Error> {
    let ids = match draft::parse(draft) {
        Ok(new) => new.members,
        Err(objections) => return Ok(TicketCheck { objections }),
    };
    let questions = questions(settings, &ids);
    let calls = questions
        .iter()
        .map(|question| question.listing.first(LARGEST_PAGE))
        .collect();
    let mut objections = Vec::new();
    for (question, answer) in questions.iter().zip(exchange(settings, send, calls)) {
        let objection = (question.judge)(&answer, &ids)?;
        objections.extend(objection.map(|message| field_error(question.field, message)));
    }
    Ok(TicketCheck { objections })
}

/// A record that the draft names, to be looked up by its id.
struct Question<'a> {
    field: &'static str,
    listing: Listing<'a>,
    judge: fn(&Answer, &Members) -> Judged,
}

/// What is wrong with it; None: nothing, or it may not be read.
type Judged = Result<Option<&'static str>, Error>;

/// Without a board the PSA takes its default one, which cannot be known by reading, so nothing of a board is asked then.
fn questions<'a>(settings: &'a Settings, ids: &Members) -> Vec<Question<'a>> {
    let mut questions = Vec::new();
    let mut ask = |field, listing: Listing<'a>, id: Option<Id>, judge| {
        if let Some(Id { id }) = id {
            let listing = listing.with(format!("id={id}"));
            questions.push(Question {
                field,
                listing,
                judge,
            });
        }
    };
    ask(
        "company-id",
        company_listing(settings),
        Some(ids.company),
        company,
    );
    ask(
        "priority-id",
        priorities_listing(settings),
        ids.priority,
        priority,
    );
    ask(
        "site-id",
        sites_listing(settings, ids.company),
        ids.site,
        site,
    );
    ask(
        "contact-id",
        contacts_listing(settings),
        ids.contact,
        contact,
    );
    ask("source-id", sources_listing(settings), ids.source, source);
    let Some(Id { id: board_id }) = ids.board else {
        return questions;
    };
    let part = |part: Part| part.listing(settings, board_id);
    ask("board-id", boards_listing(settings), ids.board, board);
    ask("status-id", part(STATUSES), ids.status, status);
    ask("type-id", part(TYPES), ids.r#type, ticket_type);
    ask("subtype-id", part(SUBTYPES), ids.sub_type, subtype);
    ask("item-id", part(ITEMS), ids.item, item);
    // That the item goes under type and subtype.
    questions.extend(ids.item.map(|item| Question {
        field: "item-id",
        listing: part(ASSOCIATIONS).with(format!("item/id={}", item.id)),
        judge: combination,
    }));
    questions
}

fn company_listing(settings: &Settings) -> Listing<'_> {
    Listing {
        settings,
        doing: "look up the company".to_owned(),
        permission: Some(&COMPANIES),
        path: "/company/companies".to_owned(),
        fields: "id,name,status/name,deletedFlag",
        conditions: Vec::new(),
        child_conditions: None,
    }
}

fn sites_listing(settings: &Settings, company: Id) -> Listing<'_> {
    Listing {
        doing: "look up the site".to_owned(),
        path: format!("/company/companies/{}/sites", company.id),
        fields: "id,name,inactiveFlag",
        ..company_listing(settings)
    }
}

fn contacts_listing(settings: &Settings) -> Listing<'_> {
    Listing {
        doing: "look up the contact".to_owned(),
        permission: Some(&CONTACTS),
        path: "/company/contacts".to_owned(),
        fields: "id,company/id,inactiveFlag",
        ..company_listing(settings)
    }
}

fn company(answer: &Answer, ids: &Members) -> Judged {
    let missing = "there is no such company, or these credentials do not allow access to it";
    judge::<wire::Company>(answer, Some(ids.company), missing, |company| {
        if is(company.deleted_flag) {
            return Some("the company is deleted");
        }
        company
            .has_inactive_status()
            .then_some("the company's status is Inactive")
    })
}

fn site(answer: &Answer, ids: &Members) -> Judged {
    let missing = "the company has no such site, or these credentials do not allow access to it";
    unless_forbidden(judge::<wire::Site>(answer, ids.site, missing, |site| {
        is(site.inactive_flag).then_some(INACTIVE)
    }))
}

fn contact(answer: &Answer, ids: &Members) -> Judged {
    let missing = "there is no such contact, or these credentials do not allow access to it";
    let of_company = |contact: &wire::Contact| {
        if is(contact.inactive_flag) {
            return Some(INACTIVE);
        }
        let company = contact.company.as_ref().and_then(|it| it.id);
        (company != Some(ids.company.id)).then_some("the contact does not belong to this company")
    };
    unless_forbidden(judge(answer, ids.contact, missing, of_company))
}

fn source(answer: &Answer, ids: &Members) -> Judged {
    let missing = "there is no such source";
    unless_forbidden(judge::<wire::Source>(answer, ids.source, missing, |_| None))
}

fn priority(answer: &Answer, ids: &Members) -> Judged {
    judge::<wire::Priority>(answer, ids.priority, "there is no such priority", |_| None)
}

fn board(answer: &Answer, ids: &Members) -> Judged {
    let missing = "there is no such board, or these credentials do not allow access to it";
    judge::<wire::Board>(answer, ids.board, missing, |board| {
        if is(board.project_flag) {
            return Some("it is a project board; choose a service board");
        }
        is(board.inactive_flag).then_some("the board is inactive")
    })
}

const NOT_ON_BOARD: &str = "the board has no such entry";
const INACTIVE: &str = "it is inactive";

fn status(answer: &Answer, ids: &Members) -> Judged {
    judge::<wire::Status>(answer, ids.status, NOT_ON_BOARD, |status| {
        if is(status.inactive) {
            return Some(INACTIVE);
        }
        is(status.closed_status).then_some("it is a closed status, so nobody would see the ticket")
    })
}

fn ticket_type(answer: &Answer, ids: &Members) -> Judged {
    judge::<wire::Type>(answer, ids.r#type, NOT_ON_BOARD, |it| {
        is(it.inactive_flag).then_some(INACTIVE)
    })
}

fn subtype(answer: &Answer, ids: &Members) -> Judged {
    let under_type = |subtype: &wire::Subtype| {
        if is(subtype.inactive_flag) {
            return Some(INACTIVE);
        }
        let types = &subtype.type_association_ids;
        match ids.r#type {
            None => Some("it requires a type; set `type-id`"),
            Some(it) if !types.is_empty() && !types.contains(&it.id) => {
                Some("it does not belong to the type")
            }
            Some(_) => None,
        }
    };
    unless_forbidden(judge(answer, ids.sub_type, NOT_ON_BOARD, under_type))
}

fn item(answer: &Answer, ids: &Members) -> Judged {
    unless_forbidden(judge::<wire::Item>(
        answer,
        ids.item,
        NOT_ON_BOARD,
        |item| is(item.inactive_flag).then_some(INACTIVE),
    ))
}

/// An item without any combination goes under every type and subtype.
fn combination(answer: &Answer, ids: &Members) -> Judged {
    let combinations = match rows::<wire::Association>(answer) {
        Ok(page) => page.rows,
        Err(error) => return unless_forbidden(unless_not_found(Err(error))),
    };
    let is_allowed = combinations.is_empty()
        || combinations.iter().any(|row| {
            let subtype = row.sub_type.as_ref().and_then(|it| it.id);
            Some(row.r#type.id) == number(ids.r#type)
                && (subtype.is_none() || subtype == number(ids.sub_type))
        });
    Ok((!is_allowed).then_some("it does not belong to this type and subtype"))
}

fn judge<T: Row + DeserializeOwned>(
    answer: &Answer,
    id: Option<Id>,
    missing: &'static str,
    check: impl Fn(&T) -> Option<&'static str>,
) -> Judged {
    let rows = match rows::<T>(answer) {
        Ok(page) => page.rows,
        Err(error) => return unless_not_found(Err(error)),
    };
    Ok(match rows.iter().find(|row| Some(row.id()) == number(id)) {
        Some(row) => check(row),
        None => Some(missing),
    })
}

fn number(id: Option<Id>) -> Option<i64> {
    id.map(|it| it.id)
}

/// A board that does not exist: the question about the board itself objects.
fn unless_not_found(judged: Judged) -> Judged {
    unless(ErrorCode::NotFound, judged).map(Option::flatten)
}

/// These need more rights than opening a ticket does.
fn unless_forbidden(judged: Judged) -> Judged {
    unless(ErrorCode::Forbidden, judged).map(Option::flatten)
}
