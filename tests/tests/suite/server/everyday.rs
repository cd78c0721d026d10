//! What people use all day beside the operations themselves: where settings come from, what `--verbose` shows, who may read
//! a recording, proxies, completions.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use psa_host::contract::Setting;
use psa_tests::mock::{Misbehaviour, SilentListener, When};

use crate::program::{component_path, ended, run, scratch, settings_file};

use super::operator::Operator;
use super::server;

#[test]
fn verbose_lines_tell_each_request_and_response_and_no_secret() {
    let server = server();
    let operator = Operator::of(&server, "verbose");
    let quiet = operator.run(&["companies"]);
    let busy = Misbehaviour::TooManyRequests(Some("0".to_owned()));
    server.misbehave(When::get("/company/companies").times(1), busy);
    let recording = scratch("verbose.har", "").display().to_string();
    let record = format!("--record={recording}");
    let live = operator.run(&["companies", "--verbose", &record]);
    assert_eq!(live.output, quiet.output);
    let url = format!(
        "GET https://{}/v4_6_release/apis/3.0/company/companies?",
        operator.settings[0].value
    );
    let lines: Vec<&str> = live.errors.lines().collect();
    for (line, start, parts) in [
        (0, ">", [" ", " "]),
        (1, "<", [" 429 ", " ms, again in 0 ms"]),
        (2, ">", [" (attempt 2)", ""]),
        (3, "<", [" 200 ", " bytes, "]),
    ] {
        let found = lines[line];
        assert!(found.starts_with(&format!("{start} {url}")), "{found}");
        assert!(parts.iter().all(|part| found.contains(part)), "{found}");
    }
    // After the last company, an empty page ends the list.
    assert_eq!(lines.len(), 6, "{lines:?}");

    let replay = [format!("--replay={recording}")];
    let replayed = operator.run_from(&replay, &["companies", "--verbose"]);
    assert_eq!(replayed.output, quiet.output);
    assert!(
        replayed.errors.contains("from the recording"),
        "{}",
        replayed.errors
    );
    for setting in &operator.settings[1..] {
        for errors in [&live.errors, &replayed.errors] {
            assert!(
                !errors.contains(&setting.value),
                "{}: {errors}",
                setting.name
            );
        }
    }
}

#[test]
fn settings_come_from_a_file_the_environment_and_standard_input() {
    let server = server();
    let mut operator = Operator::of(&server, "sources");
    let value = |name: &str| {
        let setting = operator.settings.iter().find(|known| known.name == name);
        setting.expect("the setting").value.clone()
    };
    let (public, private, client) = (
        value("public-key"),
        value("private-key"),
        value("client-id"),
    );
    operator.variables = vec![("PSA_PUBLIC_KEY", public)];
    let incomplete: Vec<Setting> = operator
        .settings
        .iter()
        .filter(|setting| !["private-key", "client-id"].contains(&setting.name.as_str()))
        .map(|setting| match setting.name.as_str() {
            // The environment wins over it.
            "public-key" => Setting {
                value: "PubKeyOfNobody".to_owned(),
                ..setting.clone()
            },
            _ => setting.clone(),
        })
        .collect();
    settings_file("sources", &incomplete);
    let of_client = own_file("sources-client.txt", &client);
    let typed = own_file("sources-key.txt", &private);
    let secret = format!("--secret=client-id=@{of_client}");
    let arguments = ["companies", "--private-key-file=-", &secret];
    let mut command = operator.command(&operator.live, &arguments);
    command.stdin(Stdio::from(File::open(typed).expect("the key")));
    let run = ended(command);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
    assert!(run.output.contains("2 companies."), "{}", run.output);
    assert_eq!(run.errors, "");

    let run = operator.run(&["companies"]);
    assert_eq!(run.exit_code, 10, "{}", run.errors);
    for name in ["private-key", "client-id"] {
        assert!(run.errors.contains(name), "{}", run.errors);
    }
}

#[cfg(unix)]
#[test]
fn a_recording_is_its_owners_and_shows_the_company_id_only_if_asked_to() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = server();
    // Where the server knows no such company, it is asked who does, with the id in the path.
    let operator = Operator::of(&server, "kept").with("company-id", "unknownmsp");
    let record = |file: &str, more: &[&str]| {
        let file = scratch(file, "");
        fs::remove_file(&file).expect("the file");
        let record = format!("--record={}", file.display());
        let run = operator.run(&[&["verify", record.as_str()], more].concat());
        assert_eq!(run.exit_code, 10, "{}", run.errors);
        let mode = fs::metadata(&file)
            .expect("a recording")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::read_to_string(&file).expect("a recording")
    };
    let hidden = record("hidden.har", &[]);
    assert!(hidden.contains("/login/companyinfo/{{company-id}}"));
    assert!(!hidden.contains("unknownmsp"));
    let shown = record("shown.har", &["--keep-in-urls=company-id"]);
    assert!(shown.contains("/login/companyinfo/unknownmsp"));
    let never = format!("{}/never.har", env!("CARGO_TARGET_TMPDIR"));
    let record = format!("--record={never}");
    let refused = operator.run(&["verify", &record, "--keep-in-urls=private-key"]);
    assert_eq!(refused.exit_code, 2, "{}", refused.errors);
    assert!(!Path::new(&never).exists());
}

#[test]
fn completions_are_there_for_the_usual_shells() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert_eq!(script.exit_code, 0, "{}", script.errors);
        for word in ["psa-host", "create-ticket", "allow-private-networks"] {
            assert!(script.output.contains(word), "{shell}: {word}");
        }
    }
    let help = run(&["--help".to_owned(), component_path()]);
    assert!(help.output.contains("completions"), "{}", help.output);
}

#[test]
fn manual_pages_are_there_for_each_command_and_tell_the_exit_codes() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("share");
    let written = run(&["share".as_ref(), folder.as_os_str()]);
    assert_eq!(written.exit_code, 0, "{}", written.errors);
    let page = |name: &str| fs::read_to_string(folder.join("man/man1").join(name));
    assert!(page("psa-host.1").expect("a page").contains("Exit codes"));
    assert!(
        page("psa-host-create-ticket.1")
            .expect("a page")
            .contains("draft")
    );
    let help = run(&["--help"]);
    assert!(!help.output.contains("\n  share"), "{}", help.output);
}

#[test]
fn proxies_of_the_environment_are_used_only_if_asked_for() {
    let server = server();
    let proxy = SilentListener::start().expect("a port");
    let mut operator = Operator::of(&server, "proxies");
    operator.variables = [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ]
    .map(|name| (name, format!("http://{}", proxy.address)))
    .to_vec();
    let run = operator.run(&["companies"]);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
    assert!(run.output.contains("2 companies."), "{}", run.output);
    assert_eq!(proxy.connections(), 0);

    // The same variables do lead there: it listens, and says nothing.
    let asked_for = ["companies", "--proxy-from-environment", "--timeout=3"];
    let run = operator.run(&asked_for);
    assert_eq!(run.exit_code, 17, "{}", run.errors);
    assert!(proxy.connections() > 0);

    // One that cannot be read is never passed by.
    for unreadable in ["::::", "not a url"] {
        operator.variables = vec![("HTTPS_PROXY", unreadable.to_owned())];
        let before = server.counts().requests;
        let run = operator.run(&["companies", "--proxy-from-environment"]);
        assert_eq!(run.exit_code, 2, "{}", run.errors);
        assert!(run.errors.contains("`HTTPS_PROXY`"), "{}", run.errors);
        assert_eq!(server.counts().requests, before);
    }
}

/// A file that its owner alone can read, with a line end behind the text, as an editor leaves it.
pub(super) fn own_file(name: &str, text: &str) -> String {
    let path = scratch(name, &format!("{text}\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a mode");
    }
    path.display().to_string()
}
