//! `list-board-metadata`: a team is a board, a ticket type is a type, and a category of the first field is a subtype. None of
//! them belongs to a team, so that six reads in one round are all, whatever the number of teams.

use psa_contract::{
    Board, BoardMetadata, BoardSelection, Choice, ErrorCode, Omission, Property, Subtype,
    TicketStatus,
};
use psa_toolkit::choices::{all_there, sorted};
use psa_toolkit::exchange::{Answer, Call, exchange_array};
use psa_toolkit::loose::Text;
use psa_toolkit::pages::Row;
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::text::has_form;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, rows};
use crate::permissions::{
    CATEGORIES_READ, PRIORITIES_READ, SOURCES_READ, STATUSES_READ, TEAMS_READ, TICKET_TYPES_READ,
};
use crate::settings::Settings;
use crate::wire::{Category, Entry, Priority};

/// The stock status that closes a ticket, in every tenant. Halo does not say which others do.
pub(crate) const CLOSED: i64 = 9;

/// One of the lists: its right, its path, its query, what its entries are, and those that are active, by their ids.
pub(crate) struct List(
    pub(crate) &'static RequiredPermission,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    pub(crate) fn(&Answer) -> Result<Vec<i64>, Error>,
);

pub(crate) const TEAMS: List = List(&TEAMS_READ, "Team", &[], "teams", |it| ids(teams(it)));
pub(crate) const TYPES: List = List(
    &TICKET_TYPES_READ,
    "TicketType",
    &[],
    "ticket types",
    |it| ids(active(it)),
);
pub(crate) const STATUSES: List = List(&STATUSES_READ, "Status", &[], "statuses", |it| {
    ids(active(it))
});
pub(crate) const PRIORITIES: List = List(&PRIORITIES_READ, "Priority", &[], "priorities", |it| {
    ids(priorities(it))
});
pub(crate) const CATEGORIES: List = List(
    &CATEGORIES_READ,
    "Category",
    &[("type_id", "1")],
    "categories",
    |it| ids(categories(it)),
);
pub(crate) const SOURCES: List = List(
    &SOURCES_READ,
    "Lookup",
    &[("lookupid", "22")],
    "sources",
    |it| ids(active(it)),
);

impl List {
    pub(crate) fn call(&self, settings: &Settings) -> Call {
        let Self(permission, path, query, noun, _) = self;
        api::get(settings, &format!("list {noun}"), permission, path, query)
    }

    /// How many of its entries are active.
    pub(crate) fn count(&self, answer: &Answer) -> Result<usize, Error> {
        self.4(answer).map(|ids| ids.len())
    }
}

fn ids<T: Row>(rows: Result<Vec<T>, Error>) -> Result<Vec<i64>, Error> {
    Ok(rows?.iter().map(Row::id).collect())
}

pub(crate) fn list_board_metadata(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    let send = &mut api::sign_in(settings, send)?;
    let lists = [TEAMS, TYPES, STATUSES, PRIORITIES, CATEGORIES, SOURCES];
    let answers = exchange_array(settings, send, lists.map(|list| list.call(settings)));
    let [
        in_teams,
        in_types,
        in_statuses,
        in_priorities,
        in_categories,
        in_sources,
    ] = &answers;
    let boards = choices(teams(in_teams)?).into_iter();
    let boards = boards.map(|team| Board {
        id: team.id,
        name: team.name,
        is_default: false,
    });
    let boards: Vec<Board> = boards.collect();
    all_there(&boards, selection, "team")?;
    let mut omissions = Vec::new();
    let categories = unless_refused("subtypes", categories(in_categories), &mut omissions)?;
    let sources = unless_refused("sources", active(in_sources), &mut omissions)?;
    let subtypes = categories.iter().filter_map(|row| {
        let (id, name) = (row.id().to_string(), row.path()?.clone());
        Some(Choice {
            id,
            name,
            ..Choice::default()
        })
    });
    let statuses = choices(active(in_statuses)?).into_iter().map(|choice| {
        let is_closed = (choice.id == CLOSED.to_string()).then_some(true);
        TicketStatus { choice, is_closed }
    });
    let subtypes = sorted(subtypes.collect()).into_iter();
    Ok(BoardMetadata {
        boards,
        statuses: statuses.collect(),
        types: choices(active(in_types)?),
        subtypes: subtypes
            .map(|choice| Subtype {
                choice,
                type_ids: Vec::new(),
            })
            .collect(),
        priorities: by_number(priorities(in_priorities)?),
        sources: choices(sources),
        omissions,
        ..BoardMetadata::default()
    })
}

/// A ticket can be opened without these, so that a refusal is noted.
fn unless_refused<T>(
    part: &str,
    read: Result<Vec<T>, Error>,
    omissions: &mut Vec<Omission>,
) -> Result<Vec<T>, Error> {
    match read {
        Err(error) if error.code == ErrorCode::Forbidden => {
            let (part, message) = (part.to_owned(), error.message.clone());
            omissions.push(Omission {
                part,
                board_id: None,
                message,
            });
            Ok(Vec::new())
        }
        read => read,
    }
}

pub(crate) fn active(answer: &Answer) -> Result<Vec<Entry>, Error> {
    let mut rows: Vec<Entry> = rows(answer)?;
    rows.retain(|row| !row.inactive.is_set());
    Ok(rows)
}

/// Other teams work on projects or opportunities alone.
pub(crate) fn teams(answer: &Answer) -> Result<Vec<Entry>, Error> {
    let mut teams = active(answer)?;
    teams.retain(|row| row.forrequests.0 != Some(false));
    Ok(teams)
}

/// Of the first field, whatever else the server returns.
pub(crate) fn categories(answer: &Answer) -> Result<Vec<Category>, Error> {
    let mut categories: Vec<Category> = rows(answer)?;
    categories.retain(|row| row.type_id.0.is_none_or(|field| field == 1));
    Ok(categories)
}

fn priorities(answer: &Answer) -> Result<Vec<Priority>, Error> {
    let mut rows: Vec<Priority> = rows(answer)?;
    rows.retain(|row| !row.ishidden.is_set());
    Ok(rows)
}

fn choices(rows: Vec<Entry>) -> Vec<Choice> {
    let choices = rows.into_iter().map(|row| Choice {
        id: row.id().to_string(),
        name: row.name.or_empty(),
        sort_order: row.sequence.0.and_then(|it| i32::try_from(it).ok()),
        color: color(row.colour),
        ..Choice::default()
    });
    sorted(choices.collect())
}

fn color(Text(text): Text) -> Option<String> {
    text.filter(|text| has_form(text, "#xxxxxx"))
}

/// A ticket takes the number that a priority has within its SLA, so that one number may have several names.
fn by_number(mut rows: Vec<Priority>) -> Vec<Choice> {
    rows.sort_by_cached_key(|row| (row.id(), row.slaid.0));
    let mut choices: Vec<Choice> = Vec::new();
    for row in rows {
        let (id, sort_order) = (row.id().to_string(), i32::try_from(row.id()).ok());
        let name = row.name.or_empty();
        match choices.last_mut() {
            Some(last) if last.id == id => {
                if !last.name.split(" / ").any(|it| it == name) {
                    last.name = format!("{} / {name}", last.name);
                }
            }
            _ => {
                let color = color(row.colour);
                choices.push(Choice {
                    id,
                    name,
                    sort_order,
                    color,
                    ..Choice::default()
                });
            }
        }
    }
    for choice in &mut choices {
        let value = choice.name.to_lowercase();
        if ["critical", "high", "medium", "low"].contains(&value.as_str()) {
            choice.properties.push(Property {
                name: "level".to_owned(),
                value,
            });
        }
    }
    choices
}
