//! What is a credential by its name or by its form, whatever the PSA. Known values are found in `secrets.rs`.

use std::ops::Range;

use percent_encoding::percent_decode_str;

use crate::har::base64_run::run_at_start;
use crate::placeholder::REMOVED;
use crate::placeholder::split_at_end;

/// Names of headers, query parameters, members and fields whose value is a credential. In lower case, without hyphens and
/// underscores.
const NAMES: [&str; 20] = [
    "apiintegrationcode",
    "assertion",
    "authorization",
    "authtoken",
    "clientassertion",
    "clientid",
    "codeverifier",
    "cookie",
    "jwt",
    "ocpapimsubscriptionkey",
    "passphrase",
    "passwd",
    "proxyauthorization",
    "pwd",
    "sessionid",
    "setcookie",
    "sharedaccesskey",
    "token",
    "xclientid",
    "xcsrftoken",
];

/// The same for names that end like this, such as `x-api-key` and `oauth_client_secret`.
const ENDINGS: [&str; 12] = [
    "accesskey",
    "accesstoken",
    "apikey",
    "apitoken",
    "authtoken",
    "bearertoken",
    "idtoken",
    "password",
    "privatekey",
    "refreshtoken",
    "secret",
    "sessiontoken",
];

/// Names whose values may be seen in an exchange that is secret: what a header or OAuth says about a credential or about
/// the message, and a connector has to read again in a replay.
const HARMLESS: [&str; 27] = [
    "allow",
    "cachecontrol",
    "connection",
    "contentencoding",
    "contentlength",
    "contenttype",
    "date",
    "error",
    "expires",
    "expiresat",
    "expiresin",
    "expireson",
    "extexpiresin",
    "granttype",
    "issuedat",
    "keepalive",
    "notbefore",
    "pragma",
    "responsetype",
    "retryafter",
    "scope",
    "server",
    "stricttransportsecurity",
    "tokentype",
    "transferencoding",
    "vary",
    "xcontenttypeoptions",
];

/// Schemes of the header Authorization that are followed by the credential alone.
const SCHEMES: [&str; 2] = ["basic", "bearer"];

/// A client can also be a customer, whose id is a short number. No OAuth server gives its clients one.
const LONGEST_ID_OF_A_CUSTOMER: usize = 9;

/// Whether this value under this name is a credential.
pub(super) fn is_credential(name: &str, value: &str) -> bool {
    is_name(name) && !(plain(name) == "clientid" && is_id_of_a_customer(value))
}

fn is_id_of_a_customer(value: &str) -> bool {
    (1..=LONGEST_ID_OF_A_CUSTOMER).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(name: &str) -> bool {
    let plain = plain(name);
    NAMES.contains(&plain.as_str()) || ENDINGS.iter().any(|ending| plain.ends_with(ending))
}

/// Whether the value under this name may be seen in an exchange that is secret.
pub(super) fn is_harmless(name: &str) -> bool {
    HARMLESS.contains(&plain(name).as_str())
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '-' | '_'))
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// What is secret in the value of a credential: the token after a scheme, both parts of a pair of name and password, the
/// values of cookies. It must be looked for elsewhere.
pub(super) fn secrets_of(name: &str, value: &str) -> Vec<String> {
    let value = value.trim();
    let cookies = match plain(name).as_str() {
        "cookie" => usize::MAX,
        "setcookie" => 1,
        _ => 0,
    };
    if cookies > 0 {
        let cookies = value.split(';').take(cookies);
        let values = cookies.filter_map(|cookie| cookie.split_once('='));
        return values.map(|(_, value)| value.trim().to_owned()).collect();
    }
    match value.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("basic") => {
            match run_at_start(rest.trim_start().as_bytes()).plain {
                Some(pair) => parts_of_pair(&pair),
                None => vec![rest.trim().to_owned()],
            }
        }
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => {
            vec![rest.trim().to_owned()]
        }
        _ => vec![value.to_owned()],
    }
}

/// The same for what looks like a credential somewhere in a text.
pub(super) fn secrets_in(text: &str) -> Vec<String> {
    let secrets = |range: Range<usize>| {
        let value = text.get(range.clone()).unwrap_or_default();
        let before = text.get(..range.start).unwrap_or_default().trim_end();
        if before.ends_with("://") {
            parts_of_pair(&percent_decode_str(value).decode_utf8_lossy())
        } else if before.to_ascii_lowercase().ends_with("basic") {
            secrets_of("", &format!("Basic {value}"))
        } else {
            vec![value.to_owned()]
        }
    };
    places(text.as_bytes())
        .into_iter()
        .flat_map(secrets)
        .collect()
}

fn parts_of_pair(pair: &str) -> Vec<String> {
    let (user, password) = pair.split_once(':').unwrap_or_default();
    vec![user.to_owned(), password.to_owned()]
}

/// The value of a credential after scrubbing: as it is if nothing is left but the scheme and placeholders.
pub(super) fn without_value(scrubbed: &str) -> String {
    if scrubbed.is_empty() {
        return String::new();
    }
    let (left, count) = outside_placeholders(scrubbed);
    let is_scheme = |word: &str| SCHEMES.contains(&word.to_ascii_lowercase().as_str());
    if count > 0 && (left.trim().is_empty() || is_scheme(left.trim())) {
        return scrubbed.to_owned();
    }
    match scrubbed.split_once(' ') {
        Some((scheme, _)) if is_scheme(scheme) => format!("{scheme} {REMOVED}"),
        _ => REMOVED.to_owned(),
    }
}

/// What of a text is in no placeholder, and how many placeholders it has.
pub(super) fn outside_placeholders(text: &str) -> (String, usize) {
    let mut left = String::new();
    let mut count = 0;
    let mut rest = text;
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
    (left, count)
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
        for (name, value, expected) in [
            ("clientId", "6f1b7a52", true),
            ("clientId", "1234567890", true),
            ("client_id", "123456789", false),
            ("client_id", "", true),
            ("x-client-id", "12", true),
            ("Set-Cookie", "12", true),
            ("access_token", "12", true),
            ("accept", "a", false),
            ("x-cw-request-id", "a", false),
        ] {
            assert_eq!(is_credential(name, value), expected, "{name}: {value}");
        }
    }
}
