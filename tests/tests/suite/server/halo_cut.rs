//! Writes at the stand-in for HaloPSA whose connections are cut, as in `cut.rs`: none is lost and none done twice, by the
//! server's own count.

use std::sync::Arc;

use psa_host::{PacingSource, PolicyOptions};
use psa_tests::mock::halopsa::{Server, Tenant};
use psa_tests::{HALOPSA, repeats};

use super::cut::{
    ON_A_TICKET, WRITES, add_notes, cut_connections, open, report, set_statuses,
    until_each_succeeds,
};
use super::halo::{draft, server_of_http1};
use super::site::{Site, on_loopback};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creates_that_are_cut_and_repeated_open_exactly_one_ticket_each_at_halo() {
    let server = server_of_http1(Tenant::example("example"));
    let site = Arc::new(unpaced(&server).await);
    server.misbehave_as(cut_connections);
    let count = repeats(WRITES);
    let again = until_each_succeeds(count, move |number| {
        let site = Arc::clone(&site);
        async move {
            // Of one length: the search for the text is like, so that a reference would be found in longer ones.
            let reference = format!("ref-{number:06}");
            let created = site.create(draft(Some(&reference))).await?;
            assert_eq!(created.ticket.reference, Some(reference));
            assert_eq!(created.not_applied, []);
            Ok(())
        }
    });
    report(&server, "tickets", count, again.await, count / 10);
    server.tenant(|tenant| {
        let mut references: Vec<_> = tenant
            .tickets()
            .iter()
            .filter_map(|it| it.reference())
            .collect();
        assert_eq!((references.len(), tenant.tickets().len()), (count, count));
        references.sort_unstable();
        references.dedup();
        assert_eq!(references.len(), count);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_that_are_cut_and_repeated_are_written_exactly_once_each_at_halo() {
    let server = server_of_http1(Tenant::example("example"));
    let site = Arc::new(unpaced(&server).await);
    let count = repeats(WRITES);
    let tickets = open(&site, &draft(None), count / ON_A_TICKET).await;
    server.misbehave_as(cut_connections);
    let again = add_notes(&site, &tickets, count).await;
    report(&server, "notes", count, again, count / 10);
    server.tenant(|tenant| {
        let actions = tenant.tickets().iter().flat_map(|ticket| &ticket.actions);
        assert!(
            actions
                .clone()
                .all(|note| note.is_hidden && !note.is_mailed)
        );
        let mut notes: Vec<&String> = actions.map(|action| &action.note).collect();
        assert_eq!(notes.len(), count);
        notes.sort_unstable();
        notes.dedup();
        assert_eq!(notes.len(), count);
    });
}

/// Each ticket goes in progress, is closed, is opened again, and so on, and is put into no status twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses_that_are_cut_and_repeated_are_set_exactly_once_each_at_halo() {
    const ROUND: [i64; 3] = [2, 9, 1];
    let server = server_of_http1(Tenant::example("example"));
    let site = Arc::new(unpaced(&server).await);
    let count = repeats(WRITES);
    let tickets = open(&site, &draft(None), count / ON_A_TICKET).await;
    server.misbehave_as(cut_connections);
    let (again, expected) = set_statuses(&site, &tickets, ROUND).await;
    report(&server, "changes of status", count, again, count / 10);
    server.tenant(|tenant| {
        assert_eq!(tenant.tickets().len(), tickets.len());
        for ticket in tenant.tickets() {
            assert_eq!(ticket.statuses, expected, "{}", ticket.id);
        }
    });
}

/// Paced as the connector advises, ten thousand writes would take hours.
async fn unpaced(server: &Server) -> Site {
    let policy = PolicyOptions {
        pacing: PacingSource::Off,
        ..on_loopback()
    };
    Site::made(&HALOPSA, server.settings(), &server.ca_pem, policy, |_| {}).await
}
