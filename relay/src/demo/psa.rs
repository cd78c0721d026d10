//! The stand-in: what the contract asks of a PSA, on records in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use psa_contract::{
    BoardMetadata, BoardSelection, ChangedTicket, CompanyPage, CompanyQuery, ConnectorDescription,
    ConnectorError, CreatedNote, CreatedTicket, Creation, ErrorCode, NoteDraft, Operation,
    Permission, PermissionCheck, PermissionState, Setting, SettingDescription, SettingKind,
    SettingSupplier, StatusChange, Ticket, TicketCheck, TicketDraft, TicketLookup, TicketPage,
    TicketQuery, TicketSelection, Verification,
};

use super::CONNECTOR;
use super::records::Records;
use crate::desk::{Answer, Desk, Desks};

/// The private key that the stand-in accepts.
pub const GOOD_KEY: &str = "demo-key";
/// The private key of an account that may not open tickets.
pub const WEAK_KEY: &str = "read-only-key";

/// As long as a PSA that is near takes.
const TAKES: Duration = Duration::from_millis(120);

/// A PSA for a first run. Cheap to clone.
#[derive(Clone)]
pub struct StandIn {
    pub(super) records: Arc<Mutex<Records>>,
    description: Arc<ConnectorDescription>,
    settings: Vec<Setting>,
}

impl StandIn {
    /// With companies and boards, and no ticket.
    #[must_use]
    pub fn new(tickets_url: &str) -> Self {
        Self {
            records: Arc::new(Mutex::new(Records::new(tickets_url))),
            description: Arc::new(description()),
            settings: Vec::new(),
        }
    }

    /// How many tickets there are.
    #[must_use]
    pub fn tickets(&self) -> usize {
        self.records().tickets.len()
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn value(&self, name: &str) -> &str {
        let found = self.settings.iter().find(|it| it.name == name);
        found.map_or("", |it| it.value.trim())
    }

    /// After the time that a call takes: whether these credentials are accepted.
    async fn enter(&self, what: &str) -> Answer<()> {
        tokio::time::sleep(TAKES).await;
        if [GOOD_KEY, WEAK_KEY].contains(&self.value("private-key")) {
            return Ok(());
        }
        let message = format!("cannot {what}: the stand-in does not accept these keys");
        let mut error = ConnectorError::new(ErrorCode::Unauthorized, message);
        error.hint = Some(format!("enter the private key {GOOD_KEY}"));
        Err(Box::new(error))
    }

    async fn enter_to_write(&self, what: &str) -> Answer<()> {
        self.enter(what).await?;
        if self.value("private-key") == GOOD_KEY {
            return Ok(());
        }
        let message = format!("cannot {what}: this account may only read");
        let mut error = ConnectorError::new(ErrorCode::Forbidden, message);
        error.permission_ids = vec!["tickets-add".to_owned()];
        Err(Box::new(error))
    }
}

fn no_such_ticket<T>(what: &str) -> Answer<T> {
    let message = format!("cannot {what}: there is no such ticket");
    Err(Box::new(ConnectorError::new(ErrorCode::NotFound, message)))
}

#[async_trait]
impl Desks for StandIn {
    fn names(&self) -> Vec<String> {
        vec![CONNECTOR.to_owned()]
    }

    fn description(&self, connector: &str) -> Option<&ConnectorDescription> {
        (connector == CONNECTOR).then_some(&*self.description)
    }

    async fn desk(&self, _connector: &str, settings: Vec<Setting>) -> Answer<Arc<dyn Desk>> {
        Ok(Arc::new(Self {
            settings,
            ..self.clone()
        }))
    }
}

#[async_trait]
impl Desk for StandIn {
    async fn verify(&self, needed: Vec<Operation>) -> Answer<Verification> {
        self.enter("verify").await?;
        let can_write = self.value("private-key") == GOOD_KEY;
        let checks = self.description.permissions.iter().map(|it| {
            let is_granted = can_write || !it.id.ends_with("-add");
            PermissionCheck {
                permission_id: it.id.clone(),
                state: match is_granted {
                    true => PermissionState::Granted,
                    false => PermissionState::Missing,
                },
                message: (!is_granted).then(|| format!("set {} to Add (All)", it.path.join(" > "))),
            }
        });
        Ok(Verification {
            is_complete: can_write,
            ready: if can_write { needed } else { Vec::new() },
            checks: checks.collect(),
            account: Some("relay@example-msp".to_owned()),
            server_version: Some("Stand-in".to_owned()),
            visible_companies: u32::try_from(self.records().companies.len()).ok(),
            visible_boards: Some(2),
        })
    }

    async fn list_companies(&self, query: CompanyQuery) -> Answer<CompanyPage> {
        self.enter("list companies").await?;
        let search = query.search.unwrap_or_default().to_lowercase();
        let records = self.records();
        let fitting = records.companies.iter().filter(|it| {
            it.name.to_lowercase().contains(&search)
                && (query.ids.is_empty() || query.ids.contains(&it.id))
        });
        let from = query.cursor.and_then(|it| it.parse().ok()).unwrap_or(0);
        let limit = query.limit.unwrap_or(1_000) as usize;
        let mut companies: Vec<_> = fitting.skip(from).take(limit + 1).cloned().collect();
        let has_more = companies.len() > limit;
        companies.truncate(limit);
        Ok(CompanyPage {
            companies,
            next_cursor: has_more.then(|| (from + limit).to_string()),
        })
    }

    async fn list_board_metadata(&self, selection: BoardSelection) -> Answer<BoardMetadata> {
        self.enter("list boards").await?;
        let mut metadata = self.records().metadata.clone();
        let is_selected = |board: &Option<String>| match &selection {
            BoardSelection::All => true,
            BoardSelection::BoardsOnly => board.is_none(),
            BoardSelection::Only(boards) => board.as_ref().is_none_or(|it| boards.contains(it)),
        };
        metadata
            .statuses
            .retain(|it| is_selected(&it.choice.board_id));
        metadata.types.retain(|it| is_selected(&it.board_id));
        Ok(metadata)
    }

    async fn check_ticket(&self, draft: TicketDraft) -> Answer<TicketCheck> {
        self.enter("check the ticket").await?;
        let objections = self.records().objections(&draft);
        Ok(TicketCheck { objections })
    }

    async fn create_ticket(&self, draft: TicketDraft) -> Answer<CreatedTicket> {
        self.enter_to_write("open the ticket").await?;
        let mut records = self.records();
        let reference = draft.reference.as_deref();
        if let Some(found) = reference.and_then(|it| records.bearing(it)) {
            return Ok(CreatedTicket {
                ticket: found.ticket.clone(),
                creation: Creation::Found,
                not_applied: Vec::new(),
            });
        }
        let objections = records.objections(&draft);
        if !objections.is_empty() {
            let message = "cannot open the ticket: the stand-in declined it";
            let mut error = ConnectorError::new(ErrorCode::Rejected, message);
            error.field_errors = objections;
            return Err(Box::new(error));
        }
        Ok(CreatedTicket {
            ticket: records.open(&draft),
            creation: Creation::Created,
            not_applied: Vec::new(),
        })
    }

    async fn get_ticket(&self, id: String) -> Answer<TicketLookup> {
        self.enter("read the ticket").await?;
        let ticket = self.records().find(&id).map(|it| it.ticket.clone());
        Ok(TicketLookup { ticket })
    }

    async fn find_tickets(&self, query: TicketQuery) -> Answer<TicketPage> {
        self.enter("find tickets").await?;
        let is_fitting = |ticket: &Ticket| match &query.selection {
            TicketSelection::Ids(ids) => ids.contains(&ticket.id),
            TicketSelection::References(references) => ticket
                .reference
                .as_ref()
                .is_some_and(|it| references.contains(it)),
            TicketSelection::OpenOfCompany(company) => {
                let is_of = ticket.company.as_ref().is_some_and(|it| it.id == *company);
                is_of && ticket.is_closed == Some(false)
            }
        };
        let records = self.records();
        let tickets = records.tickets.iter().map(|it| &it.ticket);
        Ok(TicketPage {
            tickets: tickets.filter(|it| is_fitting(it)).cloned().collect(),
            next_cursor: None,
        })
    }

    async fn add_note(&self, note: NoteDraft) -> Answer<CreatedNote> {
        self.enter_to_write("add the note").await?;
        let mut records = self.records();
        let Some(kept) = records.find_mut(&note.ticket_id) else {
            return no_such_ticket("add the note");
        };
        let is_there = note.reference.is_some()
            && kept
                .notes
                .iter()
                .any(|(reference, _)| *reference == note.reference);
        if !is_there {
            kept.notes.push((note.reference, note.text));
        }
        Ok(CreatedNote {
            id: None,
            creation: if is_there {
                Creation::Found
            } else {
                Creation::Created
            },
            not_applied: Vec::new(),
        })
    }

    async fn set_status(&self, change: StatusChange) -> Answer<ChangedTicket> {
        self.enter_to_write("set the status").await?;
        let mut records = self.records();
        let Some(kept) = records.find(&change.ticket_id) else {
            return no_such_ticket("set the status");
        };
        let board = kept.ticket.board.as_ref().map(|it| it.id.clone());
        let mut statuses = change.status_ids.iter().filter_map(|it| records.status(it));
        let Some(status) = statuses.find(|it| it.choice.board_id == board).cloned() else {
            let message = "cannot set the status: the board has none of these";
            return Err(Box::new(ConnectorError::new(
                ErrorCode::InvalidInput,
                message,
            )));
        };
        let Some(kept) = records.find_mut(&change.ticket_id) else {
            return no_such_ticket("set the status");
        };
        let before = kept.ticket.status.as_ref().map(|it| it.id.clone());
        kept.ticket.is_closed = status.is_closed;
        kept.ticket.status = Some(psa_contract::Named {
            id: status.choice.id.clone(),
            name: Some(status.choice.name),
        });
        Ok(ChangedTicket {
            ticket: kept.ticket.clone(),
            is_changed: before != Some(status.choice.id),
        })
    }
}

fn description() -> ConnectorDescription {
    let setting = |name: &str, label: &str, kind, help: &str| SettingDescription {
        name: name.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        kind,
        choices: Vec::new(),
        is_required: true,
        supplied_by: SettingSupplier::Customer,
        example: None,
    };
    let settings = vec![
        setting(
            "site",
            "Site",
            SettingKind::Host,
            "The host of the PSA. The stand-in takes any.",
        ),
        setting(
            "company-id",
            "Company ID",
            SettingKind::Text,
            "What you sign in with. The stand-in takes any.",
        ),
        setting(
            "public-key",
            "Public Key",
            SettingKind::Text,
            "Of the API member. The stand-in takes any.",
        ),
        setting(
            "private-key",
            "Private Key",
            SettingKind::Secret,
            &format!("The stand-in takes {GOOD_KEY}. With {WEAK_KEY} a permission is missing."),
        ),
        SettingDescription {
            supplied_by: SettingSupplier::Platform,
            ..setting(
                "client-id",
                "Client ID",
                SettingKind::Secret,
                "Of the integration. The stand-in takes any.",
            )
        },
    ];
    ConnectorDescription {
        vendor: "Stand-in PSA".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operations: vec![
            Operation::Verify,
            Operation::ListCompanies,
            Operation::ListBoardMetadata,
            Operation::CheckTicket,
            Operation::CreateTicket,
            Operation::GetTicket,
            Operation::FindTickets,
            Operation::AddNote,
            Operation::SetStatus,
        ],
        settings,
        permissions: permissions(),
        board_label: Some("Service Board".to_owned()),
        ..ConnectorDescription::default()
    }
}

fn permissions() -> Vec<Permission> {
    use Operation::{
        AddNote, CreateTicket, FindTickets, GetTicket, ListBoardMetadata, ListCompanies, SetStatus,
    };
    let permission =
        |id: &str, path: [&str; 2], level: &str, request: &str, needed_for: &[Operation]| {
            Permission {
                id: id.to_owned(),
                path: path.map(str::to_owned).to_vec(),
                level: Some(level.to_owned()),
                needed_for: needed_for.to_vec(),
                request: request.to_owned(),
            }
        };
    vec![
        permission(
            "companies",
            ["Companies", "Company Maintenance"],
            "Inquire (All)",
            "GET /companies",
            &[ListCompanies],
        ),
        permission(
            "tables",
            ["System", "Table Setup"],
            "Inquire (All)",
            "GET /boards",
            &[ListBoardMetadata],
        ),
        permission(
            "tickets",
            ["Service Desk", "Service Tickets"],
            "Inquire (All)",
            "GET /tickets",
            &[GetTicket, FindTickets],
        ),
        permission(
            "tickets-add",
            ["Service Desk", "Service Tickets"],
            "Add (All)",
            "POST /tickets",
            &[CreateTicket, AddNote, SetStatus],
        ),
    ]
}
