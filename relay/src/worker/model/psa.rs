//! The PSA of the model: tickets by reference, faults in order, and a record of every call by which the promise is judged.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use psa_contract::{
    BoardMetadata, BoardSelection, ChangedTicket, CompanyPage, CompanyQuery, ConnectorDescription,
    CreatedNote, CreatedTicket, Creation, ErrorCode, Named, NoteDraft, Operation, Setting,
    StatusChange, Ticket, TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery,
    TicketSelection, Verification,
};

use super::Fault;
use crate::clock::Clock;
use crate::desk::{Answer, Desk, Desks, own_error};
use crate::time::Time;

/// How long a call takes.
const QUICK: Duration = Duration::from_millis(40);
const SLOW: Duration = Duration::from_secs(25);

#[derive(Clone)]
pub(super) struct Psa {
    clock: Clock,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) tickets: Vec<Kept>,
    pub(super) faults: VecDeque<Fault>,
    /// Calls that are under way, by the start of their reference.
    running: HashMap<String, u32>,
    /// When a call with this reference, or about this ticket's status, was last left in doubt.
    doubts: HashMap<String, Time>,
    /// What must never happen.
    pub(super) wrongs: Vec<String>,
    pub(super) is_unauthorized: bool,
    /// How long each request takes, and how far apart they are sent. None: quick, and without a budget.
    pub(super) pace: Option<(Duration, Duration)>,
    /// When the next one may be sent.
    next_at: Time,
}

#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) reference: String,
    pub(super) is_closed: bool,
    pub(super) notes: Vec<String>,
}

enum Write {
    Ticket(String),
    Note(usize, String),
    Status(usize, bool),
}

impl Psa {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            state: Arc::default(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One call, from the beginning to the end. `case` tells which calls must not overlap, `doubt` which are the same call.
    async fn call<T>(
        &self,
        case: &str,
        doubt: &str,
        work: impl Future<Output = Answer<T>> + Send,
    ) -> Answer<T> {
        let mut running = self.begin(case, doubt);
        let result = work.await;
        running.is_done = true;
        let mut state = self.state();
        match &result {
            Ok(_) => {
                state.doubts.remove(doubt);
            }
            Err(error) if error.code == ErrorCode::OutcomeUnknown => {
                let now = self.clock.now();
                state.doubts.insert(doubt.to_owned(), now);
            }
            Err(_) => {}
        }
        drop(state);
        result
    }

    fn begin(&self, case: &str, doubt: &str) -> Running {
        let mut state = self.state();
        let now = self.clock.now();
        if let Some(at) = state.doubts.get(doubt).copied()
            && now.since(at) < Duration::from_secs(60)
        {
            let wrong = format!("{doubt} was repeated {:?} after its doubt", now.since(at));
            state.wrongs.push(wrong);
        }
        let running = state.running.entry(case.to_owned()).or_default();
        *running += 1;
        if *running > 1 {
            state.wrongs.push(format!("two calls of {case} at once"));
        }
        Running {
            psa: self.clone(),
            case: case.to_owned(),
            doubt: doubt.to_owned(),
            is_done: false,
        }
    }

    /// Waits until the budget allows a request. Returns how long it takes.
    async fn turn(&self) -> Duration {
        let now = self.clock.now();
        let (at, takes) = {
            let mut state = self.state();
            let Some((takes, apart)) = state.pace else {
                return QUICK;
            };
            let at = state.next_at.max(now);
            state.next_at = at.plus(apart);
            (at, takes)
        };
        tokio::time::sleep(at.since(now)).await;
        takes
    }

    /// The request of a call that writes.
    async fn write(&self, write: Write) -> Answer<()> {
        let fault = {
            let mut state = self.state();
            if state.is_unauthorized {
                return Err(own_error(ErrorCode::Unauthorized, "keys".to_owned()));
            }
            state.faults.pop_front()
        };
        let code = match fault {
            None | Some(Fault::Slow) => {
                let delay = if fault.is_none() {
                    self.turn().await
                } else {
                    SLOW
                };
                self.later(write, delay / 2);
                tokio::time::sleep(delay).await;
                return Ok(());
            }
            Some(Fault::Unavailable) => ErrorCode::Unavailable,
            Some(Fault::RateLimited) => ErrorCode::RateLimited,
            Some(Fault::Rejected) => ErrorCode::Rejected,
            Some(Fault::NotUnderstood) => ErrorCode::UnexpectedResponse,
            Some(Fault::Unauthorized) => {
                self.state().is_unauthorized = true;
                ErrorCode::Unauthorized
            }
            Some(Fault::DoneUnheard) => {
                self.done(&write);
                ErrorCode::OutcomeUnknown
            }
            Some(Fault::DoneLater(seconds)) => {
                self.later(write, Duration::from_secs(seconds.into()));
                ErrorCode::OutcomeUnknown
            }
            Some(Fault::NotDoneUnheard) => ErrorCode::OutcomeUnknown,
        };
        tokio::time::sleep(QUICK).await;
        Err(own_error(code, format!("{fault:?}")))
    }

    /// What the PSA has begun it finishes, whether or not anybody waits for it.
    fn later(&self, write: Write, delay: Duration) {
        let psa = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            psa.done(&write);
        });
    }

    fn done(&self, write: &Write) {
        let mut state = self.state();
        match write {
            Write::Ticket(reference) => {
                if state.tickets.iter().any(|it| it.reference == *reference) {
                    state.wrongs.push(format!("two tickets of {reference}"));
                }
                state.tickets.push(Kept {
                    reference: reference.clone(),
                    is_closed: false,
                    notes: Vec::new(),
                });
            }
            Write::Note(ticket, reference) => {
                let notes = &mut state.tickets[*ticket].notes;
                if notes.contains(reference) {
                    let wrong = format!("two notes {reference}");
                    state.wrongs.push(wrong);
                } else {
                    notes.push(reference.clone());
                }
            }
            Write::Status(ticket, is_closed) => state.tickets[*ticket].is_closed = *is_closed,
        }
    }

    fn case_of(&self, ticket: usize) -> String {
        self.state().tickets[ticket].reference[..32].to_owned()
    }

    fn ticket(&self, index: usize) -> Ticket {
        let kept = self.state().tickets[index].clone();
        let id = (7_000 + index).to_string();
        let status = if kept.is_closed { "503" } else { "501" };
        Ticket {
            number: id.clone(),
            id,
            status: Some(Named {
                id: status.to_owned(),
                name: None,
            }),
            is_closed: Some(kept.is_closed),
            reference: Some(kept.reference),
            ..Ticket::default()
        }
    }
}

fn index_of(ticket_id: &str) -> usize {
    let id: usize = ticket_id.parse().expect("a number of the model");
    id - 7_000
}

/// A call under way. If it ends before it is done, whoever made it is no more, and it is in doubt.
struct Running {
    psa: Psa,
    case: String,
    doubt: String,
    is_done: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        let now = self.psa.clock.now();
        let mut state = self.psa.state();
        if let Some(running) = state.running.get_mut(&self.case) {
            *running -= 1;
        }
        if !self.is_done {
            state.doubts.insert(self.doubt.clone(), now);
        }
    }
}

#[async_trait]
impl Desk for Psa {
    async fn verify(&self, _needed: Vec<Operation>) -> Answer<Verification> {
        tokio::time::sleep(QUICK).await;
        if self.state().is_unauthorized {
            return Err(own_error(ErrorCode::Unauthorized, "keys".to_owned()));
        }
        Ok(Verification {
            is_complete: true,
            ..Verification::default()
        })
    }

    async fn list_companies(&self, _query: CompanyQuery) -> Answer<CompanyPage> {
        Err(own_error(ErrorCode::Unsupported, String::new()))
    }

    async fn list_board_metadata(&self, _selection: BoardSelection) -> Answer<BoardMetadata> {
        Err(own_error(ErrorCode::Unsupported, String::new()))
    }

    async fn check_ticket(&self, _draft: TicketDraft) -> Answer<TicketCheck> {
        Ok(TicketCheck::default())
    }

    async fn create_ticket(&self, draft: TicketDraft) -> Answer<CreatedTicket> {
        let reference = draft.reference.expect("the relay always has one");
        let find = || {
            let state = self.state();
            state
                .tickets
                .iter()
                .position(|it| it.reference == reference)
        };
        let work = async {
            tokio::time::sleep(self.turn().await).await;
            if find().is_some() {
                return Ok(Creation::Found);
            }
            match self.write(Write::Ticket(reference.clone())).await {
                Ok(()) => Ok(Creation::Created),
                // As the contract says: a write in doubt is looked up once more.
                Err(error) if error.code == ErrorCode::OutcomeUnknown && find().is_some() => {
                    Ok(Creation::Found)
                }
                Err(error) => Err(error),
            }
        };
        let creation = self.call(&reference[..32], &reference, work).await?;
        Ok(CreatedTicket {
            ticket: self.ticket(find().expect("it is there")),
            creation,
            not_applied: Vec::new(),
        })
    }

    async fn get_ticket(&self, id: String) -> Answer<TicketLookup> {
        Ok(TicketLookup {
            ticket: Some(self.ticket(index_of(&id))),
        })
    }

    async fn find_tickets(&self, query: TicketQuery) -> Answer<TicketPage> {
        tokio::time::sleep(QUICK).await;
        let TicketSelection::Ids(ids) = query.selection else {
            return Err(own_error(ErrorCode::Unsupported, String::new()));
        };
        let tickets: Vec<Ticket> = ids.iter().map(|id| self.ticket(index_of(id))).collect();
        tokio::time::sleep(QUICK).await;
        Ok(TicketPage {
            tickets,
            next_cursor: None,
        })
    }

    async fn add_note(&self, note: NoteDraft) -> Answer<CreatedNote> {
        let reference = note.reference.expect("the relay always has one");
        let ticket = index_of(&note.ticket_id);
        let is_there = || self.state().tickets[ticket].notes.contains(&reference);
        let work = async {
            tokio::time::sleep(QUICK).await;
            if is_there() {
                return Ok(Creation::Found);
            }
            match self.write(Write::Note(ticket, reference.clone())).await {
                Ok(()) => Ok(Creation::Created),
                Err(error) if error.code == ErrorCode::OutcomeUnknown && is_there() => {
                    Ok(Creation::Found)
                }
                Err(error) => Err(error),
            }
        };
        let case = self.case_of(ticket);
        Ok(CreatedNote {
            id: None,
            creation: self.call(&case, &reference, work).await?,
            not_applied: Vec::new(),
        })
    }

    async fn set_status(&self, change: StatusChange) -> Answer<ChangedTicket> {
        let ticket = index_of(&change.ticket_id);
        let closes = change.status_ids == ["503"];
        let is_set = || self.state().tickets[ticket].is_closed == closes;
        let work = async {
            tokio::time::sleep(QUICK).await;
            if is_set() {
                return Ok(false);
            }
            match self.write(Write::Status(ticket, closes)).await {
                Ok(()) => Ok(true),
                Err(error) if error.code == ErrorCode::OutcomeUnknown && is_set() => Ok(true),
                Err(error) => Err(error),
            }
        };
        let case = self.case_of(ticket);
        let doubt = format!("status of {case}");
        let is_changed = self.call(&case, &doubt, work).await?;
        Ok(ChangedTicket {
            ticket: self.ticket(ticket),
            is_changed,
        })
    }
}

#[async_trait]
impl Desks for Psa {
    fn names(&self) -> Vec<String> {
        vec!["model".to_owned()]
    }

    fn description(&self, _connector: &str) -> Option<&ConnectorDescription> {
        None
    }

    async fn desk(&self, _connector: &str, _settings: Vec<Setting>) -> Answer<Arc<dyn Desk>> {
        Ok(Arc::new(self.clone()))
    }
}
