//! What is a credential by its name or by its looks, whoever's it is. Values that are known are found in `secrets.rs`.

use std::ops::Range;

use crate::har::base64_run::run_at_start;
use crate::har::secrets::REMOVED;
use crate::placeholder::split_at_end;

/// Names of headers, cookies' headers, query parameters and members whose value is a credential. In lower case, without
/// hyphens and underscores.
const NAMES: [&str; 16] = [
    "accesstoken",
    "apikey",
    "authorization",
    "clientid",
    "clientsecret",
    "cookie",
    "password",
    "proxyauthorization",
    "refreshtoken",
    "setcookie",
    "token",
    "xaccesstoken",
    "xapikey",
    "xauthtoken",
    "xclientid",
    "xcsrftoken",
];

/// Schemes of the header Authorization that are followed by the credential alone.
const SCHEMES: [&str; 2] = ["basic", "bearer"];

/// Whether the value under this name is a credential.
pub(super) fn is_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|character| !matches!(character, '-' | '_'))
        .map(|character| character.to_ascii_lowercase())
        .collect();
    NAMES.contains(&plain.as_str())
}

/// The value of a credential after scrubbing: as it is if nothing is left but the scheme and placeholders.
pub(super) fn without_value(scrubbed: &str) -> String {
    if scrubbed.is_empty() {
        return String::new();
    }
    let mut left = String::new();
    let mut count = 0;
    let mut rest = scrubbed;
    while let Some((before, from_name)) = rest.split_once("{{") {
        let Some((inside, after)) = split_at_end(from_name) else {
            break;
        };
        left.push_str(before);
        // Text that was only put into the form of a placeholder.
        if inside.contains(':') && !inside.contains("{{") {
            left.push_str(inside);
        }
        count += 1;
        rest = after;
    }
    left.push_str(rest);
    let is_scheme = |word: &str| SCHEMES.contains(&word.to_ascii_lowercase().as_str());
    if count > 0 && (left.trim().is_empty() || is_scheme(left.trim())) {
        return scrubbed.to_owned();
    }
    match scrubbed.split_once(' ') {
        Some((scheme, _)) if is_scheme(scheme) => format!("{scheme} {REMOVED}"),
        _ => REMOVED.to_owned(),
    }
}

/// Where something looks like a credential: after a scheme, or in front of a URL's host.
pub(super) fn places(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for scheme in SCHEMES {
        found.extend(after_scheme(bytes, scheme));
    }
    found.extend(user_information(bytes));
    found
}

fn after_scheme(bytes: &[u8], scheme: &str) -> Vec<Range<usize>> {
    const SHORTEST_TOKEN: usize = 16;
    let mut found = Vec::new();
    let lower: Vec<u8> = bytes.to_ascii_lowercase();
    for at in memchr::memmem::find_iter(&lower, scheme.as_bytes()) {
        let end = at + scheme.len();
        let after = bytes.get(end..).unwrap_or_default();
        let spaces = after.iter().take_while(|byte| **byte == b' ').count();
        let value = after.get(spaces..).unwrap_or_default();
        let start = end + spaces;
        if spaces == 0 {
            continue;
        }
        let length = if scheme == "basic" {
            let run = run_at_start(value);
            let is_pair = run.plain.is_some_and(|plain| plain.contains(':'));
            if is_pair { run.range.end } else { 0 }
        } else {
            let length = value.iter().take_while(|byte| is_of_token(**byte)).count();
            if length >= SHORTEST_TOKEN { length } else { 0 }
        };
        if length > 0 {
            found.push(start..start + length);
        }
    }
    found
}

fn user_information(bytes: &[u8]) -> Vec<Range<usize>> {
    const LONGEST: usize = 512;
    memchr::memmem::find_iter(bytes, b"://")
        .filter_map(|at| {
            let start = at + 3;
            let rest = bytes.get(start..)?;
            let end = rest
                .iter()
                .take(LONGEST)
                .position(|byte| b"/?#@\"'<>\\".contains(byte) || byte.is_ascii_whitespace())?;
            let is_pair = rest.get(end) == Some(&b'@') && rest.get(..end)?.contains(&b':');
            is_pair.then_some(start..start + end)
        })
        .collect()
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_known_by_their_looks() {
        let cases = [
            ("Basic YTpi", Some("YTpi")),
            ("curl -H 'authorization: basic  YTpi=='", Some("YTpi==")),
            ("Basic information", None),
            (concat!("Basic ", "c29tZXRoaW5n"), None),
            ("Bearer 0123456789abcdef.x", Some("0123456789abcdef.x")),
            ("Bearer of news", None),
            ("see https://me:pass@a.example/x", Some("me:pass")),
            ("https://a.example/b:c@d", None),
            ("https://a.example", None),
        ];
        for (text, expected) in cases {
            let found = places(text.as_bytes());
            let first = found.first().map(|range| &text[range.clone()]);
            assert_eq!(first, expected, "{text}");
        }
    }

    #[test]
    fn of_a_credential_only_the_scheme_and_placeholders_stay() {
        let cases = [
            ("", ""),
            ("abc", "{{removed}}"),
            ("Basic YTpi", "Basic {{removed}}"),
            (
                "Basic {{base64:{{a}}:{{b}}}}",
                "Basic {{base64:{{a}}:{{b}}}}",
            ),
            ("Basic {{removed}}", "Basic {{removed}}"),
            ("Basic {{base64:acme+pub:key}}", "Basic {{removed}}"),
            ("{{client-id}}", "{{client-id}}"),
            ("{{client-id}}x", "{{removed}}"),
            ("sid={{removed}}; path=/", "{{removed}}"),
            ("{{open", "{{removed}}"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_value(text), expected, "{text}");
        }
        assert!(is_name("clientId") && is_name("Set-Cookie") && is_name("access_token"));
        assert!(!is_name("accept") && !is_name("x-cw-request-id"));
    }
}
