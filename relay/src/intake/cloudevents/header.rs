//! Values of headers of a CloudEvent in binary mode.

use percent_encoding::percent_decode_str;

/// Double quotes are taken off first, then one round of percent-decoding. None: what comes of it is not UTF-8.
pub(super) fn decoded(value: &str) -> Option<String> {
    let value = value.trim();
    let unquoted = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|_| value.len() >= 2)
        .map_or_else(|| value.to_owned(), without_escapes);
    let decoded = percent_decode_str(&unquoted).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

fn without_escapes(quoted: &str) -> String {
    let mut text = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn quotes_go_first_and_one_round_of_percent_signs_after() {
        for (value, expected) in [
            ("Euro%20%E2%82%AC%20%F0%9F%98%80", Some("Euro € 😀")),
            (r#""a\"b%20c""#, Some("a\"b c")),
            ("%2541", Some("%41")),
            ("%C0%A0", None),
            ("\"", Some("\"")),
        ] {
            assert_eq!(decoded(value).as_deref(), expected, "{value}");
        }
    }
}
