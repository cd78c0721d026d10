//! What technicians did: the relay's own open tickets are read in turn.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use psa_contract::{TicketQuery, TicketSelection};

use crate::case::{Event, SeenTicket};
use crate::desk::Desk;
use crate::office::Office;
use crate::store::{CaseId, Result};
use crate::time::Time;

/// How many tickets are read at once: as many as the contract allows.
const AT_ONCE: usize = 50;
/// Pages are at least so far apart: reading is for nobody's alert.
const BETWEEN_PAGES: Duration = Duration::from_secs(1);

/// Where the round is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Round {
    after: CaseId,
    /// When the next page is read.
    pub(super) next_at: Time,
}

impl Round {
    /// The first round begins a while after the start.
    pub(super) fn starting(office: &Office) -> Self {
        Self {
            after: CaseId::default(),
            next_at: office.clock.now().plus(office.timing.watch_every),
        }
    }
}

/// Reads a page, and says where the round goes on. What cannot be read is read in the next round.
pub(super) async fn page(
    office: &Office,
    tenant: &str,
    desk: &Arc<dyn Desk>,
    round: Round,
) -> Result<Round> {
    let as_of = office.clock.now();
    let watched = office.store.watched(tenant, round.after, AT_ONCE).await?;
    let last = watched.last().map(|it| it.case);
    if !watched.is_empty() {
        let ids: Vec<String> = watched.iter().map(|it| it.ticket_id.clone()).collect();
        let limit = u32::try_from(AT_ONCE).ok();
        let query = TicketQuery {
            selection: TicketSelection::Ids(ids),
            limit,
            cursor: None,
        };
        match desk.find_tickets(query).await {
            Ok(page) if page.next_cursor.is_none() => {
                let found: HashMap<String, SeenTicket> = page
                    .tickets
                    .into_iter()
                    .map(|ticket| {
                        let seen = SeenTicket {
                            is_closed: ticket.is_closed,
                            is_merged: ticket.merged_into_id.is_some(),
                        };
                        (ticket.id, seen)
                    })
                    .collect();
                for it in watched {
                    let ticket = found.get(&it.ticket_id).copied();
                    let event = Event::Seen { ticket, as_of };
                    let now = office.clock.now();
                    office.store.apply(it.case, event, now).await?;
                }
            }
            Ok(_) => tracing::warn!(
                tenant,
                "the PSA gave fewer tickets at once than were asked for"
            ),
            Err(error) => {
                tracing::warn!(
                    tenant,
                    code = error.code.name(),
                    message = error.message,
                    "the open tickets cannot be read"
                );
            }
        }
    }
    let now = office.clock.now();
    Ok(match last {
        Some(after) => Round {
            after,
            next_at: now.plus(BETWEEN_PAGES.min(office.timing.watch_every)),
        },
        None => Round {
            after: CaseId::default(),
            next_at: now.plus(office.timing.watch_every),
        },
    })
}
