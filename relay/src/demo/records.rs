//! What the stand-in has: companies, boards, tickets. In memory.

use psa_contract::{
    Board, BoardMetadata, Choice, Company, FieldError, Named, Ticket, TicketDraft, TicketStatus,
};

/// Enough companies that a person searches.
const CUSTOMERS: u32 = 500;

/// A ticket with what was written on it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) ticket: Ticket,
    /// Lines of its text.
    pub(super) text: String,
    /// Notes with their references.
    pub(super) notes: Vec<(Option<String>, String)>,
}

#[derive(Debug)]
pub(super) struct Records {
    pub(super) companies: Vec<Company>,
    pub(super) metadata: BoardMetadata,
    pub(super) tickets: Vec<Kept>,
    tickets_url: String,
}

impl Records {
    pub(super) fn new(tickets_url: &str) -> Self {
        Self {
            companies: companies(),
            metadata: metadata(),
            tickets: Vec::new(),
            tickets_url: tickets_url.to_owned(),
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<&Kept> {
        self.tickets.iter().find(|it| it.ticket.id == id)
    }

    pub(super) fn find_mut(&mut self, id: &str) -> Option<&mut Kept> {
        self.tickets.iter_mut().find(|it| it.ticket.id == id)
    }

    pub(super) fn bearing(&self, reference: &str) -> Option<&Kept> {
        let mut tickets = self.tickets.iter();
        tickets.find(|it| it.ticket.reference.as_deref() == Some(reference))
    }

    /// What the PSA has against a ticket.
    pub(super) fn objections(&self, draft: &TicketDraft) -> Vec<FieldError> {
        let mut objections = Vec::new();
        let mut object = |field: &str, message: &str| {
            objections.push(FieldError {
                field: Some(field.to_owned()),
                vendor_field: None,
                message: message.to_owned(),
            });
        };
        if self.companies.iter().all(|it| it.id != draft.company_id) {
            object("company-id", "there is no such company");
        }
        match &draft.board_id {
            None => object("board-id", "is required"),
            Some(board) if self.metadata.boards.iter().all(|it| it.id != *board) => {
                object("board-id", "there is no such board");
            }
            Some(_) => {}
        }
        let is_of_board = |choice: &Choice| choice.board_id == draft.board_id;
        if let Some(status) = &draft.status_id {
            let found = self.status(status).filter(|it| is_of_board(&it.choice));
            match found {
                None => object("status-id", "is not a status of the board"),
                Some(found) if found.is_closed == Some(true) => {
                    object("status-id", "closes the ticket");
                }
                Some(_) => {}
            }
        }
        if let Some(kind) = &draft.type_id
            && !self
                .metadata
                .types
                .iter()
                .any(|it| it.id == *kind && is_of_board(it))
        {
            object("type-id", "is not a type of the board");
        }
        objections
    }

    pub(super) fn status(&self, id: &str) -> Option<&TicketStatus> {
        self.metadata.statuses.iter().find(|it| it.choice.id == id)
    }

    /// Opens a ticket. `draft` was checked.
    pub(super) fn open(&mut self, draft: &TicketDraft) -> Ticket {
        let number = (7_001 + self.tickets.len()).to_string();
        let named = |id: &str, name: &str| Named {
            id: id.to_owned(),
            name: Some(name.to_owned()),
        };
        let board = draft.board_id.as_deref().unwrap_or_default();
        let of_board = |it: &&TicketStatus| it.choice.board_id.as_deref() == Some(board);
        let chosen = draft.status_id.as_deref().and_then(|it| self.status(it));
        let status = chosen.or_else(|| self.metadata.statuses.iter().find(of_board));
        let company = self.companies.iter().find(|it| it.id == draft.company_id);
        let choice = |list: &[Choice], id: Option<&String>| {
            let found = list.iter().find(|it| Some(&it.id) == id);
            found.map(|it| named(&it.id, &it.name))
        };
        let boards = self.metadata.boards.iter().find(|it| it.id == board);
        let ticket = Ticket {
            number: number.clone(),
            summary: draft.summary.clone(),
            company: company.map(|it| named(&it.id, &it.name)),
            board: boards.map(|it| named(&it.id, &it.name)),
            status: status.map(|it| named(&it.choice.id, &it.choice.name)),
            is_closed: Some(false),
            priority: choice(&self.metadata.priorities, draft.priority_id.as_ref()),
            ticket_type: choice(&self.metadata.types, draft.type_id.as_ref()),
            reference: draft.reference.clone(),
            web_url: Some(format!("{}#ticket-{number}", self.tickets_url)),
            id: number,
            ..Ticket::default()
        };
        self.tickets.push(Kept {
            ticket: ticket.clone(),
            text: text(draft),
            notes: Vec::new(),
        });
        ticket
    }
}

fn text(draft: &TicketDraft) -> String {
    let mut lines: Vec<String> = draft.description.iter().cloned().collect();
    let details = draft.details.iter();
    lines.extend(details.map(|it| format!("{}: {}", it.label, it.value)));
    let links = draft.links.iter();
    lines.extend(links.map(|it| format!("{}: {}", it.label, it.url)));
    lines.join("\n")
}

fn companies() -> Vec<Company> {
    let company = |id: u32, name: &str| Company {
        id: id.to_string(),
        identifier: Some(name.replace(' ', "")),
        name: name.to_owned(),
        status: Some("Active".to_owned()),
        is_active: true,
        types: vec!["Client".to_owned()],
        properties: Vec::new(),
    };
    let mut companies = vec![
        company(2, "Riverside Dental"),
        company(3, "Harbor Freight Lines"),
        company(4, "Lakeside Veterinary Clinic"),
        company(5, "Catch-all for alerts"),
    ];
    let customers = 0..CUSTOMERS;
    companies.extend(customers.map(|it| company(100 + it, &format!("Customer {it:03}"))));
    companies
}

fn metadata() -> BoardMetadata {
    let boards = [("5", "Security Alerts"), ("6", "Help Desk")];
    let choice = |id: String, name: &str, board: Option<&str>, is_default| Choice {
        id,
        name: name.to_owned(),
        board_id: board.map(str::to_owned),
        is_default,
        ..Choice::default()
    };
    let mut metadata = BoardMetadata::default();
    for (id, name) in boards {
        metadata.boards.push(Board {
            id: id.to_owned(),
            name: name.to_owned(),
            is_default: false,
        });
        for (number, status) in ["New", "In Progress", "Closed"].into_iter().enumerate() {
            metadata.statuses.push(TicketStatus {
                choice: choice(
                    format!("{id}0{}", number + 1),
                    status,
                    Some(id),
                    number == 0,
                ),
                is_closed: Some(number == 2),
            });
        }
        for (number, kind) in ["Incident", "Request"].into_iter().enumerate() {
            let kind = choice(format!("{id}1{}", number + 1), kind, Some(id), number == 0);
            metadata.types.push(kind);
        }
    }
    for (id, name) in [
        ("6", "Priority 1 - Critical"),
        ("7", "Priority 2 - High"),
        ("8", "Priority 3 - Normal"),
    ] {
        metadata
            .priorities
            .push(choice(id.to_owned(), name, None, id == "8"));
    }
    metadata
}
