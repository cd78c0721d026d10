//! Looks for secrets in a recording that is to be published: what scrubbing would change.

use std::fmt;

use serde_json::Value;

use crate::har::scrub::clean;
use crate::har::secrets::Scrubber;

/// Where a recording holds what must not be in it. Never says what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSecret {
    /// Where in the file: `log.entries[3].request.headers[2].value`.
    pub place: String,
}

impl fmt::Display for FoundSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}: holds a credential or the value of a secret setting. `psa-host scrub` removes it",
            self.place
        )
    }
}

/// Every text of an archive, or of a recording or case written by hand, that holds a secret. Placeholders are none.
#[must_use]
pub fn find_secrets(document: &Value, scrubber: &Scrubber) -> Vec<FoundSecret> {
    let cleaned = clean(document, scrubber, true);
    let mut found = Vec::new();
    compare(String::new(), document, &cleaned, &mut found);
    found
}

fn compare(place: String, original: &Value, cleaned: &Value, found: &mut Vec<FoundSecret>) {
    match (original, cleaned) {
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                compare(format!("{place}[{index}]"), before, after, found);
            }
        }
        (Value::Object(before), Value::Object(after)) => {
            for (name, before) in before {
                let place = if place.is_empty() {
                    name.clone()
                } else {
                    format!("{place}.{name}")
                };
                match after.get(name) {
                    Some(after) => compare(place, before, after, found),
                    // The encoding is removed if a body becomes text; the text is what was found.
                    None if name == "encoding" => {}
                    // The name has changed: it held a secret itself.
                    None => found.push(FoundSecret {
                        place: "a member's name".to_owned(),
                    }),
                }
            }
        }
        _ if original == cleaned => {}
        _ => found.push(FoundSecret { place }),
    }
}
