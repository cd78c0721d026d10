//! The PSA's lists as choosers. Where there are several boards, an entry says which one it is of.

use psa_contract::{BoardMetadata, Choice as Entry, TicketStatus};

use crate::page::fields::Choice;

pub(super) struct Lists {
    pub(super) metadata: BoardMetadata,
    /// The one board of many whose lists these are.
    pub(super) one: Option<String>,
    /// No board was chosen, and there are too many to read them all.
    pub(super) is_undecided: bool,
}

impl Lists {
    pub(super) fn of(metadata: BoardMetadata, one: Option<String>) -> Self {
        Self {
            metadata,
            one,
            is_undecided: false,
        }
    }

    pub(super) fn undecided(metadata: BoardMetadata) -> Self {
        Self {
            metadata,
            one: None,
            is_undecided: true,
        }
    }

    pub(super) fn boards(&self) -> Vec<Choice> {
        let boards = self.metadata.boards.iter();
        let boards = boards.filter(|it| self.one.as_ref().is_none_or(|one| *one == it.id));
        let boards = boards.map(|it| Choice::new(&*it.id, &*it.name));
        let mut choices = Vec::new();
        if self.one.is_none() {
            choices.push(Choice::new("", "Please choose"));
        }
        choices.extend(boards);
        choices
    }

    /// New tickets are not closed ones.
    pub(super) fn statuses(&self, is_closed: bool) -> Vec<Choice> {
        let statuses = self.metadata.statuses.iter();
        let fitting = statuses.filter(|it| it.is_closed.is_none_or(|it| it == is_closed));
        self.choices("The PSA's default", fitting.map(|it| &it.choice))
    }

    pub(super) fn types(&self) -> Vec<Choice> {
        self.choices("The PSA's default", self.metadata.types.iter())
    }

    pub(super) fn subtypes(&self) -> Vec<Choice> {
        self.choices("None", self.metadata.subtypes.iter().map(|it| &it.choice))
    }

    pub(super) fn items(&self) -> Vec<Choice> {
        self.choices("None", self.metadata.items.iter().map(|it| &it.choice))
    }

    pub(super) fn priorities(&self) -> Vec<Choice> {
        self.choices("The PSA's default", self.metadata.priorities.iter())
    }

    pub(super) fn sources(&self) -> Vec<Choice> {
        self.choices("The PSA's default", self.metadata.sources.iter())
    }

    pub(super) fn closing(&self, automatic: &str) -> Vec<Choice> {
        let mut choices = self.statuses(true);
        if let Some(first) = choices.first_mut() {
            *first = Choice::new("", "None: add a note, and leave the ticket open");
        }
        if self
            .metadata
            .statuses
            .iter()
            .any(|it| it.is_closed == Some(true))
        {
            choices.insert(0, Choice::new(automatic, "The first one that closes"));
        } else {
            choices.insert(
                0,
                Choice::new(automatic, "None: the PSA does not say which ones close"),
            );
        }
        choices
    }

    pub(super) fn reopening(&self, automatic: &str) -> Vec<Choice> {
        let mut choices = self.statuses(false);
        if let Some(first) = choices.first_mut() {
            *first = Choice::new("", "None: open a new ticket");
        }
        choices.insert(0, Choice::new(automatic, "The same as of a new ticket"));
        choices
    }

    /// The first status of a board that closes. Empty: none, or the PSA does not say.
    pub(super) fn closing_of(&self, board: Option<&str>) -> String {
        self.first_status(board, |it| it.is_closed == Some(true))
    }

    /// The status that a ticket of this board gets if nothing is chosen. Empty: the PSA does not say.
    pub(super) fn usual_status_of(&self, board: Option<&str>) -> String {
        self.first_status(board, |it| {
            it.choice.is_default && it.is_closed != Some(true)
        })
    }

    fn first_status(&self, board: Option<&str>, is_fitting: fn(&TicketStatus) -> bool) -> String {
        let mut statuses = self.metadata.statuses.iter();
        let found = statuses.find(|it| {
            let is_of = it
                .choice
                .board_id
                .as_deref()
                .is_none_or(|own| Some(own) == board);
            is_of && is_fitting(it)
        });
        found.map(|it| it.choice.id.clone()).unwrap_or_default()
    }

    pub(super) fn board_of_status(&self, id: &str) -> Option<&str> {
        let mut statuses = self.metadata.statuses.iter().map(|it| &it.choice);
        statuses.find(|it| it.id == id)?.board_id.as_deref()
    }

    pub(super) fn board_of_type(&self, id: &str) -> Option<&str> {
        let mut types = self.metadata.types.iter();
        types.find(|it| it.id == id)?.board_id.as_deref()
    }

    pub(super) fn board_name<'a>(&'a self, id: &'a str) -> &'a str {
        let mut boards = self.metadata.boards.iter();
        let found = boards.find(|it| it.id == id);
        found.map_or(if id.is_empty() { "the board above" } else { id }, |it| {
            &it.name
        })
    }

    fn choices<'a>(
        &'a self,
        nothing: &str,
        entries: impl Iterator<Item = &'a Entry>,
    ) -> Vec<Choice> {
        let is_one = self.one.is_some() || self.metadata.boards.len() < 2;
        let mut choices = vec![Choice::new("", nothing)];
        choices.extend(entries.map(|it| match &it.board_id {
            Some(board) if !is_one => {
                let label = format!("{} ({})", it.name, self.board_name(board));
                Choice::new(&*it.id, label)
            }
            _ => Choice::new(&*it.id, &*it.name),
        }));
        choices
    }
}
