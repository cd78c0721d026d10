//! Writes whose connections are cut, each repeated until it succeeds: none is lost and none done twice, by the server's own
//! count. With `PSA_FULL_SIZE` set 10,000 of each kind, otherwise a tenth.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use psa_host::contract::{
    ConnectorError, ErrorCode, NoteAudience, NoteDraft, StatusChange, TicketDraft,
};
use psa_host::{PacingSource, PolicyOptions};
use psa_tests::mock::connectwise::{Server, Tenant};
use psa_tests::mock::{self, Asked, Misbehaviour, ServerOptions, Service};
use psa_tests::repeats;
use tokio::task::JoinSet;

use super::COMPANY;
use super::site::{Site, draft, on_loopback};

pub(super) const WRITES: usize = 10_000;
const AT_ONCE: usize = 16;
/// As many notes, and as many changes of status, has each ticket.
pub(super) const ON_A_TICKET: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creates_that_are_cut_and_repeated_open_exactly_one_ticket_each() {
    let server = server_of_http1();
    let site = Arc::new(unpaced(&server).await);
    server.misbehave_as(cut_connections);
    let count = repeats(WRITES);
    let again = until_each_succeeds(count, move |number| {
        let site = Arc::clone(&site);
        async move {
            let reference = format!("ref-{number}");
            let created = site.create(draft(Some(&reference))).await?;
            assert_eq!(created.ticket.reference, Some(reference));
            Ok(())
        }
    });
    report(&server, "tickets", count, again.await, count / 10);
    server.tenant(COMPANY, |tenant| {
        assert_eq!(tenant.tickets().count(), count);
        for number in 0..count {
            let tickets = tenant.tickets_with(&format!("ref-{number}"));
            assert_eq!(tickets.len(), 1, "{number}");
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_that_are_cut_and_repeated_are_written_exactly_once_each() {
    let server = server_of_http1();
    let site = Arc::new(unpaced(&server).await);
    let count = repeats(WRITES);
    let tickets = open(&site, &draft(None), count / ON_A_TICKET).await;
    server.misbehave_as(cut_connections);
    let again = add_notes(&site, &tickets, count).await;
    report(&server, "notes", count, again, count / 10);
    server.tenant(COMPANY, |tenant| {
        let notes = tenant.tickets().flat_map(|ticket| &ticket.notes);
        assert_eq!(notes.count(), count);
        for number in 0..count {
            let id = tickets[number % tickets.len()].parse().expect("a number");
            let marker = format!("[ref: note-{number}]");
            let notes = &tenant.ticket(id).expect("it was opened").notes;
            let bearing = notes.iter().filter(|note| note.text.contains(&marker));
            assert_eq!(bearing.count(), 1, "{marker} on ticket {id}");
            assert!(
                notes
                    .iter()
                    .all(|note| !note.is_mailed && !note.is_discussion)
            );
        }
    });
}

/// Each ticket goes in progress, is closed, is opened again, and so on, and is put into no status twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses_that_are_cut_and_repeated_are_set_exactly_once_each() {
    const ROUND: [i64; 3] = [502, 503, 501];
    let server = server_of_http1();
    let site = Arc::new(unpaced(&server).await);
    let count = repeats(WRITES);
    let tickets = open(&site, &draft(None), count / ON_A_TICKET).await;
    server.misbehave_as(cut_connections);
    let (again, expected) = set_statuses(&site, &tickets, ROUND).await;
    report(&server, "changes of status", count, again, count / 10);
    server.tenant(COMPANY, |tenant| {
        assert_eq!(tenant.tickets().count(), tickets.len());
        for ticket in tenant.tickets() {
            assert_eq!(ticket.statuses, expected, "{}", ticket.id);
        }
    });
}

/// Over HTTP/1.1, where a connection that is cut takes one request with it. One of HTTP/2 takes all that share it, and those
/// the server may carry out afterwards: that is a late commit, which is another test.
fn server_of_http1() -> Server {
    let options = ServerOptions {
        http2: false,
        ..ServerOptions::default()
    };
    Server::start_with(vec![Tenant::example(COMPANY)], &options).expect("a server")
}

/// Paced as the connector advises, ten thousand writes would take half an hour.
async fn unpaced(server: &Server) -> Site {
    let unpaced = PolicyOptions {
        pacing: PacingSource::Off,
        ..on_loopback()
    };
    Site::under(server, unpaced).await
}

/// Three requests in sixteen are cut: before they are read, after the server acted, in the middle of the answer.
pub(super) fn cut_connections(asked: &Asked) -> Option<Misbehaviour> {
    // A multiplication spreads the numbers; the upper bits are as good as chance, and the same in each run.
    let chance = asked.number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60;
    match chance {
        0 => Some(Misbehaviour::DropBeforeReading),
        1 => Some(Misbehaviour::DropAfterCommitting),
        2 => Some(Misbehaviour::DropInBody),
        _ => None,
    }
}

/// So many tickets, opened before anything is cut; their ids.
pub(super) async fn open(site: &Site, draft: &TicketDraft, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let created = site.create(draft.clone()).await;
        ids.push(created.expect("a ticket").ticket.id);
    }
    ids
}

/// Adds so many notes, in turn on the tickets. How often a call had to be repeated.
pub(super) async fn add_notes(site: &Arc<Site>, tickets: &[String], count: usize) -> usize {
    let (site, tickets) = (Arc::clone(site), tickets.to_vec());
    until_each_succeeds(count, move |number| {
        let site = Arc::clone(&site);
        let note = NoteDraft {
            ticket_id: tickets[number % tickets.len()].clone(),
            text: "Seen again.".to_owned(),
            details: Vec::new(),
            links: Vec::new(),
            audience: NoteAudience::Staff,
            reference: Some(format!("note-{number}")),
            vendor_fields: None,
        };
        async move {
            let created = site.add_note(note).await?;
            assert_eq!(created.not_applied, []);
            Ok(())
        }
    })
    .await
}

/// Sets the statuses of a round on each ticket, again and again; a new ticket has the last of them. How often a call had to be
/// repeated, and the statuses that each ticket was in.
pub(super) async fn set_statuses(
    site: &Arc<Site>,
    tickets: &[String],
    round: [i64; 3],
) -> (usize, Vec<i64>) {
    let mut again = 0;
    let mut expected = vec![round[2]];
    for status in round.into_iter().cycle().take(ON_A_TICKET) {
        expected.push(status);
        let (site, tickets) = (Arc::clone(site), tickets.to_vec());
        again += until_each_succeeds(tickets.len(), move |number| {
            let site = Arc::clone(&site);
            let change = StatusChange {
                ticket_id: tickets[number].clone(),
                status_ids: vec![status.to_string()],
                resolution: None,
                vendor_fields: None,
            };
            async move {
                let changed = site.set_status(change).await?;
                let now = changed.ticket.status.map(|status| status.id);
                assert_eq!(now, Some(status.to_string()));
                Ok(())
            }
        })
        .await;
    }
    (again, expected)
}

/// Makes the calls of the numbers up to `count`, several at once, each as often as it takes. How often it took another one.
pub(super) async fn until_each_succeeds<C, F>(count: usize, call: C) -> usize
where
    C: Fn(usize) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), ConnectorError>> + Send,
{
    let (call, next) = (Arc::new(call), Arc::new(AtomicUsize::new(0)));
    let mut callers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (call, next) = (Arc::clone(&call), Arc::clone(&next));
        callers.spawn(async move {
            let mut again = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return again;
                }
                while let Err(error) = call(number).await {
                    let may_be_repeated = matches!(
                        error.code,
                        ErrorCode::OutcomeUnknown | ErrorCode::Unavailable
                    );
                    assert!(may_be_repeated, "{error:?}");
                    again += 1;
                }
            }
        });
    }
    callers.join_all().await.into_iter().sum()
}

/// Says how it went, for whoever reports it; a run that was hardly disturbed proves nothing.
pub(super) fn report<S: Service>(
    server: &mock::Server<S>,
    what: &str,
    count: usize,
    again: usize,
    least: usize,
) {
    let requests = server.counts().requests;
    println!("{count} {what}: {requests} requests, and {again} calls that had to be repeated");
    assert!(again > least, "only {again} calls were repeated");
}
