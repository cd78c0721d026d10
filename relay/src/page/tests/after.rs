//! What comes after the five steps: sources, and cases that wait for a person.

use super::flow::{fire, set_up_and_on};
use super::*;

#[tokio::test]
async fn a_source_is_added_and_told_how_to_read_a_sample() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    let wrong = browser
        .post(
            "/sources",
            &[("dialect", "generic"), ("tenant", "example-msp")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.has("Name of the product is required");
    let added = [
        ("name", "HYAS Protect"),
        ("dialect", "pagerduty"),
        ("tenant", "example-msp"),
    ];
    let source = browser.press("/sources", &added).await;
    source
        .has("It is shown once")
        .has("http://127.0.0.1:8080/v2/enqueue")
        .has("routing_key");
    let token = source.body.split("id=\"new-secret\">").nth(1);
    let token = token
        .and_then(|it| it.split('<').next())
        .expect("a token")
        .to_owned();
    assert_eq!(token.len(), 32);
    browser.get("/sources/hyas-protect").await.lacks(&token);
    fire(&demo, "Riverside Dental", "bad.example").await;
    let page = browser.get("/sources/protective-dns").await;
    page.has("/fqdn = bad.example")
        .has("Time stamp")
        .has("Riverside Dental / bad.example");
    let rules = [
        ("name", "Protective DNS"),
        ("key.0", "/fqdn"),
        ("company", "/client"),
        ("severity", "/severity"),
        ("text.summary", "Blocked: {fqdn}"),
        ("choose-details", "yes"),
        ("detail", "client"),
        ("order.client", "2"),
        ("detail", "fqdn"),
        ("order.fqdn", "1"),
        ("label.fqdn", "Domain"),
    ];
    let saved = browser.press("/sources/protective-dns", &rules).await;
    saved
        .has("The source was saved.")
        .has("Blocked: bad.example")
        .has("<dt>Domain</dt>");
    let kept = demo.office.store.source("protective-dns").await;
    let kept = kept.expect("read").expect("a source");
    let details = kept.text.details.expect("chosen");
    let names: Vec<&str> = details.iter().map(|it| &*it.field).collect();
    assert_eq!(names, ["fqdn", "client"]);
    let mut wrong = rules;
    wrong[1].1 = "fqdn";
    wrong[4].1 = "Blocked: {fqdn";
    let wrong = browser.post("/sources/protective-dns", &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong
        .has("fqdn is not a JSON Pointer")
        .has("A brace has no partner");
    browser
        .press("/sources/protective-dns/revoke", &[("place", "0")])
        .await
        .has("The token no longer works.");
}

#[tokio::test]
async fn a_case_that_waits_says_what_to_correct_and_its_trail_says_what_happened() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    set_up_and_on(&browser).await;
    browser
        .press(&format!("{TENANT}/companies/map"), &[("default", "yes")])
        .await
        .has("there is no default company");
    fire(&demo, "Old Mill Bakery", "bad.example").await;
    let cases = demo
        .office
        .store
        .cases(&crate::store::CaseFilter::default())
        .await;
    let case = cases.expect("read")[0].id;
    let parked = crate::case::Parked {
        reason: "unmapped-company".to_owned(),
        message: "the company Old Mill Bakery is not mapped".to_owned(),
        hint: Some("map it, or choose a default company, then retry".to_owned()),
        fields: vec!["company-id".to_owned()],
        ticket_ids: Vec::new(),
    };
    let event = crate::case::Event::Hindered(parked);
    let now = demo.office.clock.now();
    demo.office
        .store
        .apply(case, event, now)
        .await
        .expect("kept")
        .expect("parked");
    browser
        .get("/")
        .await
        .has("Waits for you")
        .has("The company Old Mill Bakery is not mapped.")
        .has("/tenants/example-msp/companies/choose?company=Old%20Mill%20Bakery")
        .has("Retry: DNS query blocked for bad.example");
    let one = format!("/cases/{}", case.0);
    browser
        .get(&one)
        .await
        .has("What happened")
        .has("Map it, or choose a default company, then retry.");
    browser
        .get("/cases?state=parked&tenant=example-msp")
        .await
        .has(&one);
    browser
        .get("/cases?state=open")
        .await
        .has("There are no such cases.");
    browser
        .press(&format!("{one}/retry"), &[])
        .await
        .has("It is tried again.")
        .has("A person asked to try again.");
    browser
        .press(&format!("{one}/retry"), &[])
        .await
        .has("This cannot be done with the case as it is now.");
    browser
        .press(&format!("{one}/drop"), &[])
        .await
        .has("The case was dropped.");
}
