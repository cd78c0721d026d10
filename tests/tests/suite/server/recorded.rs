//! A run is recorded, the server goes away, and the recording answers in its place: the same output, and no secret in it.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use psa_host::contract::Setting;
use psa_recording::{Case, Scrubber, find_secrets};
use psa_tests::mock::connectwise::{Server, Tenant};
use psa_tests::mock::{Misbehaviour, When};
use serde_json::{Value, json};

use crate::program::{run, scratch};

use super::COMPANY;
use super::command::with_draft;
use super::operator::Operator;

const TICKETS: &str = "/service/tickets";

/// With keys that look different in a URL, in JSON and in base64, and a server that repeats one.
fn tenant() -> Tenant {
    let mut tenant = Tenant::example(COMPANY).with_companies(2_500, 3);
    tenant.private_key = "Priv/Key+\"Of\"~Canary?".to_owned();
    tenant.public_key = "PubKey=&Of/Canary%".to_owned();
    tenant.companies[0].name = format!("Riverside {} Dental", tenant.private_key);
    tenant
}

#[test]
fn a_recorded_run_is_replayed_without_a_server_and_holds_no_secret() {
    let server = Server::start(vec![tenant()]).expect("a server");
    let operator = Operator::of(&server, "recorded");
    let check = with_draft("check-ticket", &[]);
    let mut of_another_board = check.clone();
    of_another_board[6] = "601";
    let create = with_draft("create-ticket", &["--reference", "alert-4711"]);
    let mut rejected = of_another_board.clone();
    rejected[0] = "create-ticket";
    let test = [
        "create-ticket",
        "--test",
        "--company-id=2",
        "--reference=test-1",
    ];
    let lost = with_draft("create-ticket", &["--reference", "answer-was-lost"]);
    let doubtful = with_draft("create-ticket", &[]);
    let cut = || {
        Some((
            When::post(TICKETS).times(1),
            Misbehaviour::DropAfterCommitting,
        ))
    };
    let busy = When::get("/company/companies").times(2);
    let busy = Some((busy, Misbehaviour::TooManyRequests(Some("0".to_owned()))));
    /// What is run, what goes wrong meanwhile, and the exit code.
    type Recorded<'a> = (&'a [&'a str], Option<(When, Misbehaviour)>, i32);
    let commands: Vec<Recorded<'_>> = vec![
        (&["verify"], None, 0),
        (&["verify", "--json"], None, 0),
        (&["companies"], busy, 0),
        (&["companies", "--all", "--output=csv"], None, 0),
        (&["boards", "--all"], None, 0),
        (&["boards", "--all", "--json"], None, 0),
        (&check, None, 0),
        (&of_another_board, None, 31),
        (&create, None, 0),
        (&create, None, 0),
        (&test, None, 0),
        (&rejected, None, 15),
        (&lost, cut(), 0),
        (&doubtful, cut(), 19),
        (&["ticket", "7001"], None, 0),
        (&["ticket", "7001", "--json"], None, 0),
        (&["ticket", "9999"], None, 32),
    ];
    let mut recorded = Vec::new();
    for (number, (command, goes_wrong, exit_code)) in commands.into_iter().enumerate() {
        if let Some((when, how)) = goes_wrong {
            server.misbehave(when, how);
        }
        let file = scratch(&format!("recorded-{number}.har"), "");
        let record = format!("--record={}", file.display());
        let run = operator.run(&[command, &[record.as_str()]].concat());
        assert_eq!(run.exit_code, exit_code, "{command:?}: {}", run.errors);
        recorded.push((command, file, run));
    }
    server.stop();
    let gone = operator.run(&["ticket", "7001", "--timeout=4"]);
    assert_eq!(gone.exit_code, 17, "nothing answers any more");

    for (command, file, live) in recorded {
        let archive = fs::read_to_string(&file).expect("a recording");
        assert_holds_no_secret(&archive, &operator.settings);
        let replay = [format!("--replay={}", file.display())];
        let replayed = operator.run_from(&replay, command);
        assert_eq!(replayed.output, live.output, "{command:?}");
        assert_eq!(replayed.errors, live.errors, "{command:?}");
        assert_eq!(replayed.exit_code, live.exit_code, "{command:?}");

        let case = case_of(&file);
        let replay = [format!("--replay={}", case.display())];
        let replayed = operator.run_from(&replay, command);
        assert_eq!(replayed.output, live.output, "{command:?} from its case");
        assert_eq!(replayed.errors, live.errors, "{command:?} from its case");
    }
}

/// The skeleton of a case that the command makes of a recording, and does not write over.
fn case_of(recording: &Path) -> PathBuf {
    let case = recording.with_extension("json");
    let _ = fs::remove_file(&case);
    let output = format!("--output={}", case.display());
    let recording = recording.display().to_string();
    let make = || run(&["case", &recording, "--operation=verify", &output]);
    let made = make();
    assert_eq!(made.exit_code, 0, "{}", made.errors);
    let again = make();
    assert_eq!(again.exit_code, 2, "{}", again.output);
    assert!(
        again.errors.contains("it already exists"),
        "{}",
        again.errors
    );
    let read = Case::from_file(&case).expect("a case");
    assert_eq!(read.input.function(), "verify");
    case
}

fn assert_holds_no_secret(archive: &str, settings: &[Setting]) {
    let document: Value = serde_json::from_str(archive).expect("JSON");
    let entries = document["log"]["entries"].as_array().expect("entries");
    assert!(!entries.is_empty());
    let value = |name: &str| {
        let setting = settings.iter().find(|setting| setting.name == name);
        setting.expect("the setting").value.clone()
    };
    let (company, public, private) = (
        value("company-id"),
        value("public-key"),
        value("private-key"),
    );
    let credential = format!("{company}+{public}:{private}");
    for secret in [company, private, credential, value("client-id")] {
        for form in [
            &in_json(&secret),
            &in_json(&in_json(&secret)),
            &utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string(),
            &STANDARD.encode(&secret),
            &secret,
        ] {
            assert!(!archive.contains(form), "the recording holds {form}");
        }
    }
    let found = find_secrets(&document, &Scrubber::default());
    assert!(found.is_empty(), "{}", found[0]);
}

/// As it is between the quotes of a text in JSON.
fn in_json(text: &str) -> String {
    let quoted = json!(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
