//! Secrets inside of bodies, and what is made of them elsewhere in the same recording.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::*;
use crate::har::{find_secrets, har_exchanges};

const TOKEN: &str = "eyJ0/x\"y+z.0123456789";

/// One entry with these bodies.
fn entry(request: &Value, response: &Value) -> Value {
    json!({
        "request": {"method": "POST", "url": "https://psa.example/x", "postData": request},
        "response": {"status": 200, "content": response},
    })
}

fn json_body(text: &str) -> Value {
    json!({"mimeType": "application/json", "text": text})
}

fn form_body(text: &str) -> Value {
    json!({"mimeType": "application/x-www-form-urlencoded", "text": text})
}

fn cleaned(entries: &[Value]) -> Value {
    let archive = json!({"log": {"entries": entries}}).to_string();
    let text = scrub_har(&archive, &Scrubber::default()).expect("an archive");
    let again = scrub_har(&text, &Scrubber::default()).expect("an archive");
    assert_eq!(again, text, "again");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn credentials_in_bodies_become_placeholders_and_the_rest_stays() {
    let nested = json!({"a": json!({"refresh_token": "r3fresh-me"}).to_string()}).to_string();
    let cases = [
        (
            json_body(
                r#"{"access_token": "abcd-1234", "expires_in": 3600, "n": 1.0, "token":null}"#,
            ),
            r#"{"access_token": "{{removed-1}}", "expires_in": 3600, "n": 1.0, "token":null}"#,
        ),
        (
            json_body(
                r#"[{"d": {"API-Key": ["abcd-1234", "x"]}, "again": "<abcd-1234>", "abcd-1234": 1}]"#,
            ),
            r#"[{"d": {"API-Key": ["{{removed-1}}", "{{removed}}"]}, "again": "<{{removed-1}}>", "{{removed-1}}": 1}]"#,
        ),
        (
            json_body(r#"{"password":"password","grant":"password","id":1234,"secret":"1234"}"#),
            r#"{"password":"{{removed-1}}","grant":"{{removed-1}}","id":1234,"secret":"{{removed-2}}"}"#,
        ),
        (
            json_body(&nested),
            r#"{"a":"{\"refresh_token\":\"{{removed-1}}\"}"}"#,
        ),
        (
            json_body(r#"{"access_token": "abcd-1234", "cut": "o"#),
            r#"{"access_token": "{{removed-1}}", "cut": "o"#,
        ),
        (
            json_body(r#"{"access_token": "pin"}{"#),
            r#"{"access_token": "{{removed}}"}{"#,
        ),
        (
            form_body("grant_type=client_credentials&client%5Fsecret=a%26b%20c+d&scope=x"),
            "grant_type=client_credentials&client%5Fsecret={{percent:{{removed-1}}}}&scope=x",
        ),
        (form_body("password=pin&x=1"), "password={{removed}}&x=1"),
        (
            json!({"mimeType": "text/plain", "text": "see https://psa.example/?a=1&access_token=abcd-1234#abcd-1234"}),
            "see https://psa.example/?a=1&access_token={{removed-1}}",
        ),
        (
            json!({"text": STANDARD.encode(r#"{"id_token":"abcd-1234"}"#), "encoding": "base64"}),
            r#"{"id_token":"{{removed-1}}"}"#,
        ),
    ];
    for (body, expected) in cases {
        let archive = cleaned(&[entry(&json!({"text": "none"}), &body)]);
        let content = &archive["log"]["entries"][0]["response"]["content"];
        assert_eq!(content["text"], expected, "{body}");
        let archive = cleaned(&[entry(&body, &json!({}))]);
        let data = &archive["log"]["entries"][0]["request"]["postData"];
        assert_eq!(data["text"], expected, "{body}");
        let found = find_secrets(&json!({"response": body}), &Scrubber::default());
        assert!(!found.is_empty(), "{body} is found");
    }
}

#[test]
fn what_is_learnt_in_one_place_is_gone_from_every_other_in_every_encoding() {
    let in_json = |text: &str| json!(text).to_string().trim_matches('"').to_owned();
    let percent = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let sources = [
        entry(
            &json!({}),
            &json_body(&json!({"access_token": TOKEN}).to_string()),
        ),
        entry(
            &form_body(&format!("client_secret={}", percent(TOKEN))),
            &json!({}),
        ),
        json!({"request": {"headers": [{"name": "authorization", "value": format!("Bearer {TOKEN}")}]}}),
        json!({"request": {"headers": [{"name": "authorization", "value": format!("Basic {}", STANDARD.encode(format!("me:{TOKEN}")))}]}}),
        json!({"request": {"headers": [{"name": "cookie", "value": format!("a=b; sid={TOKEN}")}]}}),
        json!({"request": {"url": format!("https://psa.example/?token={}", percent(TOKEN))}}),
    ];
    let places = [
        TOKEN.to_owned(),
        in_json(TOKEN),
        in_json(&in_json(TOKEN)),
        in_json(&percent(TOKEN)),
        percent(TOKEN),
        percent(&in_json(TOKEN)),
        percent(&percent(TOKEN)),
        TOKEN.replace('/', "\\/").replace('"', "\\u0022"),
        STANDARD.encode(format!("a:{TOKEN}")),
        URL_SAFE_NO_PAD.encode(format!("ab:{TOKEN}!")),
        STANDARD.encode(
            TOKEN
                .replace('/', "%2F")
                .replace('"', "%22")
                .replace('+', "%2B"),
        ),
    ];
    for source in &sources {
        for place in &places {
            let other = json!({
                "comment": place,
                "request": {"url": format!("https://psa.example/{}", percent(place)), "headers": [{"name": "x", "value": place}]},
                "response": {"content": json_body(&json!({"echo": place, "deep": json!({"echo": place}).to_string()}).to_string())},
            });
            let archive = cleaned(&[source.clone(), other]);
            let text = archive.to_string();
            assert!(!text.contains(&in_json(place)), "{source} {place}: {text}");
            let content = &archive["log"]["entries"][1]["response"]["content"]["text"];
            let body: Value =
                serde_json::from_str(content.as_str().expect("a text")).expect("JSON");
            let echo = body["echo"].as_str().expect("a string");
            assert!(echo.contains("{{removed"), "{echo}");
            let deep = body["deep"].as_str().expect("a string");
            assert!(deep.contains("{{removed"), "{deep}");
        }
    }
}

#[test]
fn what_is_not_text_holds_no_learnt_secret() {
    let digits = STANDARD.encode("xt0k3n-12345");
    let bytes = [
        &[0xff, 0][..],
        b"k=t0k3n-12345&",
        digits.as_bytes(),
        &[0xfe],
    ];
    let latin = [
        b"{\"n\": \"\xe9\", \"secret\": \"".as_slice(),
        b"hidden-9\"} hidden-9",
    ]
    .concat();
    let body = |bytes: &[u8]| json!({"encoding": "base64", "text": STANDARD.encode(bytes)});
    let archive = cleaned(&[
        entry(&json!({}), &json_body(r#"{"access_token": "t0k3n-12345"}"#)),
        entry(&json!({}), &body(&bytes.concat())),
        entry(&json!({}), &body(&latin)),
    ]);
    let decoded = |index: usize| {
        let text = &archive["log"]["entries"][index]["response"]["content"]["text"];
        STANDARD
            .decode(text.as_str().expect("text"))
            .expect("base64")
    };
    let shown = String::from_utf8_lossy(&decoded(1)).into_owned();
    assert_eq!(shown, "\u{fffd}\0k=***********&****************\u{fffd}");
    let shown = String::from_utf8_lossy(&decoded(2)).into_owned();
    assert_eq!(
        shown,
        "{\"n\": \"\u{fffd}\", \"secret\": \"********\"} ********"
    );
}

/// As a trial found it: a secret in the text of a form, a token in an answer, and a key that the Basic header tells.
const OF_ANOTHER_TOOL: &str = include_str!("of-another-tool.har");

#[test]
fn an_archive_of_another_tool_keeps_no_secret_that_it_tells_of() {
    let pair = STANDARD.encode("examplemsp+ExamplePublicKey:ExamplePrivateKey");
    let archive = &OF_ANOTHER_TOOL.replace("PAIR", &pair);
    let document: Value = serde_json::from_str(archive).expect("JSON");
    assert!(!find_secrets(&document, &Scrubber::default()).is_empty());
    let cleaned = scrub_har(archive, &Scrubber::default()).expect("an archive");
    for secret in [
        "ExampleSecret",
        "ExampleToken",
        "ExamplePrivateKey",
        "ExamplePublicKey",
    ] {
        assert!(!cleaned.contains(secret), "{secret}: {cleaned}");
    }
    let cleaned: Value = serde_json::from_str(&cleaned).expect("JSON");
    assert_eq!(find_secrets(&cleaned, &Scrubber::default()), []);
    let entry = &cleaned["log"]["entries"][0];
    let form = "client_secret={{removed-4}}&grant_type=client_credentials";
    assert_eq!(
        entry["request"]["postData"]["text"]
            .as_str()
            .map(without_numbers),
        Some(without_numbers(form))
    );
    har_exchanges("a.har", &cleaned.to_string(), &[]).expect("it is still an archive");
}

fn without_numbers(text: &str) -> String {
    text.replace(|character: char| character.is_ascii_digit(), "")
}
