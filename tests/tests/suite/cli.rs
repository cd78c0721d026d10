//! `psa-host` as people and programs use it: what it prints, where, and how it ends.

mod lifecycle; // The commands for what follows the opening of a ticket.
mod mistakes; // What people type wrongly.
mod named; // Connectors by their names.
mod typed; // The command line that stands for a call.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use psa_host::contract::{BoardSelection, ErrorCode, Operation, Setting};
use psa_recording::{Case, Expectation, Input, Recording, Replay};
use psa_tests::{CONNECTWISE, workspace};
use serde_json::{Value, json};

use crate::program::{Run, component_path, run, scratch, settings_file};

use typed::{arguments, can_be_typed};

/// The functions that `verify` checks if none are named.
const OF_EVERY_CONNECTOR: [Operation; 6] = [
    Operation::Verify,
    Operation::ListCompanies,
    Operation::ListBoardMetadata,
    Operation::CheckTicket,
    Operation::CreateTicket,
    Operation::GetTicket,
];

/// Who runs it: the settings, as a file, and the recording that answers.
struct Tenant {
    settings: Vec<Setting>,
    settings_file: PathBuf,
    recording: PathBuf,
}

#[test]
fn every_error_ends_with_the_documented_code_and_as_the_contract_has_it() {
    let documented = documented_codes();
    let cases = CONNECTWISE.cases().expect("the cases");
    // Commands are there for what this connector can do.
    for code in ErrorCode::ALL
        .iter()
        .filter(|it| **it != ErrorCode::Unsupported)
    {
        let (name, case) = cases
            .iter()
            .find(|(_, case)| is_error(case, *code) && can_be_typed(case))
            .unwrap_or_else(|| panic!("no case with {}", code.name()));
        let tenant = Tenant::of_case(name, case);
        let run = tenant.run(&[&arguments(&case.input)[..], &["--json".to_owned()]].concat());
        assert_eq!(
            Some(&run.exit_code),
            documented.get(code.name()),
            "{name}: {}",
            run.output
        );
        let printed: Value = serde_json::from_str(&run.output).expect("JSON");
        let mismatches = case.expect.mismatches(Err(&printed["error"]));
        assert!(mismatches.is_empty(), "{name}: {mismatches:?}");
    }
}

#[test]
fn a_person_reads_the_error_and_what_to_do() {
    let case = CONNECTWISE
        .case("get-ticket/right-is-missing")
        .expect("the case");
    let run = Tenant::of_case("person", &case).run(&arguments(&case.input));
    assert_eq!(run.exit_code, documented_codes()["forbidden"]);
    assert!(run.output.is_empty(), "{}", run.output);
    for part in [
        "error: forbidden: ",
        "  hint: ",
        "Service Tickets",
        "Inquire",
    ] {
        assert!(run.errors.contains(part), "{part}: {}", run.errors);
    }
}

#[test]
fn wrong_keys_are_said_to_be_wrong_first() {
    let case = CONNECTWISE
        .case("verify/keys-are-not-known")
        .expect("the case");
    let run = Tenant::of_case("wrong-keys", &case).run(&arguments(&case.input));
    assert_eq!(run.exit_code, documented_codes()["unauthorized"]);
    let first = "error: cannot sign in to ConnectWise PSA (unauthorized)\n";
    assert!(run.errors.starts_with(first), "{}", run.errors);
}

#[test]
fn an_error_says_each_thing_once() {
    let case = CONNECTWISE
        .case("create-ticket/invalid-everything")
        .expect("the case");
    let run = Tenant::of_case("once", &case).run(&arguments(&case.input));
    assert_eq!(run.exit_code, documented_codes()["invalid-input"]);
    for field in ["company-id", "board-id", "source-id", "reference"] {
        assert_eq!(
            run.errors.matches(field).count(),
            1,
            "{field}: {}",
            run.errors
        );
    }
}

#[test]
fn json_is_what_the_core_answers() {
    let tenant = Tenant::recorded("tenant.json");
    let draft = json!({
        "company-id": "250", "board-id": "5", "type-id": "61", "priority-id": "6", "severity": "high",
        "summary": "Blocked domain", "details": [{"label": "Domain", "value": "example.com"}], "reference": "alert-4711",
    });
    let draft: psa_host::contract::TicketDraft = serde_json::from_value(draft).expect("a draft");
    for input in [
        Input::Origins,
        Input::Verify(OF_EVERY_CONNECTOR.to_vec()),
        Input::ListCompanies(Default::default()),
        Input::ListBoardMetadata(BoardSelection::All),
        Input::CheckTicket(draft.clone()),
        Input::CreateTicket(draft),
        Input::GetTicket("5120".to_owned()),
    ] {
        let run = tenant.run(&[&arguments(&input)[..], &["--json".to_owned()]].concat());
        assert_eq!(run.exit_code, 0, "{}{}", run.output, run.errors);
        let printed: Value = serde_json::from_str(&run.output).expect("JSON");
        let recording = Recording::from_file(&tenant.recording).expect("the recording");
        let replay = Replay::new(&recording, &tenant.settings).expect("exchanges");
        let send = &mut |requests: &[_]| replay.answer(requests.to_vec());
        let due = CONNECTWISE.call_natively(&tenant.settings, &input, send);
        assert_eq!(Ok(printed), due, "{}", input.function());
    }
}

#[test]
fn a_missing_right_is_named_with_where_to_set_it() {
    let tenant = Tenant::recorded("role-without-types.json");
    let run = tenant.run(&["verify".to_owned()]);
    assert_eq!(run.exit_code, 30, "{}", run.errors);
    assert!(help().contains("30  verify: a permission is missing"));
    let (_, missing) = run.output.split_once("✗ Missing").expect("a section");
    let (missing, granted) = missing.split_once("✓ Granted").expect("a section");
    let place = "System > Security Roles > System > Table Setup: Inquire (All)";
    for part in [
        place,
        "✗  missing  GET /service/boards/{parentId}/types",
        "✓  granted  GET /service/priorities",
        "customize",
        "in System > Security Roles",
    ] {
        assert!(missing.contains(part), "{part}: {}", run.output);
    }
    assert!(!granted.contains(place), "{}", run.output);
    assert!(
        granted.contains("Not ready    verify, list-board-metadata"),
        "{}",
        run.output
    );
    assert!(
        granted.contains("1 permission is missing."),
        "{}",
        run.output
    );
    let as_json = tenant.run(&["verify", "--json"].map(str::to_owned));
    assert_eq!(as_json.exit_code, 30);
    let printed: Value = serde_json::from_str(&as_json.output).expect("JSON");
    assert_eq!(printed["is-complete"], json!(false));
}

#[test]
fn objections_and_a_ticket_that_is_not_there_have_codes_of_their_own() {
    for (name, exit_code) in [
        ("check-ticket/status-closed", 31),
        ("get-ticket/no-such-ticket", 32),
    ] {
        let case = CONNECTWISE.case(name).expect("the case");
        let run = Tenant::of_case("ends", &case).run(&arguments(&case.input));
        assert_eq!(
            run.exit_code, exit_code,
            "{name}: {}{}",
            run.output, run.errors
        );
        assert!(run.errors.is_empty(), "{}", run.errors);
    }
}

#[test]
fn a_hostile_name_does_not_reach_the_terminal_as_it_is() {
    let path = workspace().join("tests/cases/connectwise/list-companies/ok.json");
    let text = fs::read_to_string(path).expect("the case");
    let hostile = text.replace(
        "\"Riverside Dental\"",
        r#""Evil\u001b[2J\u0007\u009b\u202e\nName""#,
    );
    assert_ne!(text, hostile);
    let case = CONNECTWISE.case("list-companies/ok").expect("the case");
    let mut tenant = Tenant::of_case("hostile", &case);
    tenant.recording = scratch("hostile.json", &hostile);
    for arguments in [vec!["companies"], vec!["companies", "--json"]] {
        let run = tenant.run(&arguments.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(run.exit_code, 0, "{}", run.errors);
        let obeyed = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
        assert!(!run.output.contains(obeyed), "{:?}", run.output);
        assert!(run.output.contains("Evil\\u"), "{}", run.output);
        assert!(!run.output.contains("\nName"), "{}", run.output);
    }
}

#[test]
fn what_is_typed_wrongly_is_a_usage_error() {
    let tenant = Tenant::recorded("tenant.json");
    let nowhere = "nowhere.json";
    let response = scratch("response.json", r#"[{"id": 1}]"#);
    let response = response.display().to_string();
    let not_toml = scratch("not.toml", "private-key = SecretThatWasNotQuoted")
        .display()
        .to_string();
    let component = component_path();
    let settings = tenant.settings_file.display().to_string();
    for (arguments, part) in [
        (vec![], "Usage"),
        (vec!["explode"], "explode"),
        (vec!["verify"], "CONNECTOR"),
        (vec!["verify", &component, "--colour"], "--colour"),
        (vec!["ticket", &component, "--settings", &settings], "<ID>"),
        (
            vec!["create-ticket", &component, "--company-id", "1"],
            "--summary",
        ),
        (
            vec![
                "verify",
                &component,
                "--settings",
                &settings,
                "--replay",
                nowhere,
            ],
            nowhere,
        ),
        (
            vec![
                "verify",
                &component,
                "--settings",
                &settings,
                "--replay",
                &response,
            ],
            "response.json is neither a HAR file nor a recording",
        ),
        (vec!["verify", &component, "--settings", nowhere], nowhere),
        (
            vec!["verify", &component, "--settings", &not_toml],
            "not.toml",
        ),
    ] {
        let run = run(&arguments
            .iter()
            .map(|&it| it.to_owned())
            .collect::<Vec<_>>());
        assert_eq!(run.exit_code, 2, "{arguments:?}: {}", run.errors);
        assert!(run.errors.contains(part), "{arguments:?}: {}", run.errors);
        assert!(
            !run.errors.contains("SecretThatWasNotQuoted"),
            "{}",
            run.errors
        );
    }
    let no_connector = run(&["describe".to_owned(), settings.clone()]);
    assert_eq!(no_connector.exit_code, 3, "{}", no_connector.errors);
    let said = format!("{settings} is not a connector");
    assert!(
        no_connector.errors.contains(&said),
        "{}",
        no_connector.errors
    );
}

/// In a replay too: whoever records and replays does both with the same true keys.
#[cfg(unix)]
#[test]
fn a_file_with_settings_that_others_may_read_draws_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let case = CONNECTWISE.case("get-ticket/ok").expect("the case");
    let mut tenant = Tenant::of_case("readable", &case);
    let last = tenant.settings.pop().expect("a setting");
    tenant.settings_file = settings_file("readable", &tenant.settings);
    let of_one = scratch("readable.txt", &last.value);
    let secret = format!("--secret={}=@{}", last.name, of_one.display());
    // Of the two files: which one others may read.
    for (settings_mode, mode_of_one, readable) in [
        (0o600, 0o600, None),
        (0o644, 0o600, Some(&tenant.settings_file)),
        (0o600, 0o640, Some(&of_one)),
    ] {
        for (file, mode) in [
            (&tenant.settings_file, settings_mode),
            (&of_one, mode_of_one),
        ] {
            fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("a mode");
        }
        // Live, but nothing is sent; and replayed.
        for command in [vec!["origins".to_owned()], arguments(&case.input)] {
            let run = tenant.run(&[&command[..], std::slice::from_ref(&secret)].concat());
            assert_eq!(run.exit_code, 0, "{}", run.errors);
            let warnings: Vec<&str> = run.errors.lines().collect();
            let due = readable.map(|file| file.display().to_string());
            assert_eq!(
                warnings.len(),
                due.iter().count(),
                "{command:?}: {warnings:?}"
            );
            for part in due
                .iter()
                .map(String::as_str)
                .chain(due.as_ref().map(|_| "chmod 600"))
            {
                assert!(warnings[0].contains(part), "{part}: {warnings:?}");
            }
        }
    }
}

impl Tenant {
    fn of_case(name: &str, case: &Case) -> Self {
        Self {
            settings: case.settings.clone(),
            settings_file: settings_file(&name.replace('/', "-"), &case.settings),
            recording: PathBuf::from(&case.recording.file),
        }
    }

    fn recorded(recording: &str) -> Self {
        let folder = CONNECTWISE.folder("recordings");
        Self {
            settings: CONNECTWISE
                .settings_of_the_recorded_tenant()
                .expect("the settings"),
            settings_file: folder.join("settings.toml"),
            recording: folder.join(recording),
        }
    }

    /// A command with its arguments, answered for this tenant. What is printed holds no secret.
    fn run(&self, command: &[String]) -> Run {
        let (name, rest) = command.split_first().expect("a command");
        let mut arguments = vec![name.clone(), component_path()];
        arguments.push(format!("--settings={}", self.settings_file.display()));
        if name != "origins" {
            arguments.push(format!("--replay={}", self.recording.display()));
        }
        arguments.extend_from_slice(rest);
        let run = run(&arguments);
        for setting in &self.settings {
            let is_secret = setting.name.ends_with("-key") || setting.name == "client-id";
            if is_secret && setting.value.len() >= 8 {
                let printed =
                    run.output.contains(&setting.value) || run.errors.contains(&setting.value);
                assert!(!printed, "`{}` was printed", setting.name);
            }
        }
        run
    }
}

fn help() -> String {
    run(&["--help".to_owned()]).output
}

/// `  12  unauthorized: …` of the help.
fn documented_codes() -> BTreeMap<String, i32> {
    let help = help();
    let (_, table) = help.split_once("Exit codes:").expect("the table");
    let rows = table.lines().filter_map(|line| {
        let (code, meaning) = line.trim().split_once("  ")?;
        let (name, _) = meaning.split_once(':')?;
        Some((name.to_owned(), code.parse().ok()?))
    });
    rows.collect()
}

fn is_error(case: &Case, code: ErrorCode) -> bool {
    matches!(&case.expect, Expectation::Err(error) if error["code"] == json!(code.name()))
}
