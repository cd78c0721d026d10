//! A connector with an access token is recorded, the server goes away, and the recording answers in its place: the same
//! output, and no token, no secret and nothing made of them in it.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use psa_recording::{Scrubber, find_secrets};
use psa_tests::SAMPLE;
use psa_tests::mock::OTHER_NAME;
use psa_tests::mock::sample::{Server, Tenant};
use serde_json::{Value, json};

use crate::program::{Run, command, ended, scratch, settings_file};

const CLIENT_ID: &str = "8f14-e45f-ceea";

#[test]
fn a_recording_of_a_connector_with_an_access_token_holds_nothing_made_of_it_and_replays() {
    let mut tenant = Tenant::example(CLIENT_ID);
    tenant.repeats_credentials = true;
    let secret = tenant.client_secret.clone();
    let server = Server::start(vec![tenant]).expect("a server");
    let draft = |command| {
        vec![
            command,
            "--company-id=250",
            "--board-id=7",
            "--summary=Blocked domain",
            "--reference=alert-4711",
        ]
    };
    let commands = [
        vec!["verify", "--json"],
        vec!["companies", "--all", "--output=csv"],
        vec!["boards", "--all", "--json"],
        draft("check-ticket"),
        draft("create-ticket"),
        vec!["ticket", "9001", "--json"],
        vec!["ticket", "9999"],
    ];
    let live = live(&server);
    let settings = settings(&server, "signed-in", &secret);
    let of_another_secret = self::settings(&server, "signed-in-wrongly", "another+secret/of~it==");
    let mut recorded = Vec::new();
    for (number, words) in commands.into_iter().enumerate() {
        recorded.push((format!("signed-in-{number}"), settings.clone(), words));
    }
    recorded.push((
        "signed-in-wrongly".to_owned(),
        of_another_secret,
        vec!["verify"],
    ));
    let mut runs = Vec::new();
    for (name, settings, words) in recorded {
        let file = scratch(&format!("{name}.har"), "");
        let record = [format!("--record={}", file.display())];
        let run = run(&words, &settings, &[&live[..], &record].concat());
        runs.push((file, settings, words, run));
    }
    let exit_codes: Vec<i32> = runs.iter().map(|(.., run)| run.exit_code).collect();
    assert_eq!(exit_codes, [0, 0, 0, 0, 0, 0, 32, 12]);
    let pair = format!("{CLIENT_ID}:{secret}");
    let mut secrets = vec![secret, pair, "another+secret/of~it==".to_owned()];
    secrets.extend(server.tokens().into_keys());
    assert!(secrets.len() > 8, "a token for each run");
    server.stop();

    for (file, settings, words, live) in runs {
        let archive = fs::read_to_string(&file).expect("a recording");
        for secret in &secrets {
            assert_holds_no_spelling(&archive, secret);
        }
        let document: Value = serde_json::from_str(&archive).expect("JSON");
        let found = find_secrets(&document, &Scrubber::default());
        assert!(found.is_empty(), "{words:?}: {}", found[0]);
        let replay = [format!("--replay={}", file.display())];
        let replayed = run(&words, &settings, &replay);
        assert_eq!(replayed.output, live.output, "{words:?}");
        assert_eq!(replayed.errors, live.errors, "{words:?}");
        assert_eq!(replayed.exit_code, live.exit_code, "{words:?}");
    }
}

/// The file of the tenant's settings, with this client secret.
fn settings(server: &Server, name: &str, client_secret: &str) -> String {
    let mut settings = server.settings(CLIENT_ID);
    for setting in &mut settings {
        match setting.name.as_str() {
            "site" => setting.value = site(server),
            "client-secret" => client_secret.clone_into(&mut setting.value),
            _ => {}
        }
    }
    settings_file(name, &settings).display().to_string()
}

/// The arguments that let a connector reach the server.
fn live(server: &Server) -> Vec<String> {
    let authority = scratch("signed-in.pem", &server.ca_pem);
    vec![
        format!("--cacert={}", authority.display()),
        format!("--resolve={}:{}", site(server), server.address.ip()),
        "--allow-private-networks".to_owned(),
        "--allow-host=psa.example.com".to_owned(),
    ]
}

fn site(server: &Server) -> String {
    format!("{OTHER_NAME}:{}", server.address.port())
}

fn run(words: &[&str], settings: &str, source: &[String]) -> Run {
    let component = SAMPLE.component_path().expect("the component");
    let mut arguments = vec![words[0].to_owned(), component.display().to_string()];
    arguments.push(format!("--settings={settings}"));
    arguments.extend_from_slice(source);
    arguments.extend(words[1..].iter().map(|&word| word.to_owned()));
    ended(command(&arguments, &[]))
}

/// Neither the archive nor what its percent-encoding stands for holds the secret as it is, in JSON, percent-encoded or in
/// base64, at whatever offset.
fn assert_holds_no_spelling(archive: &str, secret: &str) {
    let decoded = percent_decode_str(archive).decode_utf8_lossy();
    let in_json = |text: &str| {
        let quoted = json!(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let mut spellings = vec![
        secret.to_owned(),
        in_json(secret),
        in_json(&in_json(secret)),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
    ];
    for offset in 0..3 {
        let shifted = format!("{}{secret}", &"xx"[..offset]);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let digits = engine.encode(&shifted);
            // The digits at the ends may hold bits of what is beside it.
            spellings.push(digits[(offset * 8).div_ceil(6)..shifted.len() * 8 / 6].to_owned());
        }
    }
    for spelling in spellings {
        assert!(
            !archive.contains(&spelling),
            "the recording holds {spelling}"
        );
        assert!(
            !decoded.contains(&spelling),
            "the recording holds {spelling}, encoded"
        );
    }
}
