//! No recording that is committed holds a key: neither a case, nor a recording written by hand, nor an archive.

use std::fs;
use std::path::{Path, PathBuf};

use psa_recording::{Scrubber, find_secrets, scrub_har};
use psa_tests::workspace;
use serde_json::{Value, json};

#[test]
fn no_recording_that_is_committed_holds_a_secret() {
    let mut count = 0;
    for path in recordings(&workspace().join("tests")) {
        count += 1;
        let text = fs::read_to_string(&path).expect("the file");
        let mut document: Value = serde_json::from_str(&text).expect("JSON");
        // The settings of a case are made up, and are what its placeholders stand for.
        if let Some(members) = document.as_object_mut() {
            members.remove("settings");
        }
        let found = find_secrets(&document, &Scrubber::default());
        assert!(found.is_empty(), "{}: {}", path.display(), found[0]);
    }
    assert!(count > 80, "only {count} files were found");
}

#[test]
fn a_recording_with_a_key_is_refused() {
    let with = |header: &str, value: &str| {
        json!({"log": {"entries": [{
            "request": {"method": "GET", "url": "https://psa.example/", "headers": [{"name": header, "value": value}]},
            "response": {"status": 200},
        }]}})
    };
    for (header, value) in [
        ("Authorization", concat!("Basic ", "YWNtZStwdWI6cHJpdg==")),
        ("clientId", "00000000-0000-0000-0000-000000000000"),
        ("Cookie", "sid=1"),
        ("x-echo", concat!("Basic ", "YWNtZStwdWI6cHJpdg==")),
    ] {
        let document = with(header, value);
        let found = find_secrets(&document, &Scrubber::default());
        assert_eq!(found.len(), 1, "{header}");
        let cleaned = scrub_har(&document.to_string(), &Scrubber::default()).expect("an archive");
        let cleaned: Value = serde_json::from_str(&cleaned).expect("JSON");
        assert!(
            find_secrets(&cleaned, &Scrubber::default()).is_empty(),
            "{header}"
        );
    }
}

#[test]
fn a_recording_with_a_credential_in_a_body_is_refused() {
    let cases = [
        ("text", json!("{\"access_token\": \"0123-4567\"}")),
        (
            "text",
            json!("{\"a\": \"{\\\"id_token\\\": \\\"0123-4567\\\"}\"}"),
        ),
        ("text", json!("a=b&client_secret=0123-4567")),
        ("text", json!("{\"access_token\": \"0123-4567\", \"cut")),
        ("json", json!({"a": [{"apiKey": "0123-4567"}]})),
    ];
    for (member, body) in cases {
        let document = json!({"exchanges": [
            {"request": {"path": "/x"}, "response": {"status": 200, member: body}},
            {"request": {"path": "/0123-4567"}, "response": {"status": 200}},
        ]});
        let found = find_secrets(&document, &Scrubber::default());
        let places: Vec<_> = found.iter().map(|secret| secret.place.as_str()).collect();
        let [in_body, "exchanges[1].request.path"] = places.as_slice() else {
            panic!("{body}: {places:?}");
        };
        assert!(in_body.starts_with("exchanges[0].response"), "{in_body}");
    }
}

fn recordings(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(recordings(&path));
        } else if path
            .extension()
            .is_some_and(|ending| ending == "json" || ending == "har")
        {
            found.push(path);
        }
    }
    found
}
