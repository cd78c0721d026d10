//! What no page shows.

use std::collections::BTreeSet;

use super::flow::{fire, set_up_and_on};
use super::*;

/// Every page that links lead to.
async fn all_pages(browser: &Browser) -> Vec<(String, Reply)> {
    let mut seen = BTreeSet::from(["/".to_owned()]);
    let mut open = vec!["/".to_owned()];
    let mut pages = Vec::new();
    while let Some(path) = open.pop() {
        let reply = browser.get(&path).await;
        for part in reply.body.split("href=\"").skip(1) {
            let link = part.split('"').next().unwrap_or_default();
            let link = link.replace("&amp;", "&");
            if link.starts_with('/') && !link.contains("cursor=") && seen.insert(link.clone()) {
                open.push(link);
            }
        }
        pages.push((path, reply));
    }
    pages
}

#[tokio::test]
async fn no_page_shows_a_secret_and_every_field_has_a_label() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    set_up_and_on(&browser).await;
    fire(&demo, "Riverside Dental", "bad.example").await;
    fire(&demo, "Nobody", "bad.example").await;
    let signing = "whsec_ThisIsTheSigningSecret";
    let signed = browser
        .press("/sources/protective-dns/signing", &[("secret", signing)])
        .await;
    signed.lacks(signing).has("The signing secret was saved.");
    let pages = all_pages(&browser).await;
    assert!(pages.len() >= 18, "{} pages", pages.len());
    let cookie = browser.cookie.clone().expect("a cookie");
    let secret_of_cookie = cookie.split('=').nth(1).expect("a value");
    for (path, reply) in &pages {
        assert!(
            reply.status.is_success() || reply.location().starts_with('/'),
            "{path}: {}",
            reply.status
        );
        for secret in ["ClientIdOfTheRelay", signing, &demo.token, secret_of_cookie] {
            reply.lacks(secret);
        }
        // The stand-in's own help names the key; a field never holds it.
        reply.lacks(&format!("value=\"{GOOD_KEY}\""));
        check_labels(path, &reply.body);
    }
}

/// Each field has a label or a name of its own, and each id is there once.
fn check_labels(path: &str, body: &str) {
    let mut ids = BTreeSet::new();
    for part in body.split(" id=\"").skip(1) {
        let id = part.split('"').next().unwrap_or_default();
        assert!(ids.insert(id), "{path}: {id} is there twice");
    }
    for tag in ["<input ", "<select ", "<textarea "] {
        for part in body.split(tag).skip(1) {
            let part = part.split('>').next().unwrap_or_default();
            if part.contains("type=\"hidden\"") || part.contains("aria-label=") {
                continue;
            }
            let id = part
                .split("id=\"")
                .nth(1)
                .and_then(|it| it.split('"').next());
            let id = id.unwrap_or_else(|| panic!("{path}: a field without id: {part}"));
            assert!(
                body.contains(&format!("<label for=\"{id}\"")),
                "{path}: {id} has no label"
            );
        }
    }
    for part in body.split("aria-describedby=\"").skip(1) {
        for id in part.split('"').next().unwrap_or_default().split(' ') {
            assert!(ids.contains(id), "{path}: {id} describes and is not there");
        }
    }
}
