//! What technicians do to tickets while nobody asks the API.

use super::note::Note;
use super::records::{Board, Entry};
use super::reference::default_of;
use super::tenant::Tenant;
use super::ticket::{Named, Ticket};

/// Who did it.
const TECHNICIAN: &str = "Technician1";

impl Tenant {
    /// Puts a ticket into a status of its board, with every right.
    ///
    /// # Panics
    /// There is no such ticket, or no such status on its board. So it is with the other functions here.
    pub fn set_status(&mut self, ticket_id: i64, status_id: i64) {
        let board = self.board_of(ticket_id);
        let status = board.statuses.iter().find(|status| status.id == status_id);
        let status = status.unwrap_or_else(|| panic!("no status {status_id} on {}", board.name));
        self.change(ticket_id, |ticket, now| ticket.enter(status, now));
    }

    /// Moves a ticket to another board, where it gets the default status and type.
    pub fn move_ticket(&mut self, ticket_id: i64, board_id: i64) {
        let mut boards = self.boards.iter().cloned();
        let board = boards.find(|board| board.id == board_id).expect("a board");
        self.change(ticket_id, |ticket, now| {
            ticket.board = Named::new(board.id, &board.name);
            ticket.ticket_type = default_of(&board.types).map(Entry::named);
            (ticket.subtype, ticket.item) = (None, None);
            ticket.enter(default_of(&board.statuses).expect("a status"), now);
        });
    }

    /// Merges a ticket into another one: it is closed, and still served.
    pub fn merge_ticket(&mut self, ticket_id: i64, parent_id: i64) {
        let summary = self.ticket(parent_id).expect("the parent").summary.clone();
        let board = self.board_of(ticket_id);
        let closed = board.statuses.iter().find(|status| status.is_closed());
        self.change(ticket_id, |ticket, now| {
            ticket.merged_into = Some(Named::new(parent_id, &summary));
            ticket.enter(closed.expect("a closed status"), now);
        });
        self.change(parent_id, |parent, _| parent.has_merged_children = true);
    }

    /// Writes a note for the staff, or as the text of a time entry.
    pub fn write_note(&mut self, ticket_id: i64, text: &str, is_time_entry: bool) {
        let note = Note {
            id: 0,
            ticket_id,
            text: text.to_owned(),
            is_discussion: false,
            is_internal: true,
            is_resolution: false,
            is_mailed: false,
            is_time_entry,
            created_by: TECHNICIAN.to_owned(),
            created_at: String::new(),
        };
        self.add_note(ticket_id, note);
    }

    /// Adds a note, which gets its id and date here.
    pub(super) fn add_note(&mut self, ticket_id: i64, mut note: Note) -> Note {
        note.created_at = self.next_second();
        note.ticket_id = ticket_id;
        note.id = FIRST_NOTE + i64::from(self.seconds);
        self.change_ticket(ticket_id, |ticket| ticket.notes.push(note.clone()));
        note
    }

    fn board_of(&self, ticket_id: i64) -> Board {
        let ticket = self.ticket(ticket_id).expect("a ticket");
        let mut boards = self.boards.iter();
        let board = boards.find(|board| board.id == ticket.board.id);
        board.expect("its board").clone()
    }

    fn change(&mut self, ticket_id: i64, change: impl FnOnce(&mut Ticket, &str)) {
        let now = self.next_second();
        self.change_ticket(ticket_id, |ticket| {
            change(ticket, &now);
            TECHNICIAN.clone_into(&mut ticket.updated_by);
            ticket.updated_at = now;
        });
    }
}

/// The ids of notes are above those of any ticket, so that a test notices if the two are mixed up.
const FIRST_NOTE: i64 = 1_500_000;
