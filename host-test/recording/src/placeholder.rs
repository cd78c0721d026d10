//! `{{setting-name}}`, and `{{base64:TEXT}}`, `{{percent:TEXT}}`, `{{json:TEXT}}` for encoded text, in recordings, which
//! keep keys and tenants out of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use psa_contract::Setting;

/// The values that placeholders stand for.
#[derive(Clone, Default)]
pub struct Placeholders {
    /// Name and value without surrounding white space; the first of a repeated name counts.
    values: Vec<(String, String)>,
}

/// In a recorded request: whatever was sent in this place was taken out, so anything may stand here.
pub(crate) const REMOVED: &str = "{{removed}}";

/// Shorter values are not masked: they would be found inside of ordinary words.
const SHORTEST_MASKED_BYTES: usize = 4;

impl Placeholders {
    /// The settings in use.
    #[must_use]
    pub fn new(settings: &[Setting]) -> Self {
        let mut values: Vec<(String, String)> = Vec::new();
        for setting in settings {
            if !values.iter().any(|(name, _)| *name == setting.name) {
                values.push((setting.name.clone(), setting.value.trim().to_owned()));
            }
        }
        Self { values }
    }

    /// The text with every placeholder replaced, inner ones first. A value that looks like a placeholder stays as it is.
    ///
    /// # Errors
    /// What is wrong: a placeholder without its end, or a name that no setting has.
    pub fn expand(&self, text: &str) -> Result<String, String> {
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, from_name)) = rest.split_once("{{") {
            expanded.push_str(before);
            let (inside, after) = split_at_end(from_name)
                .ok_or_else(|| format!("the placeholder `{{{{{from_name}` has no end"))?;
            let encoded = inside
                .split_once(':')
                .and_then(|(name, plain)| Some((encoding(name)?, plain)));
            match encoded {
                Some((encode, plain)) => expanded.push_str(&encode(&self.expand(plain)?)),
                None => expanded.push_str(self.value(inside)?),
            }
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    /// The reverse, for messages: every value replaced by its placeholder. In the host of a URL, a value that is a host name
    /// stays: it is no secret there, and tells which server was meant.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, from_host)) = rest.split_once(SCHEME) {
            let end = from_host.find(|letter| !is_of_a_host(letter));
            let (host, after) = from_host.split_at(end.unwrap_or(from_host.len()));
            masked.push_str(&self.mask_those(before, |_| true));
            masked.push_str(SCHEME);
            masked.push_str(&self.mask_those(host, |value| !is_host(value)));
            rest = after;
        }
        masked.push_str(&self.mask_those(rest, |_| true));
        masked
    }

    fn mask_those(&self, text: &str, is_masked: fn(&str) -> bool) -> String {
        let mut longest_first: Vec<_> = self
            .values
            .iter()
            .filter(|(_, value)| value.len() >= SHORTEST_MASKED_BYTES && is_masked(value))
            .collect();
        longest_first.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        longest_first
            .into_iter()
            .fold(text.to_owned(), |masked, (name, value)| {
                masked.replace(value, &format!("{{{{{name}}}}}"))
            })
    }

    fn value(&self, name: &str) -> Result<&str, String> {
        self.values
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .or_else(|| brace(name))
            .ok_or_else(|| {
                // What was taken out is no setting.
                let known = self.values.iter().map(|(name, _)| name.as_str());
                let known: Vec<_> = known.filter(|name| !name.starts_with("removed")).collect();
                format!(
                    "the placeholder `{{{{{name}}}}}` stands for a setting that has no value; settings that have one: {}",
                    if known.is_empty() {
                        "none".to_owned()
                    } else {
                        known.join(", ")
                    }
                )
            })
    }
}

const SCHEME: &str = "https://";

/// A name or an address with a dot, and perhaps a port.
fn is_host(value: &str) -> bool {
    value.contains('.') && value.chars().all(is_of_a_host)
}

fn is_of_a_host(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':')
}

/// The names that stand for what would begin or end a placeholder.
fn brace(name: &str) -> Option<&'static str> {
    match name {
        "open-brace" => Some("{"),
        "close-brace" => Some("}"),
        _ => None,
    }
}

/// A text of a scrubbed archive as a case has it. `{{removed}}`, which no setting stands for, becomes `removed`. If the text
/// has been decoded from this encoding, `{{percent:TEXT}}` or `{{json:TEXT}}` becomes the text. The names of the settings in
/// it are added to `names`, each once.
pub(crate) fn for_a_case(text: &str, decoded: Option<&str>, names: &mut Vec<String>) -> String {
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from_name)) = rest.split_once("{{") {
        let Some((inside, after)) = split_at_end(from_name) else {
            break;
        };
        found.push_str(before);
        match inside.split_once(':') {
            Some((name, plain)) if decoded == Some(name) => {
                found.push_str(&for_a_case(plain, None, names));
            }
            Some((name, plain)) if encoding(name).is_some() => {
                let plain = for_a_case(plain, None, names);
                found.push_str(&format!("{{{{{name}:{plain}}}}}"));
            }
            _ if inside.starts_with("removed") => found.push_str(inside),
            _ => {
                if brace(inside).is_none() && !names.iter().any(|name| name == inside) {
                    names.push(inside.to_owned());
                }
                found.push_str(&format!("{{{{{inside}}}}}"));
            }
        }
        rest = after;
    }
    found.push_str(rest);
    found
}

/// What a placeholder of this name does to the text in it.
pub(crate) fn encoding(name: &str) -> Option<fn(&str) -> String> {
    /// What a URL may hold anywhere as it is.
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    match name {
        "base64" => Some(|text| STANDARD.encode(text)),
        "percent" => Some(|text| utf8_percent_encode(text, ENCODED).to_string()),
        "json" => Some(|text| {
            let quoted = serde_json::Value::from(text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }),
        _ => None,
    }
}

/// What is before the `}}` that closes an opened placeholder, and what is after.
pub(crate) fn split_at_end(text: &str) -> Option<(&str, &str)> {
    let mut open = 1_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        if rest.starts_with("{{") {
            open += 1;
            at += 2;
        } else if let Some(after) = rest.strip_prefix("}}") {
            open -= 1;
            if open == 0 {
                return Some((&text[..at], after));
            }
            at += 2;
        } else {
            at += rest.chars().next()?.len_utf8();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders() -> Placeholders {
        let setting = |name: &str, value: &str| Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        Placeholders::new(&[
            setting("company-id", " acme "),
            setting("private-key", "se{{cret}}"),
            setting("company-id", "second"),
        ])
    }

    #[test]
    fn placeholders_are_replaced_inner_ones_first() {
        let cases = [
            ("plain }} text", Ok("plain }} text")),
            ("{{company-id}}", Ok("acme")),
            ("é{{company-id}}/{{company-id}}é", Ok("éacme/acmeé")),
            ("{{private-key}}", Ok("se{{cret}}")),
            ("{{base64:{{company-id}}:x}}}", Ok("YWNtZTp4}")),
            ("{{base64:}}", Ok("")),
            (
                "{{percent:{{private-key}}/a-b}}",
                Ok("se%7B%7Bcret%7D%7D%2Fa-b"),
            ),
            ("{{open-brace}}{{open-brace}}x{{close-brace}}", Ok("{{x}")),
            (r#"{{json:"{{company-id}}"}}"#, Ok(r#"\"acme\""#)),
            ("{{json:}}", Ok("")),
            (
                "{{nothing}}",
                Err("settings that have one: company-id, private-key"),
            ),
            ("{{company-id", Err("has no end")),
            ("{{base64:{{company-id}}", Err("has no end")),
        ];
        for (text, expected) in cases {
            match (placeholders().expand(text), expected) {
                (Ok(actual), Ok(expected)) => assert_eq!(actual, expected),
                (Err(message), Err(part)) => assert!(message.contains(part), "{text}: {message}"),
                (actual, _) => panic!("{text}: {actual:?}"),
            }
        }
    }

    #[test]
    fn values_are_masked_in_messages() {
        assert_eq!(
            placeholders().mask("acme sent se{{cret}} to acme"),
            "{{company-id}} sent {{private-key}} to {{company-id}}"
        );
    }

    #[test]
    fn the_host_of_a_url_is_shown_unless_it_holds_another_value() {
        let settings = [("site", "na.psa.example:8443"), ("company-id", "acme")];
        let settings = settings.map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        let placeholders = Placeholders::new(&settings);
        for (text, expected) in [
            (
                "sent https://api-na.psa.example:8443/acme, not https://eu.psa.example/acme",
                "sent https://api-na.psa.example:8443/{{company-id}}, not https://eu.psa.example/{{company-id}}",
            ),
            (
                "https://acme.psa.example",
                "https://{{company-id}}.psa.example",
            ),
            (
                "https://psa.example/?at=na.psa.example:8443",
                "https://psa.example/?at={{site}}",
            ),
        ] {
            assert_eq!(placeholders.mask(text), expected);
        }
    }
}
