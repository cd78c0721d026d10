//! What the README shows of embedding the component in a host: it compiles, it runs, and the README shows this text.

// README: from here
use psa_host::contract::{ErrorCode, Setting, TicketDraft};
use psa_host::{CallError, Connector, Limits};
use psa_recording::{Recording, Replay};

async fn open_a_ticket(
    component: &str,
    recording: &str,
    settings: Vec<Setting>,
    draft: TicketDraft,
) -> Result<String, Box<dyn std::error::Error>> {
    let connector = Connector::from_file(component)?; // Once, for all tenants.
    let http = Replay::new(&Recording::from_file(recording)?, &settings)?; // Once for each call.
    let call = connector.call(http, Limits::default());
    match call.create_ticket(settings, draft).await {
        Ok(created) => Ok(created.ticket.number),
        Err(CallError::Connector(error)) if error.code == ErrorCode::OutcomeUnknown => {
            Err(format!("call again in {:?} seconds", error.retry_after_seconds).into())
        }
        Err(error) => Err(error.into()),
    }
}
// README: to here

use std::fs;

use psa_host::contract::Rating;
use psa_tests::{CONNECTWISE, workspace};

/// What the README's reader opens with it: the draft of the recorded tenant's ticket.
fn draft() -> TicketDraft {
    TicketDraft {
        company_id: "250".to_owned(),
        board_id: Some("5".to_owned()),
        type_id: Some("61".to_owned()),
        priority_id: Some("6".to_owned()),
        severity: Some(Rating::High),
        summary: "Blocked domain".to_owned(),
        details: vec![psa_host::contract::Detail {
            label: "Domain".to_owned(),
            value: "example.com".to_owned(),
        }],
        reference: Some("alert-4711".to_owned()),
        ..TicketDraft::default()
    }
}

fn path(name: &str) -> String {
    workspace().join(name).display().to_string()
}

#[tokio::test]
async fn what_the_readme_shows_opens_a_ticket() {
    CONNECTWISE.bytes().expect("a component of these sources");
    let component = path("target/connectwise-psa.wasm");
    let recording = path("tests/recordings/connectwise/tenant.json");
    let settings = psa_tests::CONNECTWISE
        .settings_of_the_recorded_tenant()
        .expect("the settings");
    let number = open_a_ticket(&component, &recording, settings.clone(), draft()).await;
    assert_eq!(number.expect("a ticket"), "5120");

    let without_company = TicketDraft::default();
    let error = open_a_ticket(&component, &recording, settings, without_company).await;
    assert!(
        error
            .expect_err("a fault")
            .to_string()
            .starts_with("invalid-input")
    );
}

#[test]
fn the_readme_shows_this_text() {
    let source = include_str!("embedding.rs");
    let shown = between(source, "// README: from here\n", "// README: to here\n");
    let readme = fs::read_to_string(workspace().join("README.md")).expect("the README");
    let in_readme = between(&readme, "```rust\n", "```\n");
    assert_eq!(
        in_readme, shown,
        "copy the block of embedding.rs into the README"
    );
    assert!(shown.trim().lines().count() <= 21, "it is no longer short");
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("no {start}"));
    let (inner, _) = rest.split_once(end).unwrap_or_else(|| panic!("no {end}"));
    inner
}
