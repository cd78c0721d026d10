//! `list-board-metadata`: a team is a board, a ticket type is a type, and a category of the first field is a subtype. None of
//! them belongs to a team, so that six reads in one round are all, whatever the number of teams.

use psa_contract::{BoardMetadata, BoardSelection, Choice};
use psa_toolkit::choices::{self, all_there, level, level_of, or_omit, sorted};
use psa_toolkit::exchange::{Answer, Call, exchange_array};
use psa_toolkit::pages::Row as _;
use psa_toolkit::text::has_form;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, rows};
use crate::settings::Settings;
use crate::wire::Entry;

/// The stock status that closes a ticket, in every tenant. Halo does not say which others do.
pub(crate) const CLOSED: i64 = 9;

/// One of the lists: its path, its query, and what its entries are.
pub(crate) struct List(
    pub(crate) &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

pub(crate) const TEAMS: List = List("Team", &[], "teams");
pub(crate) const TYPES: List = List("TicketType", &[], "ticket types");
pub(crate) const STATUSES: List = List("Status", &[], "statuses");
pub(crate) const PRIORITIES: List = List("Priority", &[], "priorities");
pub(crate) const CATEGORIES: List = List("Category", &[("type_id", "1")], "categories");
pub(crate) const SOURCES: List = List("Lookup", &[("lookupid", "22")], "sources");

/// All of them.
pub(crate) const LISTS: [List; 6] = [TEAMS, TYPES, STATUSES, PRIORITIES, CATEGORIES, SOURCES];

impl List {
    pub(crate) fn call(&self, settings: &Settings) -> Call {
        let Self(path, query, noun) = self;
        api::get(settings, &format!("list {noun}"), path, query)
    }

    /// Its active entries: teams that work on more than projects or opportunities, and categories of the first field, whatever
    /// else the server returns. One whose id is 0 or less stands for none, and no ticket takes it.
    pub(crate) fn active(&self, answer: &Answer) -> Result<Vec<Entry>, Error> {
        let mut entries: Vec<Entry> = rows(answer)?;
        entries.retain(|entry| entry.id() > 0);
        entries.retain(|entry| match self.0 {
            "Team" => !entry.inactive.is_set() && entry.forrequests.is_set_or_absent(),
            "Priority" => !entry.ishidden.is_set(),
            "Category" => entry.type_id.0.is_none_or(|field| field == 1),
            _ => !entry.inactive.is_set(),
        });
        Ok(entries)
    }

    /// The active entry with this id.
    pub(crate) fn find(&self, answer: &Answer, id: i64) -> Result<Option<Entry>, Error> {
        let mut entries = self.active(answer)?.into_iter();
        Ok(entries.find(|entry| entry.id() == id))
    }
}

pub(crate) fn list_board_metadata(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    let send = &mut api::sign_in(settings, send)?;
    let calls = LISTS.map(|list| list.call(settings));
    let [teams, types, statuses, priorities, categories, sources] =
        exchange_array(settings, send, calls);
    let boards = choices::boards(choices_of(TEAMS.active(&teams)?));
    all_there(&boards, selection, "team")?;
    // A ticket can be opened without these.
    let mut omissions = Vec::new();
    let categories = CATEGORIES.active(&categories);
    let categories = or_omit(categories, "subtypes", None, &mut omissions)?;
    let sources = or_omit(SOURCES.active(&sources), "sources", None, &mut omissions)?;
    Ok(BoardMetadata {
        boards,
        statuses: choices::statuses(choices_of(STATUSES.active(&statuses)?), CLOSED),
        types: choices_of(TYPES.active(&types)?),
        subtypes: choices::subtypes_of_all(choices_of(categories.unwrap_or_default())),
        priorities: by_number(PRIORITIES.active(&priorities)?),
        sources: choices_of(sources.unwrap_or_default()),
        omissions,
        ..BoardMetadata::default()
    })
}

fn choices_of(rows: Vec<Entry>) -> Vec<Choice> {
    let choices = rows.into_iter().map(|row| Choice {
        sort_order: row.sequence.0.and_then(|it| i32::try_from(it).ok()),
        ..choice(row)
    });
    sorted(choices.collect())
}

fn choice(row: Entry) -> Choice {
    Choice {
        id: row.id().to_string(),
        color: row.colour.0.clone().filter(|it| has_form(it, "#xxxxxx")),
        name: row.title().unwrap_or_default(),
        ..Choice::default()
    }
}

/// A ticket takes the number that a priority has within its SLA, so that one number may have several names.
fn by_number(mut rows: Vec<Entry>) -> Vec<Choice> {
    rows.sort_by_cached_key(|row| (row.id(), row.slaid.0));
    let mut choices: Vec<Choice> = Vec::new();
    for row in rows {
        let sort_order = i32::try_from(row.id()).ok();
        let choice = Choice {
            sort_order,
            ..choice(row)
        };
        match choices.last_mut() {
            Some(last) if last.id == choice.id => {
                if !last.name.split(" / ").any(|it| it == choice.name) {
                    last.name = format!("{} / {}", last.name, choice.name);
                }
            }
            _ => choices.push(choice),
        }
    }
    for choice in &mut choices {
        choice.properties.extend(level_of(&choice.name).map(level));
    }
    choices
}
