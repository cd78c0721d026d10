//! Several tenants in one settings file: one of them by its name, and `verify` of all of them as one table.

use std::path::PathBuf;

use psa_tests::mock::connectwise::{Server, Table, Tenant};
use serde_json::Value;

use crate::program::{Run, command, component_path, ended, scratch};

use super::everyday::own_file;

/// The stand-in with two tenants, one of which lacks a right, and the file of an operator who has a third with wrong keys.
struct Setting {
    server: Server,
    settings: String,
    authority: PathBuf,
}

impl Setting {
    fn of(name: &str) -> Self {
        let mut harbor = Tenant::example("harbor");
        harbor.role = harbor.role.without_table(Table::Types);
        let server = Server::start(vec![Tenant::example("acme"), harbor]).expect("a server");
        let mut text = format!(
            "site = \"{}\"\nclient-id = \"6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30\"\n",
            server.site
        );
        for (tenant, company, keys) in [
            ("acme", "acme", "acme"),
            ("harbor", "harbor", "harbor"),
            ("lost", "acme", "nobody"),
        ] {
            text.push_str(&format!(
                "[tenants.{tenant}]\ncompany-id = \"{company}\"\npublic-key = \"PubKeyOf-{keys}\"\nprivate-key = \"PrivKeyOf-{keys}\"\n"
            ));
        }
        text.push_str("[tenants.unfinished]\ncompany-id = 5\n");
        let settings = own_file(&format!("{name}.toml"), &text);
        let authority = scratch(&format!("{name}.pem"), &server.ca_pem);
        Self {
            server,
            settings,
            authority,
        }
    }

    fn run(&self, words: &[&str], variables: &[(&str, String)]) -> Run {
        let mut arguments = vec![
            words[0].to_owned(),
            component_path(),
            format!("--settings={}", self.settings),
            format!("--cacert={}", self.authority.display()),
            "--allow-private-networks".to_owned(),
        ];
        arguments.extend(words[1..].iter().map(|&word| word.to_owned()));
        ended(command(&arguments, variables))
    }
}

#[test]
fn a_tenant_is_chosen_by_its_name() {
    let setting = Setting::of("one-tenant");
    for (words, exit_code, parts) in [
        (
            &["companies", "--tenant=acme"][..],
            0,
            &["Riverside Dental of acme"][..],
        ),
        (
            &["companies", "--tenant=harbor"],
            0,
            &["Riverside Dental of harbor"],
        ),
        (
            &["companies"],
            2,
            &[
                "name one of its tenants with --tenant",
                "--tenant",
                "acme, harbor, lost, unfinished",
            ],
        ),
        (
            &["companies", "--tenant=Acme"],
            2,
            &["no tenant `Acme`", "acme, harbor"],
        ),
        (
            &["companies", "--tenant=unfinished"],
            2,
            &["`company-id` must be text"],
        ),
    ] {
        let run = setting.run(words, &[]);
        assert_eq!(run.exit_code, exit_code, "{words:?}: {}", run.errors);
        let printed = run.output + &run.errors;
        for part in parts {
            assert!(printed.contains(part), "{words:?}: {part}: {printed}");
        }
        assert!(!printed.contains("PrivKeyOf"), "{printed}");
    }
}

#[test]
fn all_tenants_are_verified_as_one_table() {
    let setting = Setting::of("all-tenants");
    let run = setting.run(&["verify", "--all-tenants"], &[]);
    assert_eq!(run.exit_code, 35, "{}", run.errors);
    for (tenant, parts) in [
        ("acme", &["ready", "ApiMemberOf-acme"][..]),
        (
            "harbor",
            &["1 missing", "ApiMemberOf-harbor", "Table Setup"],
        ),
        ("lost", &["unauthorized"]),
        ("unfinished", &["usage", "`company-id` must be text"]),
    ] {
        let mut lines = run.output.lines();
        let line = lines.find(|line| line.starts_with(tenant)).expect("a line");
        for part in parts {
            assert!(line.contains(part), "{part}: {line}");
        }
    }
    assert!(run.output.ends_with("Ready: 1 of 4.\n"), "{}", run.output);

    let json = setting.run(&["verify", "--all-tenants", "--json"], &[]);
    assert_eq!(json.exit_code, 35);
    let printed: Value = serde_json::from_str(&json.output).expect("JSON");
    for (pointer, expected) in [
        ("/tenants/0/tenant", "acme"),
        ("/tenants/0/verification/account", "ApiMemberOf-acme"),
        ("/tenants/1/verification/checks/4/state", "missing"),
        ("/tenants/2/error/code", "unauthorized"),
        ("/tenants/3/error/code", "usage"),
    ] {
        assert_eq!(
            printed.pointer(pointer),
            Some(&Value::from(expected)),
            "{pointer}"
        );
    }
    let csv = setting.run(&["verify", "--all-tenants", "--output=csv"], &[]);
    assert!(
        csv.output.starts_with("tenant,result,account,"),
        "{}",
        csv.output
    );
    assert_eq!(csv.output.lines().count(), 5, "{}", csv.output);
}

#[test]
fn what_decides_over_the_exit_code_is_what_is_asked_for() {
    let setting = Setting::of("asked-for");
    for (words, exit_code) in [
        (&["verify", "--tenant=harbor"][..], 30),
        (&["verify", "--tenant=harbor", "--for=get-ticket"], 0),
        (
            &["verify", "--tenant=harbor", "--for=get-ticket,check-ticket"],
            30,
        ),
        (
            &[
                "verify",
                "--tenant=acme",
                "--for=create-ticket",
                "--for=verify",
            ],
            0,
        ),
        (&["verify", "--tenant=acme", "--for=all"], 0),
        (&["verify", "--tenant=acme", "--for=explode"], 2),
    ] {
        let run = setting.run(words, &[]);
        assert_eq!(
            run.exit_code, exit_code,
            "{words:?}: {}{}",
            run.output, run.errors
        );
    }
}

/// The keys of one tenant would go to the site of another.
#[test]
fn nothing_from_outside_replaces_what_a_tenant_has_of_its_own() {
    let setting = Setting::of("replaced");
    let variables = [("PSA_PRIVATE_KEY", "PrivKeyOf-acme".to_owned())];
    let run = setting.run(&["verify", "--all-tenants"], &variables);
    assert_eq!(run.exit_code, 2, "{}", run.output);
    assert!(run.errors.contains("PSA_PRIVATE_KEY"), "{}", run.errors);
    assert!(!run.errors.contains("PrivKeyOf"), "{}", run.errors);
    let one = setting.run(
        &["companies", "--tenant=lost"],
        &[
            ("PSA_PUBLIC_KEY", "PubKeyOf-acme".to_owned()),
            variables[0].clone(),
        ],
    );
    assert_eq!(one.exit_code, 0, "{}", one.errors);
}

/// As a template says: each value is filled in, and the file works.
#[test]
fn a_template_that_is_filled_in_is_a_settings_file() {
    let setting = Setting::of("template");
    let described = ended(command(
        &[
            "describe".to_owned(),
            component_path(),
            "--template".to_owned(),
        ],
        &[],
    ));
    assert_eq!(described.exit_code, 0, "{}", described.errors);
    let mut text = described.output;
    for (name, value) in [
        ("site", setting.server.site.as_str()),
        ("company-id", "acme"),
        ("public-key", "PubKeyOf-acme"),
        ("private-key", "PrivKeyOf-acme"),
        ("client-id", "6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30"),
    ] {
        let empty = format!("\n{name} = \"\"\n");
        assert!(text.contains(&empty), "{name}: {text}");
        text = text.replace(&empty, &format!("\n{name} = \"{value}\"\n"));
    }
    assert!(text.contains("\n# api-version = \"\"\n"), "{text}");
    let filled_in = Setting {
        settings: own_file("filled-in.toml", &text),
        ..setting
    };
    let run = filled_in.run(&["companies"], &[]);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
}
