//! `list-board-metadata`: one request, since everything is in the fields of a ticket. A queue is a board.

use psa_contract::{
    Board, BoardMetadata, BoardSelection, Choice, ErrorCode, Property, Subtype, TicketStatus,
};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::{Error, HttpSend};

use crate::api::enter;
use crate::picklist::{Picklist, fields};
use crate::settings::Settings;
use crate::wire::PicklistValue;

/// The status that Autotask ships as Complete. Only for this one it is known that tickets in it are done: tenants add others
/// without a mark.
pub(crate) const COMPLETE: i64 = 5;

/// The choosers of a ticket.
pub(crate) struct Choosers {
    pub(crate) queues: Picklist,
    pub(crate) statuses: Picklist,
    pub(crate) priorities: Picklist,
    pub(crate) issue_types: Picklist,
    pub(crate) sub_issue_types: Picklist,
    pub(crate) sources: Picklist,
}

impl Choosers {
    /// A tenant may have no issue types and sources.
    pub(crate) fn read(answer: &Answer) -> Result<Self, Error> {
        let mut fields = fields(answer)?;
        let mut of = |name| Picklist::read(answer, &mut fields, name);
        Ok(Self {
            queues: of("queueID")?,
            statuses: of("status")?,
            priorities: of("priority")?,
            issue_types: of("issueType").unwrap_or_default(),
            sub_issue_types: of("subIssueType").unwrap_or_default(),
            sources: of("source").unwrap_or_default(),
        })
    }
}

/// Every list that is of no queue comes whatever is selected.
pub(crate) fn list_board_metadata(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    let send = &mut enter(settings, send)?;
    let answer = exchange_one(settings, send, settings.fields("Tickets", 0));
    let choosers = Choosers::read(&answer)?;
    let mut boards: Vec<Board> = choosers.queues.active().map(board).collect();
    boards.sort_by_cached_key(|board| (board.name.to_lowercase(), board.id.clone()));
    refuse_unknown(&boards, selection)?;
    let types = choices(&choosers.issue_types);
    Ok(BoardMetadata {
        statuses: statuses(&choosers.statuses),
        subtypes: subtypes(&choosers.sub_issue_types, &types),
        types,
        priorities: priorities(&choosers.priorities),
        sources: choices(&choosers.sources),
        boards,
        ..BoardMetadata::default()
    })
}

fn refuse_unknown(boards: &[Board], selection: &BoardSelection) -> Result<(), Error> {
    let BoardSelection::Only(wanted) = selection else {
        return Ok(());
    };
    let is_known = |id: &String| boards.iter().any(|board| board.id == id.trim());
    if wanted.iter().all(is_known) {
        return Ok(());
    }
    let fault = "one of them is not an active queue";
    let message = format!("cannot list what belongs to the queues: {fault}");
    Err(Error::new(ErrorCode::NotFound, message)
        .hint("list the queues again")
        .field_errors(vec![field_error("selection", fault)]))
}

fn board(value: &PicklistValue) -> Board {
    Board {
        id: value.value.0.clone(),
        name: value.name(),
        is_default: value.is_default_value == Some(true),
    }
}

fn choices(picklist: &Picklist) -> Vec<Choice> {
    let mut choices: Vec<Choice> = picklist.active().map(choice).collect();
    choices.sort_by_cached_key(order);
    choices
}

fn choice(value: &PicklistValue) -> Choice {
    Choice {
        id: value.value.0.clone(),
        name: value.name(),
        is_default: value.is_default_value == Some(true),
        sort_order: value.sort_order,
        ..Choice::default()
    }
}

fn statuses(picklist: &Picklist) -> Vec<TicketStatus> {
    let status = |choice: Choice| TicketStatus {
        is_closed: (choice.id == COMPLETE.to_string()).then_some(true),
        choice,
    };
    choices(picklist).into_iter().map(status).collect()
}

/// Those of a type that is no longer chosen cannot be either.
fn subtypes(picklist: &Picklist, types: &[Choice]) -> Vec<Subtype> {
    let mut subtypes: Vec<Subtype> = Vec::new();
    for value in picklist.active() {
        let parent = parent(value);
        if parent.is_none_or(|parent| types.iter().any(|it| it.id == parent)) {
            subtypes.push(Subtype {
                choice: choice(value),
                type_ids: parent.map(str::to_owned).into_iter().collect(),
            });
        }
    }
    subtypes.sort_by_cached_key(|subtype| order(&subtype.choice));
    subtypes
}

/// The issue type that a sub-issue type goes under.
pub(crate) fn parent(value: &PicklistValue) -> Option<&str> {
    let parent = value.parent_value.as_ref().map(|it| it.0.as_str());
    parent.filter(|it| !it.is_empty())
}

fn priorities(picklist: &Picklist) -> Vec<Choice> {
    let mut priorities: Vec<Choice> = Vec::new();
    for value in picklist.active() {
        let level = level(value).map(|level| Property {
            name: "level".to_owned(),
            value: level.to_owned(),
        });
        priorities.push(Choice {
            properties: level.into_iter().collect(),
            ..choice(value)
        });
    }
    priorities.sort_by_cached_key(order);
    priorities
}

/// Only the four that Autotask ships say how urgent they are: by their English words, or by their ids while they are
/// Autotask's own. The id is no rank.
fn level(value: &PicklistValue) -> Option<&'static str> {
    let label = value.name();
    let levels = ["critical", "high", "medium", "low"];
    let by_label = levels
        .into_iter()
        .find(|level| level.eq_ignore_ascii_case(&label));
    by_label.or(match value.value.0.as_str() {
        _ if value.is_system != Some(true) => None,
        "4" => Some("critical"),
        "1" => Some("high"),
        "2" => Some("medium"),
        "3" => Some("low"),
        _ => None,
    })
}

/// Those without a rank after those with one.
fn order(choice: &Choice) -> (bool, Option<i32>, String) {
    let rank = choice.sort_order;
    (rank.is_none(), rank, choice.name.to_lowercase())
}
