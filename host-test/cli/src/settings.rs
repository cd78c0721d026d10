//! The settings of a run: from a TOML file, overridden by environment variables, and both by files with one value. No
//! message contains a value, nor a name that no setting has: a key may have been typed in its place.

use psa_host::contract::{Setting, SettingDescription};
use strsim::jaro_winkler;

pub(crate) mod tenants;

/// Of the variables that settings are read from.
const PREFIX: &str = "PSA_";

/// From 0 to 1: a name that is so near to that of a setting was meant for it.
const LEAST_SIMILARITY: f64 = 0.85;

/// The file's text, with its name for messages.
pub(crate) struct File<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
    /// Which of its tenants. None: it has the settings of one.
    pub(crate) tenant: Option<&'a str>,
}

/// The settings that are there, in the order of the description. A variable wins over the file, unless it is empty; a
/// value `given` by a file of its own wins over both. Only settings of the description are given so.
///
/// # Errors
/// Everything that is wrong with the file, or with a variable, for a person.
pub(crate) fn merge(
    described: &[SettingDescription],
    file: Option<File<'_>>,
    given: &[Setting],
    variable: impl Fn(&str) -> Option<Result<String, std::ffi::OsString>>,
) -> Result<Vec<Setting>, String> {
    let from_file = file.map_or_else(|| Ok(toml::Table::new()), |file| read(described, &file))?;
    let mut settings = Vec::new();
    for setting in described {
        if let Some(given) = given.iter().find(|given| given.name == setting.name) {
            settings.push(given.clone());
            continue;
        }
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
    format!("{PREFIX}{}", setting.to_uppercase().replace('-', "_"))
}

/// The variables that start like those of settings, but belong to no setting.
pub(crate) fn unused_variables(
    described: &[SettingDescription],
    names: impl Iterator<Item = String>,
) -> Vec<String> {
    let is_unused = |name: &String| {
        let mut known = described.iter().map(|setting| variable_name(&setting.name));
        name.starts_with(PREFIX) && !known.any(|known| known == *name)
    };
    names.filter(is_unused).collect()
}

/// Every setting in a file, for a program that does not know the connector.
///
/// # Errors
/// As for [`merge`].
pub(crate) fn all(file: &File<'_>) -> Result<Vec<Setting>, String> {
    let table = of_tenant(file)?;
    let mut settings = Vec::new();
    for (name, value) in table {
        let Some(value) = value.as_str().map(str::to_owned) else {
            let place = place_of(&name, file.text);
            let what = format!("the setting in {place}");
            return Err(format!("{}: {}", file.name, not_text(&what, &value)));
        };
        settings.push(Setting { name, value });
    }
    Ok(settings)
}

/// `place` is where the name is.
pub(crate) fn unknown(place: &str, name: &str, described: &[SettingDescription]) -> String {
    let known = || described.iter().map(|setting| setting.name.as_str());
    let near = known().find(|known| jaro_winkler(known, name) >= LEAST_SIMILARITY);
    match near {
        Some(near) => format!("{place} has an unknown setting (did you mean `{near}`?)"),
        None => format!(
            "{place} has an unknown setting; expected one of {}",
            known().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// Where a name is in the file.
fn place_of(name: &str, text: &str) -> String {
    line_of(name, text).map_or_else(|| "it".to_owned(), |line| format!("line {line}"))
}

fn line_of(name: &str, text: &str) -> Option<usize> {
    let is_it = |line: &str| {
        let before = line.split(['=', ']']).next().unwrap_or_default();
        let own = before.trim().trim_start_matches('[');
        own.trim_matches(['"', '\'', ' ']) == name
    };
    text.lines().position(is_it).map(|index| index + 1)
}

fn not_text(what: &str, value: &toml::Value) -> String {
    format!("{what} must be text in quotes, not {}", kind(value))
}

fn of_tenant(file: &File<'_>) -> Result<toml::Table, String> {
    tenants::of_tenant(parse(file)?, file.tenant)
        .map_err(|problem| format!("{}: {problem}", file.name))
}

fn parse(file: &File<'_>) -> Result<toml::Table, String> {
    // The parser's own display quotes the line, which may hold a key.
    toml::from_str(file.text).map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| file.text.get(..span.start));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        let problem = match earlier_line(file.text, line) {
            Some(first) => format!("lines {first} and {line} have the same name"),
            None => format!("line {line} is not valid TOML: expected `name = \"value\"`"),
        };
        format!("{}: {problem}", file.name)
    })
}

/// The line before this one that is the same heading, or gives a value to the same name.
fn earlier_line(text: &str, line: usize) -> Option<usize> {
    fn name_of(line: &str) -> Option<&str> {
        let line = line.trim();
        let (name, marks) = if line.starts_with('[') {
            (line, "-_.[]")
        } else {
            (line.split_once('=')?.0.trim(), "-_")
        };
        let is_bare = |letter: char| letter.is_ascii_alphanumeric() || marks.contains(letter);
        (!name.is_empty() && name.chars().all(is_bare)).then_some(name)
    }
    let name = name_of(text.lines().nth(line - 1)?)?;
    let mut earlier: Vec<(usize, &str)> = (1..).zip(text.lines().take(line - 1)).collect();
    // Each tenant has a table of its own.
    let table = earlier
        .iter()
        .rposition(|(_, other)| other.trim_start().starts_with('['));
    if let Some(table) = table.filter(|_| !name.starts_with('[')) {
        earlier.drain(..=table);
    }
    let mut earlier = earlier.into_iter();
    let (first, _) = earlier.find(|(_, other)| name_of(other) == Some(name))?;
    Some(first)
}

fn read(described: &[SettingDescription], file: &File<'_>) -> Result<toml::Table, String> {
    let table = of_tenant(file)?;
    let mut problems = Vec::new();
    // The table is in the order of names.
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by_cached_key(|(name, _)| line_of(name, file.text));
    for (name, value) in rows {
        if !described.iter().any(|setting| setting.name == **name) {
            problems.push(unknown(&place_of(name, file.text), name, described));
        } else if !value.is_str() {
            problems.push(not_text(&format!("`{name}`"), value));
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
pub(crate) mod tests;
