//! What people type wrongly: it is said clearly, before anything is sent, and without a key that was typed in a wrong place.

use std::io::Write as _;
use std::process::{Command, Stdio};

use psa_tests::CONNECTWISE;

use crate::program::{Run, command, component_path, ended, run, scratch, settings_file};

const KEY: &str = "Qr5tUvWxYz0123456";

/// The arguments of the recorded tenant, and these.
fn recorded(name: &str, more: &[&str]) -> Vec<String> {
    let folder = CONNECTWISE.folder("recordings");
    let mut arguments = vec![
        name.to_owned(),
        component_path(),
        format!("--settings={}", folder.join("settings.toml").display()),
        format!("--replay={}", folder.join("tenant.json").display()),
    ];
    arguments.extend(more.iter().map(|&it| it.to_owned()));
    arguments
}

#[test]
fn a_key_in_a_wrong_place_is_not_shown() {
    let file = scratch("key.txt", KEY).display().to_string();
    let swapped = settings_file("swapped", &[]);
    let toml = format!("site = \"na.myconnectwise.net\"\n{KEY} = \"private-key\"\n");
    std::fs::write(&swapped, toml).expect("a file");
    let swapped = format!("--settings={}", swapped.display());
    let of_another_setting = format!("{KEY}=@{file}");
    let component = component_path();
    for (more, part) in [
        (vec!["--private-key-file", KEY], "cannot read `private-key`"),
        (
            vec!["--secret", KEY],
            "--secret must name a setting and a file",
        ),
        (
            vec!["--secret", &of_another_setting],
            "--secret has an unknown setting",
        ),
        (
            vec!["--secret", "private-key", KEY],
            "belongs to no argument",
        ),
        (
            vec!["--secret", "private-key", KEY, "--json"],
            "belongs to no argument",
        ),
        (vec![&*swapped], "line 2 has an unknown setting"),
    ] {
        let run = run(&[&["verify", &component][..], &more].concat());
        assert_eq!(run.exit_code, 2, "{more:?}: {}", run.errors);
        let printed = run.output + &run.errors;
        assert!(printed.contains(part), "{more:?}: {printed}");
        assert!(!printed.contains(KEY), "{more:?}: {printed}");
    }
}

#[test]
fn a_draft_whose_details_or_links_are_arrays_is_refused() {
    for (list, place) in [("details", "details[0]"), ("links", "links[0]")] {
        let draft = format!(
            r#"{{"company-id": "250", "summary": "a", "{list}": [["a", "https://b.example"]]}}"#
        );
        let draft = scratch(&format!("{list}.json"), &draft)
            .display()
            .to_string();
        let run = run(&recorded("create-ticket", &["--draft", &draft]));
        assert_eq!(run.exit_code, 2, "{}", run.errors);
        let part = format!("{place} must be a JSON object");
        assert!(run.errors.contains(&part), "{}", run.errors);
    }
}

#[test]
fn a_resolution_that_the_psa_does_not_take_is_refused_before_anything_is_sent() {
    let more = ["--ticket=5120", "--resolution=Done.", "--verbose"];
    let run = run(&recorded("close", &more));
    assert_eq!(run.exit_code, 11, "{}", run.errors);
    for part in ["--resolution", "psa-host note", "nothing was sent"] {
        assert!(run.errors.contains(part), "{}", run.errors);
    }
    assert!(!run.errors.contains("> GET"), "{}", run.errors);
}

/// Whether there can be such an id is the connector's to say.
#[test]
fn an_id_may_be_negative() {
    for (name, more, part) in [
        ("ticket", &["-1"][..], "id: it is not a ticket id"),
        ("ticket", &["--ticket", "-1"], "id: it is not a ticket id"),
        ("note", &["--ticket", "-1", "--text", "a"], "ticket-id: "),
        ("companies", &["--id", "-1"], "ids"),
        ("boards", &["--board", "-1"], "selection: `-1`"),
        ("contacts", &["--company-id", "-1"], "company-id"),
        (
            "check-ticket",
            &["--summary=a", "--company-id", "-1", "--board-id", "-2"],
            "board-id",
        ),
    ] {
        let run = run(&recorded(name, more));
        // It is refused as an id, and not as an argument.
        let codes = [11, 14, 31];
        let printed = run.output + &run.errors;
        assert!(codes.contains(&run.exit_code), "{name} {more:?}: {printed}");
        assert!(printed.contains(part), "{name} {more:?}: {printed}");
    }
}

#[test]
fn a_ticket_is_named_in_the_same_way_by_every_command() {
    let shown = run(&recorded("ticket", &["--ticket", "5120"]));
    assert_eq!(shown.exit_code, 0, "{}", shown.errors);
    assert_eq!(run(&recorded("ticket", &["5120"])).output, shown.output);
    for name in ["ticket", "note", "status", "close", "reopen", "attach"] {
        let help = run(&[name, "--help"]).output;
        assert!(help.contains("--ticket <ID>"), "{name}: {help}");
        assert!(!help.contains("[ID]"), "{name}: {help}");
        let both = run(&[name, "connectwise", "1", "--ticket", "2"]);
        assert_eq!(both.exit_code, 2, "{name}");
    }
    let without = run(&["ticket", "connectwise"]);
    assert!(
        without.errors.contains("--ticket <ID>"),
        "{}",
        without.errors
    );
}

#[test]
fn what_cannot_be_replayed_says_what_to_do() {
    let folder = CONNECTWISE.folder("recordings");
    let settings = format!("--settings={}", folder.join("settings.toml").display());
    let record = scratch("of-a-run.har", "").display().to_string();
    let recorded_run = run(&recorded("companies", &["--record", &record]));
    assert_eq!(recorded_run.exit_code, 0, "{}", recorded_run.errors);
    let toml = folder.join("settings.toml").display().to_string();
    let (component, tenant) = (component_path(), folder.join("tenant.json"));
    let tenant = tenant.display().to_string();
    for (replayed, settings, part) in [
        (&record, None, "with --settings FILE"),
        (&tenant, None, "with --settings FILE"),
        (
            &toml,
            Some(&settings),
            "settings.toml is neither a HAR file nor a recording",
        ),
        (
            &component,
            Some(&settings),
            "is neither a HAR file nor a recording",
        ),
    ] {
        let arguments = ["companies", &component, "--replay", replayed];
        let settings = settings.map(String::as_str);
        let run = run(&arguments.into_iter().chain(settings).collect::<Vec<_>>());
        assert_eq!(run.exit_code, 2, "{replayed}: {}", run.errors);
        assert!(run.errors.contains(part), "{replayed}: {}", run.errors);
        assert!(
            !run.errors.contains("removed"),
            "{replayed}: {}",
            run.errors
        );
        assert!(
            !run.errors.contains("expected value"),
            "{replayed}: {}",
            run.errors
        );
    }
}

#[test]
fn a_text_that_no_ticket_can_hold_is_not_sent() {
    let more = ["--ticket=5120", "--text=-"];
    let run = fed(command(&recorded("note", &more), &[]), &"a".repeat(2 << 20));
    assert_eq!(run.exit_code, 2, "{}", run.errors);
    let part = "--text: cannot read standard input: it has more than 1 MiB";
    assert!(run.errors.contains(part), "{}", run.errors);
}

#[test]
fn an_empty_cursor_does_not_start_the_list_again() {
    let run = run(&recorded("companies", &["--cursor", ""]));
    assert_eq!(run.exit_code, 2, "{}", run.errors);
    assert!(run.errors.contains("leave --cursor out"), "{}", run.errors);
}

#[test]
fn a_site_that_is_like_the_vendors_is_noticed_before_anything_is_sent() {
    let mut settings = CONNECTWISE
        .settings_of_the_recorded_tenant()
        .expect("the settings");
    for (site, is_warned) in [
        ("na.myconectwise.net", true),
        ("na.myconnectwise.net", false),
        ("psa.example.com", false),
    ] {
        let own = settings.iter_mut().find(|setting| setting.name == "site");
        own.expect("the site").value = site.to_owned();
        let file = settings_file(&format!("like-{site}"), &settings);
        let file = format!("--settings={}", file.display());
        let run = run(&["origins", &component_path(), &file]);
        assert_eq!(run.exit_code, 0, "{}", run.errors);
        let warning =
            format!("warning: `site` is {site}, which does not belong to myconnectwise.net");
        assert_eq!(run.errors.contains(&warning), is_warned, "{}", run.errors);
        assert_eq!(run.errors.is_empty(), !is_warned, "{}", run.errors);
    }
}

#[test]
fn fields_are_shown_with_what_they_belong_to() {
    let text = run(&["describe", &component_path()]).output;
    let (_, ticket) = text.split_once("\nFields of a ticket\n").expect("tickets");
    let (ticket, note) = ticket.split_once("\nFields of a note\n").expect("notes");
    let (note, change) = note
        .split_once("\nFields of a status change\n")
        .expect("changes");
    for (fields, own, of_others) in [
        (ticket, "  board-id ", "  audience "),
        (note, "  audience ", "  status-ids "),
        (change, "  status-ids ", "  audience "),
    ] {
        assert!(fields.contains(own), "{text}");
        assert!(!fields.contains(of_others), "{text}");
    }
}

/// With this as its standard input, of which it may leave the rest.
fn fed(mut command: Command, input: &str) -> Run {
    let (reader, mut writer) = std::io::pipe().expect("a pipe");
    let input = input.to_owned();
    let writing = std::thread::spawn(move || writer.write_all(input.as_bytes()));
    command.stdin(Stdio::from(reader));
    let run = ended(command);
    // A pipe that nobody reads any more.
    let _ = writing.join();
    run
}
