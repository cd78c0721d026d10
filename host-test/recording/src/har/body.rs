//! The parts of a body: the strings of JSON and the fields of forms and queries, each with its name and its place, so that
//! one is replaced and everything else stays as it was written.

use std::ops::Range;

use serde::de::IgnoredAny;

use crate::placeholder::split_at_end;

/// A string of JSON, or the value of a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Without the quotes.
    pub(super) range: Range<usize>,
    /// Of the member or field that it is the value of; for an element of a list, of the list. Empty: it has none.
    pub(super) name: String,
    /// A name itself, which no other part has as its value.
    pub(super) is_name: bool,
}

/// Whether the text is JSON that has strings in it.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '"'])
        && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Every string of a text in JSON, or in what is almost JSON: cut off, several texts in one, a call around it.
pub(super) fn json_strings(text: &str) -> Vec<Part> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // Of what is open: whether it is an object, and the name that it is the value of.
    let mut open: Vec<(bool, String)> = Vec::new();
    let mut name = String::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let range = at + 1..at + 1 + length_of_string(bytes.get(at + 1..));
                at = range.end;
                let after = bytes.get(range.end + 1..).unwrap_or_default();
                let next = after.iter().find(|byte| !byte.is_ascii_whitespace());
                let is_name = next == Some(&b':');
                if is_name {
                    name = unquoted(text.get(range.clone()).unwrap_or_default());
                }
                found.push(Part {
                    range,
                    name: if is_name { String::new() } else { name.clone() },
                    is_name,
                });
            }
            b'{' => open.push((true, std::mem::take(&mut name))),
            b'[' => open.push((false, name.clone())),
            b'}' | b']' => name = open.pop().map(|(_, name)| name).unwrap_or_default(),
            _ => {}
        }
        at += 1;
    }
    found
}

/// What is between the quotes of a string in JSON, decoded; as it is if it cannot be.
pub(super) fn unquoted(inside: &str) -> String {
    serde_json::from_str(&format!("\"{inside}\"")).unwrap_or_else(|_| inside.to_owned())
}

/// The value of each `name=value` in a text. A form and a URL have nothing but `&` between them; in other text, where
/// there may be a URL, a value also ends at white space and quotes.
pub(super) fn fields(text: &str, is_form: bool) -> Vec<Part> {
    let bytes = text.as_bytes();
    let mut found: Vec<Part> = Vec::new();
    for equals in memchr::memchr_iter(b'=', bytes) {
        let before = bytes.get(..equals).unwrap_or_default();
        let name_length = before.iter().rev().take_while(|byte| is_of_name(**byte));
        let start = equals - name_length.count();
        let follows = start.checked_sub(1).and_then(|at| bytes.get(at));
        let is_start = follows.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'=');
        let is_inside = found.last().is_some_and(|last| equals < last.range.end);
        if start == equals || !is_start || is_inside {
            continue;
        }
        let name = text.get(start..equals).unwrap_or_default();
        let name = form_urlencoded::parse(name.as_bytes()).next();
        let length = length_of_value(text.get(equals + 1..).unwrap_or_default(), is_form);
        found.push(Part {
            range: equals + 1..equals + 1 + length,
            name: name.map(|(name, _)| name.into_owned()).unwrap_or_default(),
            is_name: false,
        });
    }
    found
}

/// Up to the closing quote. One that is missing is taken to be at the end of the line.
fn length_of_string(rest: Option<&[u8]>) -> usize {
    let rest = rest.unwrap_or_default();
    let mut is_escaped = false;
    let end = rest.iter().position(|byte| {
        let is_end = *byte == b'\n' || *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    });
    end.unwrap_or(rest.len())
}

fn length_of_value(rest: &str, is_form: bool) -> usize {
    let mut at = 0;
    while let Some(left) = rest.get(at..).filter(|left| !left.is_empty()) {
        let inside = left.strip_prefix("{{").and_then(split_at_end);
        if let Some((_, after)) = inside {
            at = rest.len() - after.len();
            continue;
        }
        let is_end = |character: char| {
            character == '&'
                || !is_form && (character.is_whitespace() || "\"'<>\\".contains(character))
        };
        match left.chars().next() {
            Some(character) if !is_end(character) => at += character.len_utf8(),
            _ => break,
        }
    }
    at
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.%[]".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, parts: &[Part]) -> Vec<String> {
        let shown = |part: &Part| {
            let inside = text.get(part.range.clone()).expect("the part");
            let mark = if part.is_name { "name" } else { &part.name };
            format!("{mark}: {inside}")
        };
        parts.iter().map(shown).collect()
    }

    #[test]
    fn every_string_has_the_name_of_its_member() {
        let cases: &[(&str, &[&str])] = &[
            (r#""a""#, &[": a"]),
            (
                r#"{"a": "b", "c": 1, "d": ["e", {"f": "g\"h"}, "i"], "\u006a": {"k": "l"}, "m":"n"}"#,
                &[
                    "name: a",
                    "a: b",
                    "name: c",
                    "name: d",
                    "d: e",
                    "name: f",
                    r#"f: g\"h"#,
                    "d: i",
                    r"name: \u006a",
                    "name: k",
                    "k: l",
                    "name: m",
                    "m: n",
                ],
            ),
            (r#"[["a"], "b"]"#, &[": a", ": b"]),
            (
                r#"{"a":"b","c":"cut o"#,
                &["name: a", "a: b", "name: c", "c: cut o"],
            ),
            (
                "{\"a\":\"b\n{\"c\":\"d\"}",
                &["name: a", "a: b", "name: c", "c: d"],
            ),
            (r#"call({"a":"b"});"#, &["name: a", "a: b"]),
            (r#"{"a":"\""#, &["name: a", r#"a: \""#]),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text, &json_strings(text)), *expected, "{text}");
        }
        assert!(is_json(r#" {"a": 1}"#) && !is_json("1") && !is_json("{") && !is_json(""));
    }

    #[test]
    fn fields_are_found_in_forms_and_in_other_text() {
        let cases: &[(&str, bool, &[&str])] = &[
            ("a=b&c=&d=e%20f+g", true, &["a: b", "c: ", "d: e%20f+g"]),
            ("a=b c\"d&e=f=g", true, &["a: b c\"d", "e: f=g"]),
            ("client%5Fsecret=x", true, &["client_secret: x"]),
            ("k={{base64:a&b}}&c=d", true, &["k: {{base64:a&b}}", "c: d"]),
            (
                "see https://a.example/?a=b&c=d, or <e='f'> g=h",
                false,
                &["a: b", "c: d,", "e: ", "g: h"],
            ),
            ("YWI==", false, &["YWI: ="]),
            ("=a", false, &[]),
        ];
        for (text, is_form, expected) in cases {
            assert_eq!(shown(text, &fields(text, *is_form)), *expected, "{text}");
        }
    }
}
