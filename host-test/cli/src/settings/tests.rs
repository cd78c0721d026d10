use super::*;
use psa_host::contract::{SettingKind, SettingSupplier};

#[test]
fn the_environment_wins_and_faults_are_named_without_values() {
    type Case<'a> = (
        &'a str,
        &'a [(&'a str, &'a str)],
        Result<&'a [(&'a str, &'a str)], &'a str>,
    );
    let cases: &[Case<'_>] = &[
        ("", &[], Ok(&[])),
        (
            "private-key = 's3cret'\nsite = 'a'",
            &[],
            Ok(&[("site", "a"), ("private-key", "s3cret")]),
        ),
        (
            "site = 'a'",
            &[("PSA_PRIVATE_KEY", "k")],
            Ok(&[("site", "a"), ("private-key", "k")]),
        ),
        ("site = 'a'", &[("PSA_SITE", "b")], Ok(&[("site", "b")])),
        ("site = 'a'", &[("PSA_SITE", " ")], Ok(&[("site", "a")])),
        ("site = 'a'", &[("PSA_OTHER", "b")], Ok(&[("site", "a")])),
        (
            "\nprivate-key = s3cret",
            &[],
            Err("f.toml: line 2 is not valid TOML: expected"),
        ),
        (
            "private-key = 's3cret'\nprivate-key = 's3cret'",
            &[],
            Err("f.toml: lines 1 and 2 have the same name"),
        ),
        (
            "site = 'a'\n\nprivate-key = 's3cret\nsite = 'b'",
            &[],
            Err("line 3 is not valid TOML"),
        ),
        (
            "private-key = 53",
            &[],
            Err("must be text in quotes, not a number"),
        ),
        (
            "key = 's3cret'",
            &[],
            Err("f.toml: line 1 has an unknown setting; expected one of site, private-key"),
        ),
        // A key in the place of its name.
        (
            "site = 'a'\n\"s3cret\" = 'private-key'",
            &[],
            Err("line 2 has an unknown setting; expected one of"),
        ),
        ("[s3cret]", &[], Err("line 1 has an unknown setting")),
        // In the order of the file, not of the names.
        (
            "zeta = 's3cret'\nalpha = 's3cret'",
            &[],
            Err("expected one of site, private-key; line 2 has an unknown setting"),
        ),
        (
            "s3cret = 1\ns3cret = 2",
            &[],
            Err("lines 1 and 2 have the same name"),
        ),
        (
            "site = 'a'\nprivatekey = 's3cret'",
            &[],
            Err("line 2 has an unknown setting (did you mean `private-key`?)"),
        ),
        (
            "[tenants.a]\nsite = 'a'\n[tenants.b]\nsite = a",
            &[],
            Err("line 4 is not valid TOML"),
        ),
        (
            "site = 'a'\n[tenants.b]\nsite = 'a'\nsite = 's3cret'",
            &[],
            Err("f.toml: lines 3 and 4 have the same name"),
        ),
        (
            "[tenants.a]\nsite = 'a'\n[tenants.a]\nsite = 's3cret'",
            &[],
            Err("f.toml: lines 1 and 3 have the same name"),
        ),
        (
            "[site]\na = 1",
            &[],
            Err("`site` must be text in quotes, not a table"),
        ),
    ];
    let described: Vec<_> = ["site", "private-key"].map(described).into();
    for (text, environment, expected) in cases {
        let variable = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| Ok((*value).to_owned()))
        };
        let merged = merge(
            &described,
            Some(File {
                name: "f.toml",
                text,
                tenant: None,
            }),
            &[],
            variable,
        );
        match (&merged, expected) {
            (Ok(settings), Ok(due)) => {
                let pairs: Vec<_> = settings
                    .iter()
                    .map(|setting| (setting.name.as_str(), setting.value.as_str()))
                    .collect();
                assert_eq!(pairs, *due, "{text}");
            }
            (Err(message), Err(part)) => {
                assert!(
                    message.contains(part) && !message.contains("s3cret"),
                    "{text}: {message}"
                );
            }
            _ => panic!("{text}: {merged:?}"),
        }
    }
}

pub(crate) fn described(name: &str) -> SettingDescription {
    SettingDescription {
        name: name.to_owned(),
        label: String::new(),
        help: String::new(),
        kind: SettingKind::Text,
        choices: Vec::new(),
        is_required: false,
        supplied_by: SettingSupplier::Customer,
        example: None,
    }
}

#[test]
fn a_value_from_a_file_of_its_own_wins() {
    let described: Vec<_> = ["site", "private-key"].map(described).into();
    let given = |name: &str| Setting {
        name: name.to_owned(),
        value: "given".to_owned(),
    };
    let file = || {
        Some(File {
            name: "f.toml",
            text: "private-key = 's3cret'",
            tenant: None,
        })
    };
    let variable = |_: &str| Some(Ok("variable".to_owned()));
    let merged = merge(&described, file(), &[given("private-key")], variable);
    let merged = merged.expect("settings");
    let values: Vec<_> = merged
        .iter()
        .map(|setting| setting.value.as_str())
        .collect();
    assert_eq!(values, ["variable", "given"]);
}

#[test]
fn every_setting_of_a_file_is_read_for_scrubbing() {
    let read = |text: &str| {
        all(&File {
            name: "f.toml",
            text,
            tenant: None,
        })
    };
    let settings = read("a = 'x'\nb = 'y'").expect("settings");
    assert_eq!(settings.len(), 2);
    let not_text = "f.toml: the setting in line 2 must be text in quotes, not a number";
    assert_eq!(read("a = 'x'\ns3cret = 5"), Err(not_text.to_owned()));
    assert!(read("a = s3cret").is_err_and(|message| !message.contains("s3cret")));
}

#[test]
fn a_mistyped_variable_is_noticed() {
    let described: Vec<_> = ["site", "private-key"].map(described).into();
    let names = ["PSA_SITE", "PSA_PRIVATEKEY", "PATH"].map(str::to_owned);
    let unused = unused_variables(&described, names.into_iter());
    assert_eq!(unused, ["PSA_PRIVATEKEY"]);
}
