//! The five steps.

use super::*;
use crate::demo::WEAK_KEY;
use crate::intake::{Reading, Request as Sent, read};
use crate::store::NewCapture;

/// Everything that a person does until tickets are on.
pub(super) async fn set_up_and_on(browser: &Browser) {
    let path = |step: &str| format!("{TENANT}/{step}");
    browser
        .press(&path("settings"), &SETTINGS)
        .await
        .has("Verify Setup passed");
    let default = [
        ("default", "yes"),
        ("target", "5"),
        ("name", "Catch-all for alerts"),
    ];
    browser.press(&path("companies/map"), &default).await;
    browser
        .press(&path("services"), &SERVICES)
        .await
        .has("The check passed");
    browser.press(&path("check/skip"), &[]).await;
    browser
        .press(&path("enabled"), &[("to", "on")])
        .await
        .has("aria-checked=\"true\"");
}

/// An alert of the source, as the intake takes it.
pub(super) async fn fire(demo: &Demo, client: &str, fqdn: &str) {
    let store = &demo.office.store;
    let source = store
        .source("protective-dns")
        .await
        .expect("read")
        .expect("a source");
    let body = format!(
        r#"{{"title":"DNS query blocked for {fqdn}","client":"{client}","fqdn":"{fqdn}","severity":"high","reasons":["phishing"],"status":"open","timestamp":"2026-01-01T00:00:00Z"}}"#
    );
    let headers = [("content-type".to_owned(), "application/json".to_owned())];
    let request = Sent {
        method: "POST",
        query: "",
        headers: &headers,
        body: body.as_bytes(),
    };
    let Reading::Alerts { alerts, .. } = read(&source.id, &source.rules, &request) else {
        panic!("it is not understood");
    };
    let sample = NewCapture {
        is_understood: true,
        why: String::new(),
        media_type: "application/json".to_owned(),
        body,
    };
    let now = demo.office.clock.now();
    store
        .receive(&source.id, alerts, Some(sample), now)
        .await
        .expect("kept");
}

#[tokio::test]
async fn a_person_goes_through_the_five_steps() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    fire(&demo, "riverside  dental", "bad.example").await;
    fire(&demo, "Harbor Freight Lines, Inc.", "bad.example").await;
    browser
        .get("/")
        .await
        .has("Example MSP")
        .has("Not enabled")
        .has("Continue set-up: Settings")
        .has("http://127.0.0.1:8080/in/protective-dns")
        .has("DNS query blocked for bad.example");
    // 1: drawn from what the connector says.
    let first = browser.get(TENANT).await;
    assert_eq!(first.location(), "/tenants/example-msp/settings");
    browser
        .get(first.location())
        .await
        .has("<label for=\"setting.private-key\">Private Key</label>")
        .has("type=\"password\" id=\"setting.private-key\"")
        .has("Asked once for the whole relay")
        .has("aria-current=\"step\" href=\"/tenants/example-msp/settings\"");
    // 2
    let verified = browser
        .press(&format!("{TENANT}/settings"), &SETTINGS)
        .await;
    verified
        .has("Verify Setup passed")
        .has("relay@example-msp")
        .has("Service Desk › Service Tickets")
        .has("Granted")
        .has("Continue to companies");
    browser
        .get(&format!("{TENANT}/settings"))
        .await
        .has("value=\"psa.example\"")
        .has("Saved, and not shown")
        .lacks("Asked once for the whole relay");
    // 3
    let companies = browser.get(&format!("{TENANT}/companies")).await;
    companies
        .has("Same name: ")
        .has("Map to Riverside Dental")
        .has("Similar: ")
        .has("Map to Harbor Freight Lines")
        .has("Map 1 company with the same name");
    browser
        .press(&format!("{TENANT}/companies/accept"), &[])
        .await
        .has("Saved: 1 company was mapped.");
    let found = browser
        .get(&format!(
            "{TENANT}/companies/choose?company=Harbor%20Freight%20Lines%2C%20Inc.&search=harbor"
        ))
        .await;
    found
        .has("Choose Harbor Freight Lines")
        .lacks("Customer 001");
    let mapping = [
        ("company", "Harbor Freight Lines, Inc."),
        ("target", "3"),
        ("name", "Harbor Freight Lines"),
    ];
    browser
        .press(&format!("{TENANT}/companies/map"), &mapping)
        .await
        .has("Saved: Harbor Freight Lines, Inc. is Harbor Freight Lines.")
        .has("Unmap Harbor Freight Lines, Inc.");
    // 4
    browser
        .get(&format!("{TENANT}/services"))
        .await
        .has(">Service Board<")
        .has("New (Security Alerts)")
        .has("Incident (Help Desk)")
        .has("Priority 3 - Normal");
    let checked = browser
        .press(&format!("{TENANT}/services"), &SERVICES)
        .await;
    // 5
    checked
        .has("The check passed")
        .has("As it will be sent, for Harbor Freight Lines")
        .has("malware.example")
        .has("Block reasons")
        .has("aria-checked=\"false\"");
    let tenant = demo.office.store.tenant("example-msp").await;
    let services = tenant.expect("read").expect("a tenant").services;
    assert_eq!(
        services.closing_status_ids,
        ["503"],
        "the first that closes"
    );
    assert_eq!(
        services.reopening_status_ids,
        ["501"],
        "that of a new ticket"
    );
    browser
        .press(&format!("{TENANT}/check/skip"), &[])
        .await
        .has("Reading a ticket was skipped.");
    browser
        .press(&format!("{TENANT}/enabled"), &[("to", "on")])
        .await
        .has("Tickets are on")
        .has("aria-checked=\"true\"");
    browser
        .get("/")
        .await
        .has("Enabled")
        .lacks("Continue set-up");
}

#[tokio::test]
async fn tickets_cannot_be_turned_on_before_the_three_checks() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    let turn_on = async || {
        let reply = browser
            .press(&format!("{TENANT}/enabled"), &[("to", "on")])
            .await;
        reply
            .has("aria-checked=\"false\"")
            .has("Tickets stay off until");
        reply.body
    };
    let refused = turn_on().await;
    for part in [
        "Verify Setup passes",
        "one ticket was read",
        "a sample ticket was checked",
    ] {
        assert!(refused.contains(part), "{part}");
    }
    browser
        .press(&format!("{TENANT}/settings"), &SETTINGS)
        .await;
    let refused = turn_on().await;
    assert!(!refused.contains("until this is done: Verify Setup passes"));
    browser
        .press(&format!("{TENANT}/services"), &SERVICES)
        .await;
    let refused = turn_on().await;
    assert!(
        refused.contains(
            "until this is done: one ticket was read by its number, or you skipped this."
        )
    );
    let unknown = browser
        .press(&format!("{TENANT}/check/read"), &[("ticket", "9")])
        .await;
    unknown.has("There is no ticket 9");
    turn_on().await;
    // The sample is a ticket that can be read.
    let default = [
        ("default", "yes"),
        ("target", "5"),
        ("name", "Catch-all for alerts"),
    ];
    browser
        .press(&format!("{TENANT}/companies/map"), &default)
        .await;
    let sample = [("company", "5"), ("reference", "abc1")];
    let opened = browser
        .press(&format!("{TENANT}/check/sample"), &sample)
        .await;
    opened.has("Ticket #7001 was opened for Catch-all for alerts.");
    browser
        .press(&format!("{TENANT}/check/sample"), &sample)
        .await;
    assert_eq!(demo.psa.tickets(), 1, "pressed twice, opened once");
    browser
        .press(&format!("{TENANT}/check/read"), &[("ticket", "7001")])
        .await
        .has("Ticket #7001 was read");
    browser
        .press(&format!("{TENANT}/enabled"), &[("to", "on")])
        .await
        .has("aria-checked=\"true\"");
    browser
        .press(&format!("{TENANT}/enabled"), &[("to", "off")])
        .await
        .has("Tickets are off.");
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    let settings = format!("{TENANT}/settings");
    let empty = browser
        .post(&settings, &[("setting.site", "psa.example")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty
        .has("<title>Error: ")
        .has("href=\"#setting.company-id\"")
        .has("id=\"setting.company-id-error\"")
        .has("Company ID is required")
        .has("Client ID is required")
        .has("value=\"psa.example\"");
    let mut wrong = SETTINGS;
    wrong[3].1 = "nonsense";
    browser
        .press(&settings, &wrong)
        .await
        .has("Verify Setup did not pass")
        .has("does not accept these keys")
        .lacks("nonsense");
    wrong[3].1 = WEAK_KEY;
    browser
        .press(&settings, &wrong)
        .await
        .has("1 permission missing")
        .has("Set Service Desk &gt; Service Tickets to Add (All)")
        .lacks("Continue to companies");
    browser.press(&settings, &SETTINGS).await;
    let mut services = SERVICES;
    services[1].1 = "601";
    let other_board = browser.post(&format!("{TENANT}/services"), &services).await;
    assert_eq!(other_board.status, StatusCode::UNPROCESSABLE_ENTITY);
    other_board.has("Status is one of Help Desk. Choose one of Security Alerts");
    services[0].1 = "";
    let none = browser.post(&format!("{TENANT}/services"), &services).await;
    none.has("Service Board is required");
    services[0].1 = "99";
    let gone = browser.post(&format!("{TENANT}/services"), &services).await;
    gone.has("Service Board is no longer there");
}

#[tokio::test]
async fn a_second_tenant_is_set_up_from_the_dashboard() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    browser.get("/").await.has("/set-up/stand-in");
    browser
        .get("/set-up/stand-in")
        .await
        .has("Settings for Stand-in PSA");
    let reply = browser.post("/set-up/stand-in", &SETTINGS).await;
    assert_eq!(reply.location(), "/tenants/stand-in-psa/verify");
    let again = browser.post("/set-up/stand-in", &SETTINGS).await;
    assert_eq!(again.location(), "/tenants/stand-in-psa-2/verify");
    let kept = browser
        .press("/tenants/stand-in-psa-2/delete", &[("confirm", "no")])
        .await;
    kept.has("Nothing was deleted");
    browser
        .press(
            "/tenants/stand-in-psa-2/delete",
            &[("confirm", "stand-in-psa-2")],
        )
        .await
        .has("was deleted.");
    assert_eq!(
        browser.get("/set-up/nobody").await.status,
        StatusCode::NOT_FOUND
    );
}
