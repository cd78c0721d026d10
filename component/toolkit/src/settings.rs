//! Reading the settings: all faults at once, before any request.

use psa_contract::{FieldError, Setting, SettingDescription, SettingKind, SettingSupplier};

use crate::error::{Error, field_error, invalid_settings};
use crate::secrets::Secret;

/// Longer than any key, and short enough to be searched for in a message.
const LONGEST_VALUE_CHARACTERS: usize = 2_000;

/// A setting of a connector: one table for the form and for [`Reader`].
#[derive(Clone, Copy, Debug)]
pub struct SettingRow {
    name: &'static str,
    label: &'static str,
    kind: SettingKind,
    help: &'static str,
    example: &'static str,
    is_required: bool,
    supplied_by: SettingSupplier,
}

impl SettingRow {
    /// A setting that the customer has to enter.
    #[must_use]
    pub const fn new(
        name: &'static str,
        label: &'static str,
        kind: SettingKind,
        help: &'static str,
        example: &'static str,
    ) -> Self {
        Self {
            name,
            label,
            kind,
            help,
            example,
            is_required: true,
            supplied_by: SettingSupplier::Customer,
        }
    }

    /// It may be left empty.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self {
            is_required: false,
            ..self
        }
    }

    /// The platform enters it, the same for all customers.
    #[must_use]
    pub const fn of_platform(self) -> Self {
        Self {
            supplied_by: SettingSupplier::Platform,
            ..self
        }
    }
}

/// The table, as the description has it.
#[must_use]
pub fn descriptions(table: &[SettingRow]) -> Vec<SettingDescription> {
    let rows = table.iter().map(|row| SettingDescription {
        name: row.name.to_owned(),
        label: row.label.to_owned(),
        help: row.help.to_owned(),
        kind: row.kind,
        choices: Vec::new(),
        is_required: row.is_required,
        supplied_by: row.supplied_by,
        example: Some(row.example.to_owned()),
    });
    rows.collect()
}

/// What was entered, and the faults found so far.
pub struct Reader<'a> {
    settings: &'a [Setting],
    faults: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    /// Starts to read settings of this table. Unknown and repeated ones are faults.
    #[must_use]
    pub fn new(settings: &'a [Setting], table: &[SettingRow]) -> Self {
        let names: Vec<&str> = table.iter().map(|row| row.name).collect();
        let mut faults = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for setting in settings {
            let name = setting.name.as_str();
            if !names.contains(&name) {
                // An unknown name may be anything, a key pasted into the wrong place too, so it is not repeated here.
                faults.push(FieldError {
                    field: None,
                    vendor_field: None,
                    message: format!(
                        "a setting is unknown; the settings are {}",
                        names.join(", ")
                    ),
                });
            } else if seen.contains(&name) {
                faults.push(field_error(name, "it is set twice; set it once"));
            } else {
                seen.push(name);
            }
        }
        Self { settings, faults }
    }

    /// A value that has to be given. None: it is missing or faulty, which is noted.
    pub fn required<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        if self.value(name).is_none() {
            self.faults.push(field_error(name, "it is required"));
        }
        self.optional(name, parse)
    }

    /// A value that may be absent; an empty one is. None also if it is faulty, which is noted.
    pub fn optional<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        let value = self.value(name)?;
        let fault = if value.chars().count() > LONGEST_VALUE_CHARACTERS {
            format!("it is longer than {LONGEST_VALUE_CHARACTERS} characters")
        } else {
            match parse(value) {
                Ok(parsed) if !value.contains(char::is_control) => return Some(parsed),
                Ok(_) => "it contains a control character; copy and paste it again".to_owned(),
                Err(fault) => fault,
            }
        };
        self.faults.push(field_error(name, fault));
        None
    }

    /// The value, if no fault was found.
    ///
    /// # Errors
    /// `invalid-settings`, with every fault.
    pub fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, Error> {
        match build() {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(invalid_settings(self.faults)),
        }
    }

    /// Without the white space around it. Absent and empty are the same.
    fn value(&self, name: &str) -> Option<&'a str> {
        self.settings
            .iter()
            .find(|setting| setting.name == name)
            .map(|setting| setting.value.trim())
            .filter(|value| !value.is_empty())
    }
}

/// Part of a header, which takes it as it is: printable ASCII without spaces. For [`Reader::required`].
///
/// # Errors
/// It holds anything else.
pub fn header_part(text: &str) -> Result<String, String> {
    if text.chars().all(|letter| letter.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err(
            "it contains a space, a control character or a non-ASCII character; copy and paste it again"
                .to_owned(),
        )
    }
}

/// Shorter credentials are a slip, and could not be blanked in messages without blanking half of every word.
const SHORTEST_CREDENTIAL: usize = 8;

/// An id, key or secret of an application. For [`Reader::required`].
///
/// # Errors
/// It is short, or holds what [`header_part`] refuses.
pub fn credential(text: &str) -> Result<Secret, String> {
    if text.len() < SHORTEST_CREDENTIAL {
        return Err("it is too short; copy the whole of it".to_owned());
    }
    header_part(text).map(Secret::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use psa_contract::ErrorCode;

    const TABLE: [SettingRow; 2] = [
        SettingRow::new("key", "Key", SettingKind::Secret, "Ask for it.", "abc"),
        SettingRow::new("note", "Note", SettingKind::Text, "Any.", "a")
            .optional()
            .of_platform(),
    ];

    #[test]
    fn the_table_is_described() {
        let described = descriptions(&TABLE);
        let shown: Vec<_> = described
            .iter()
            .map(|it| (it.name.as_str(), it.is_required, it.supplied_by))
            .collect();
        let expected = [
            ("key", true, SettingSupplier::Customer),
            ("note", false, SettingSupplier::Platform),
        ];
        assert_eq!(shown, expected);
    }

    fn read(pairs: &[(&str, &str)]) -> Result<(String, Option<String>), Error> {
        let settings: Vec<Setting> = pairs
            .iter()
            .map(|(name, value)| Setting {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect();
        let mut reader = Reader::new(&settings, &TABLE);
        let key = reader.required("key", header_part);
        let note = reader.optional("note", |text| Ok(text.to_owned()));
        reader.finish(|| Some((key?, note)))
    }

    #[test]
    fn a_credential_is_long_enough_to_be_one() {
        for (text, is_good) in [("1234567", false), ("12345678", true), ("1234 5678", false)] {
            assert_eq!(credential(text).is_ok(), is_good, "{text}");
        }
    }

    #[test]
    fn good_settings_are_read() {
        let longest = "a".repeat(2_000);
        for (note, expected) in [(" ", None), (longest.as_str(), Some(longest.clone()))] {
            let read = read(&[("key", " abc "), ("note", note)]).expect("good settings");
            assert_eq!(read, ("abc".to_owned(), expected));
        }
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let long = "a".repeat(2_001);
        for (pairs, expected) in [
            (vec![], vec!["key: it is required"]),
            (vec![("key", "  ")], vec!["key: it is required"]),
            (vec![("key", "a b")], vec!["key: it contains a space"]),
            (
                vec![("key", "a"), ("note", "a\u{0}b")],
                vec!["note: it contains a control character"],
            ),
            (
                vec![("key", "a"), ("note", &long)],
                vec!["note: it is longer than 2000 characters"],
            ),
            (
                vec![("key", "ä"), ("key", "b"), ("pass", "w0rd")],
                vec![
                    "key: it is set twice",
                    ": a setting is unknown; the settings are key, note",
                    "key: it contains a space",
                ],
            ),
        ] {
            let error = read(&pairs).expect_err("faulty settings");
            assert_eq!(error.code, ErrorCode::InvalidSettings);
            let found: Vec<String> = error
                .field_errors
                .iter()
                .map(|it| format!("{}: {}", it.field.as_deref().unwrap_or(""), it.message))
                .collect();
            assert_eq!(found.len(), expected.len(), "{found:?}");
            for (found, expected) in found.iter().zip(expected) {
                assert!(found.starts_with(expected), "{found}");
                assert!(
                    !found.contains("w0rd") && !found.contains("pass"),
                    "{found}"
                );
            }
        }
    }
}
