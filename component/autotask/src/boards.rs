//! `list-board-metadata`: one request, since everything is in the fields of a ticket. A queue is a board.

use psa_contract::{BoardMetadata, BoardSelection, Choice, Subtype};
use psa_toolkit::choices::{self, all_there, level, level_of, sorted, sorted_by};
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::{Error, HttpSend};

use crate::api::enter;
use crate::picklist::Picklist;
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
        let mut fields = answer.record()?;
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
    let lists = Choosers::read(&answer)?;
    // By name alone.
    let queues = lists.queues.active().map(|value| Choice {
        sort_order: None,
        ..choice(value)
    });
    let boards = choices::boards(sorted(queues.collect()));
    all_there(&boards, selection, "queue")?;
    let choices_of = |list: &Picklist| sorted(list.active().map(choice).collect());
    let priorities = lists.priorities.active().map(|value| Choice {
        properties: level_of_value(value).map(level).into_iter().collect(),
        ..choice(value)
    });
    let types = choices_of(&lists.issue_types);
    Ok(BoardMetadata {
        boards,
        statuses: choices::statuses(choices_of(&lists.statuses), COMPLETE),
        subtypes: subtypes(&lists.sub_issue_types, &types),
        types,
        priorities: sorted(priorities.collect()),
        sources: choices_of(&lists.sources),
        ..BoardMetadata::default()
    })
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

/// Those of a type that is no longer chosen cannot be either.
fn subtypes(picklist: &Picklist, types: &[Choice]) -> Vec<Subtype> {
    let is_chosen = |parent| types.iter().any(|it| it.id == parent);
    let values = picklist.active().map(|value| (value, parent(value)));
    let values = values.filter(|(_, parent)| parent.is_none_or(is_chosen));
    let subtypes = values.map(|(value, parent)| Subtype {
        choice: choice(value),
        type_ids: parent.map(str::to_owned).into_iter().collect(),
    });
    sorted_by(subtypes.collect(), |subtype| &subtype.choice)
}

/// The issue type that a sub-issue type goes under.
pub(crate) fn parent(value: &PicklistValue) -> Option<&str> {
    let parent = value.parent_value.as_ref().map(|it| it.0.as_str());
    parent.filter(|it| !it.is_empty())
}

/// Only the four that Autotask ships say how urgent they are: by their English words, or by their ids while they are
/// Autotask's own. The id is no rank.
fn level_of_value(value: &PicklistValue) -> Option<&'static str> {
    level_of(&value.name()).or(match value.value.0.as_str() {
        _ if value.is_system != Some(true) => None,
        "4" => Some("critical"),
        "1" => Some("high"),
        "2" => Some("medium"),
        "3" => Some("low"),
        _ => None,
    })
}
