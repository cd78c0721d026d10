//! Writes whose connections are cut, each repeated until it succeeds: none is lost and none done twice, by the server's own
//! count. With `PSA_FULL_SIZE` set 10,000 of each kind, otherwise a tenth.

use std::sync::Arc;

use psa_tests::repeats;
use serde_json::json;

use super::USER;
use super::site::{draft, site_of};
use crate::server::cut::{
    ON_A_TICKET, WRITES, add_notes, cut_connections, open, report, set_statuses,
    until_each_succeeds,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creates_that_are_cut_and_repeated_open_exactly_one_ticket_each() {
    let server = super::server();
    let site = Arc::new(site_of(&server).await.0);
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
    report(&server, "tickets", count, again.await, count / 20);
    server.tenant(USER, |tenant| {
        assert_eq!(tenant.rows("Tickets").count(), count);
        for number in 0..count {
            let tickets = tenant.tickets_with(&format!("ref-{number}"));
            assert_eq!(tickets.len(), 1, "{number}");
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_that_are_cut_and_repeated_are_written_exactly_once_each() {
    let server = super::server();
    let site = Arc::new(site_of(&server).await.0);
    let count = repeats(WRITES);
    let tickets = open(&site, &draft(None), count / ON_A_TICKET).await;
    server.misbehave_as(cut_connections);
    let again = add_notes(&site, &tickets, count).await;
    report(&server, "notes", count, again, count / 20);
    server.tenant(USER, |tenant| {
        assert_eq!(tenant.rows("TicketNotes").count(), count);
        let texts = tenant
            .rows("TicketNotes")
            .map(|note| note["description"].to_string());
        let texts: Vec<String> = texts.collect();
        for number in 0..count {
            let marker = format!("[ref: note-{number}]");
            let bearing = texts.iter().filter(|text| text.contains(&marker));
            assert_eq!(bearing.count(), 1, "{marker}");
        }
        assert!(
            tenant
                .rows("TicketNotes")
                .all(|note| note["publish"] == json!(2))
        );
    });
}

/// Each ticket goes in progress, is completed, is opened again, and so on, and is put into no status twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses_that_are_cut_and_repeated_are_set_exactly_once_each() {
    const ROUND: [i64; 3] = [8, 5, 1];
    let server = super::server();
    let site = Arc::new(site_of(&server).await.0);
    let count = repeats(WRITES);
    let tickets = open(&site, &draft(None), count / ON_A_TICKET).await;
    server.misbehave_as(cut_connections);
    let (again, expected) = set_statuses(&site, &tickets, ROUND).await;
    report(&server, "changes of status", count, again, count / 20);
    server.tenant(USER, |tenant| {
        for ticket in tickets.iter() {
            let id = ticket.parse().expect("a number");
            assert_eq!(tenant.statuses_of(id), expected, "{ticket}");
        }
    });
}
