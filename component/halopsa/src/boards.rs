//! `list-board-metadata`: a team is a board, a ticket type is a type, and a category of the first field is a subtype. None of
//! them belongs to a team, so that six reads in one round are all, whatever the number of teams.

use psa_contract::{
    Board, BoardMetadata, BoardSelection, Choice, ErrorCode, Omission, Property, Subtype,
    TicketStatus,
};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, exchange_array};
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, rows};
use crate::permissions::{
    CATEGORIES_READ, PRIORITIES_READ, SOURCES_READ, STATUSES_READ, TEAMS_READ, TICKET_TYPES_READ,
};
use crate::settings::Settings;
use crate::wire::{Category, Entry, Priority};

/// The stock status that closes a ticket, in every tenant. Halo does not say which others do.
pub(crate) const CLOSED: i64 = 9;

/// One of the lists.
pub(crate) struct List {
    pub(crate) permission: &'static RequiredPermission,
    path: &'static str,
    query: &'static [(&'static str, &'static str)],
    doing: &'static str,
}

pub(crate) const TEAMS: List = List {
    permission: &TEAMS_READ,
    path: "Team",
    query: &[],
    doing: "list teams",
};
pub(crate) const TYPES: List = List {
    permission: &TICKET_TYPES_READ,
    path: "TicketType",
    doing: "list ticket types",
    ..TEAMS
};
pub(crate) const STATUSES: List = List {
    permission: &STATUSES_READ,
    path: "Status",
    doing: "list statuses",
    ..TEAMS
};
pub(crate) const PRIORITIES: List = List {
    permission: &PRIORITIES_READ,
    path: "Priority",
    doing: "list priorities",
    ..TEAMS
};
pub(crate) const CATEGORIES: List = List {
    permission: &CATEGORIES_READ,
    path: "Category",
    query: &[("type_id", "1")],
    doing: "list categories",
};
pub(crate) const SOURCES: List = List {
    permission: &SOURCES_READ,
    path: "Lookup",
    query: &[("lookupid", "22")],
    doing: "list sources",
};

impl List {
    pub(crate) fn call(&self, settings: &Settings) -> Call {
        api::get(settings, self.doing, self.permission, self.path, self.query)
    }
}

pub(crate) fn list_board_metadata(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    let send = &mut api::sign_in(settings, send)?;
    let lists = [TEAMS, TYPES, STATUSES, PRIORITIES, CATEGORIES, SOURCES];
    let answers = exchange_array(settings, send, lists.map(|list| list.call(settings)));
    let [teams, types, statuses, priorities, categories, sources] = &answers;
    let boards = sorted(teams_of_tickets(rows(teams)?).map(choice).collect());
    let boards: Vec<Board> = boards
        .into_iter()
        .map(|team| Board {
            id: team.id,
            name: team.name,
            is_default: false,
        })
        .collect();
    all_there(&boards, selection)?;
    let mut omissions = Vec::new();
    let categories = unless_refused(
        "subtypes",
        categories,
        categories_of_tickets,
        &mut omissions,
    )?;
    let sources = unless_refused("sources", sources, rows::<Entry>, &mut omissions)?;
    let subtypes = categories.iter().filter_map(category);
    Ok(BoardMetadata {
        boards,
        statuses: sorted(active(rows(statuses)?).map(choice).collect())
            .into_iter()
            .map(status)
            .collect(),
        types: sorted(active(rows(types)?).map(choice).collect()),
        subtypes: sorted(subtypes.collect())
            .into_iter()
            .map(|choice| Subtype {
                choice,
                type_ids: Vec::new(),
            })
            .collect(),
        priorities: sorted(by_id(rows(priorities)?)),
        sources: sorted(active(sources).map(choice).collect()),
        omissions,
        ..BoardMetadata::default()
    })
}

fn all_there(boards: &[Board], selection: &BoardSelection) -> Result<(), Error> {
    let BoardSelection::Only(wanted) = selection else {
        return Ok(());
    };
    let is_there = |id: &String| boards.iter().any(|board| board.id == id.trim());
    if wanted.iter().all(is_there) {
        return Ok(());
    }
    let message = "cannot list what belongs to the teams: one is not an active team";
    let fault = "one is not an active team, or the API agent is not in it";
    Err(Error::new(ErrorCode::NotFound, message)
        .hint("list the boards again")
        .field_errors(vec![field_error("selection", fault)]))
}

/// A ticket can be opened without these, so that a refusal is noted.
fn unless_refused<T>(
    part: &str,
    answer: &Answer,
    read: fn(&Answer) -> Result<Vec<T>, Error>,
    omissions: &mut Vec<Omission>,
) -> Result<Vec<T>, Error> {
    match read(answer) {
        Err(error) if error.code == ErrorCode::Forbidden => {
            omissions.push(Omission {
                part: part.to_owned(),
                board_id: None,
                message: error.message.clone(),
            });
            Ok(Vec::new())
        }
        read => read,
    }
}

pub(crate) fn active(rows: Vec<Entry>) -> impl Iterator<Item = Entry> {
    rows.into_iter().filter(|row| row.inactive != Some(true))
}

/// Other teams work on projects or opportunities alone.
pub(crate) fn teams_of_tickets(rows: Vec<Entry>) -> impl Iterator<Item = Entry> {
    active(rows).filter(|row| row.forrequests != Some(false))
}

/// Of the first field, whatever else the server returns.
pub(crate) fn categories_of_tickets(answer: &Answer) -> Result<Vec<Category>, Error> {
    let mut categories: Vec<Category> = rows(answer)?;
    categories.retain(|row| row.type_id.0.is_none_or(|field| field == 1));
    Ok(categories)
}

fn choice(row: Entry) -> Choice {
    Choice {
        id: row.id.to_string(),
        name: row.name.unwrap_or_default(),
        sort_order: row.sequence.0.and_then(|it| i32::try_from(it).ok()),
        color: row.colour.filter(|text| is_color(text)),
        ..Choice::default()
    }
}

fn is_color(text: &str) -> bool {
    psa_toolkit::text::has_form(text, "#xxxxxx")
}

fn status(choice: Choice) -> TicketStatus {
    let is_closed = (choice.id == CLOSED.to_string()).then_some(true);
    TicketStatus { choice, is_closed }
}

fn category(row: &Category) -> Option<Choice> {
    Some(Choice {
        id: row.id.to_string(),
        name: row.path()?.clone(),
        ..Choice::default()
    })
}

/// A ticket takes the number that a priority has within its SLA, so that one number may have several names.
fn by_id(mut rows: Vec<Priority>) -> Vec<Choice> {
    rows.retain(|row| row.ishidden != Some(true));
    rows.sort_by_cached_key(|row| (row.id, row.slaid.0));
    let mut choices: Vec<Choice> = Vec::new();
    for row in rows {
        let (id, name) = (row.id.to_string(), row.name.unwrap_or_default());
        match choices.last_mut() {
            Some(last) if last.id == id => {
                if !last.name.split(" / ").any(|it| it == name) {
                    last.name = format!("{} / {name}", last.name);
                }
            }
            _ => choices.push(Choice {
                id,
                name,
                sort_order: i32::try_from(row.id).ok(),
                color: row.colour.filter(|text| is_color(text)),
                ..Choice::default()
            }),
        }
    }
    for choice in &mut choices {
        let level = choice.name.to_lowercase();
        if ["critical", "high", "medium", "low"].contains(&level.as_str()) {
            choice.properties = vec![Property {
                name: "level".to_owned(),
                value: level,
            }];
        }
    }
    choices
}

/// Those without a place after those with one.
fn sorted(mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.sort_by_cached_key(|it| {
        let name = it.name.to_lowercase();
        (it.sort_order.is_none(), it.sort_order, name, it.id.clone())
    });
    choices
}
