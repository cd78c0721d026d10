//! Values that an argument names instead of holding them: a text or a file from standard input (`-`), JSON from a file
//! (`@FILE`). Arguments are visible to other users, are limited in length, and are hard to quote.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use crate::failure::Failure;
use crate::text_file;

/// `argument` is named in messages.
pub(crate) fn text(argument: &str, value: &str) -> Result<String, Failure> {
    if value == "-" {
        file(argument, Path::new(value))
    } else {
        Ok(value.to_owned())
    }
}

pub(crate) fn optional_text(
    argument: &str,
    value: Option<&str>,
) -> Result<Option<String>, Failure> {
    value.map(|value| text(argument, value)).transpose()
}

/// JSON does not begin with `@`.
pub(crate) fn vendor_fields(value: Option<&str>) -> Result<Option<String>, Failure> {
    let Some(value) = value else { return Ok(None) };
    let json = match value.strip_prefix('@') {
        Some(path) => file("--vendor-fields", Path::new(path))?,
        None => value.to_owned(),
    };
    if let Some(name) = repeated_name(&json) {
        return Err(Failure::usage(
            format!("--vendor-fields has `{name}` twice"),
            "Give each member once.",
        ));
    }
    Ok(Some(json))
}

/// The first member of a JSON object that is there twice: readers disagree about which of them counts. What is not a JSON
/// object is the connector's to refuse.
fn repeated_name(json: &str) -> Option<String> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Option<String>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let mut seen = HashSet::new();
            let mut repeated = None;
            while let Some((name, IgnoredAny)) = members.next_entry::<String, IgnoredAny>()? {
                if !seen.insert(name.clone()) {
                    repeated.get_or_insert(name);
                }
            }
            Ok(repeated)
        }
    }
    let mut json = serde_json::Deserializer::from_str(json);
    json.deserialize_map(Names).ok().flatten()
}

/// A file's text, or that of standard input if it is `-`. The line end behind it is left out.
pub(crate) fn file(argument: &str, path: &Path) -> Result<String, Failure> {
    let (text, place) = if path == Path::new("-") {
        (standard_input(), "standard input".to_owned())
    } else {
        let file = File::open(path).map_err(|error| error.to_string());
        (
            file.and_then(text_file::read_short),
            path.display().to_string(),
        )
    };
    let text = text.map_err(|problem| {
        Failure::usage(
            format!("{argument}: cannot read {place}: {problem}"),
            if path == Path::new("-") {
                "Give it text in UTF-8, for one argument only."
            } else {
                "Name a text file, or `-` for standard input."
            },
        )
    })?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// A second reader would get nothing, and nobody would notice.
pub(crate) fn standard_input() -> Result<String, String> {
    static WAS_READ: AtomicBool = AtomicBool::new(false);
    if WAS_READ.swap(true, Ordering::Relaxed) {
        return Err("another argument has read it: only one can".to_owned());
    }
    text_file::read_short(std::io::stdin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_is_there_twice_is_found() {
        let cases = [
            (r#"{"a": 1, "b": {"a": 1}}"#, None),
            (r#"{"a": 1, "b": 2, "a": 3}"#, Some("a")),
            (r#"{"a": 1, "\u0061": 3}"#, Some("a")),
            ("[]", None),
            ("{", None),
            ("{}", None),
        ];
        for (json, expected) in cases {
            assert_eq!(repeated_name(json).as_deref(), expected, "{json}");
        }
    }
}
