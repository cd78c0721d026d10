//! The settings of a run: from a TOML file, and over it from the environment. No message holds a value.

use psa_host::contract::{Setting, SettingDescription};

/// The file's text, with its name for messages.
pub(crate) struct File<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

/// The settings that are there, in the order of the description. A variable wins over the file; an empty one does not
/// count.
///
/// # Errors
/// Everything that is wrong with the file, or with a variable, for a person.
pub(crate) fn merge(
    described: &[SettingDescription],
    file: Option<File<'_>>,
    variable: impl Fn(&str) -> Option<Result<String, std::ffi::OsString>>,
) -> Result<Vec<Setting>, String> {
    let from_file = file.map_or_else(|| Ok(toml::Table::new()), |file| read(described, &file))?;
    let mut settings = Vec::new();
    for setting in described {
        let name = variable_name(&setting.name);
        let from_variable = match variable(&name) {
            None => None,
            Some(Ok(value)) if value.trim().is_empty() => None,
            Some(Ok(value)) => Some(value),
            Some(Err(_)) => return Err(format!("the environment variable {name} is not UTF-8")),
        };
        let from_file = || from_file.get(&setting.name).and_then(toml::Value::as_str);
        if let Some(value) = from_variable.or_else(|| from_file().map(str::to_owned)) {
            settings.push(Setting {
                name: setting.name.clone(),
                value,
            });
        }
    }
    Ok(settings)
}

/// `private-key` is `PSA_PRIVATE_KEY`.
pub(crate) fn variable_name(setting: &str) -> String {
    format!("PSA_{}", setting.to_uppercase().replace('-', "_"))
}

fn read(described: &[SettingDescription], file: &File<'_>) -> Result<toml::Table, String> {
    // The parser's own display quotes the line, which may hold a key.
    let table: toml::Table = toml::from_str(file.text).map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| {
            file.text
                .as_bytes()
                .iter()
                .take(span.start)
                .filter(|byte| **byte == b'\n')
                .count()
                + 1
        });
        format!(
            "{}: line {line} is not TOML: one `name = \"value\"` a line is due",
            file.name
        )
    })?;
    let mut problems = Vec::new();
    for (name, value) in &table {
        if !described.iter().any(|setting| setting.name == *name) {
            let known: Vec<_> = described
                .iter()
                .map(|setting| setting.name.as_str())
                .collect();
            problems.push(format!(
                "`{name}` is no setting of this connector; its settings: {}",
                known.join(", ")
            ));
        } else if !value.is_str() {
            problems.push(format!(
                "`{name}` must be text in quotes, and is {}",
                kind(value)
            ));
        }
    }
    if problems.is_empty() {
        Ok(table)
    } else {
        Err(format!("{}: {}", file.name, problems.join("; ")))
    }
}

fn kind(value: &toml::Value) -> &'static str {
    match value {
        toml::Value::String(_) => "text",
        toml::Value::Integer(_) | toml::Value::Float(_) => "a number",
        toml::Value::Boolean(_) => "true or false",
        toml::Value::Datetime(_) => "a date",
        toml::Value::Array(_) => "a list",
        toml::Value::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
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
            ("\nprivate-key = s3cret", &[], Err("line 2 is not TOML")),
            (
                "private-key = 's3cret'\nprivate-key = 's3cret'",
                &[],
                Err("line 2 is not TOML"),
            ),
            (
                "private-key = 53",
                &[],
                Err("must be text in quotes, and is a number"),
            ),
            (
                "key = 's3cret'",
                &[],
                Err("`key` is no setting of this connector; its settings: site, private-key"),
            ),
            (
                "[site]\na = 1",
                &[],
                Err("`site` must be text in quotes, and is a table"),
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
                }),
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

    fn described(name: &str) -> SettingDescription {
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
}
