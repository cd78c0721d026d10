//! Signed bodies: Standard Webhooks, and the plain HMAC-SHA256 of the body in a header, in hexadecimal.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

#[cfg(test)]
use crate::reference::hex;
use crate::time::Time;

/// How old a signed message may be, and how far ahead of the clock.
const TOLERANCE_SECONDS: i64 = 300;
/// Headers with the plain HMAC of the body: of GitHub and those who copy it, of Grafana.
const PLAIN: [&str; 3] = [
    "x-hub-signature-256",
    "x-signature-256",
    "x-grafana-alerting-signature",
];

/// Whether the body is signed with this secret.
pub(super) fn is_signed(secret: &str, headers: &HeaderMap, body: &[u8], now: Time) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let (Some(id), Some(timestamp), Some(signatures)) = (
        text("webhook-id"),
        text("webhook-timestamp"),
        text("webhook-signature"),
    ) {
        return is_standard(secret, (id, timestamp, signatures), body, now);
    }
    PLAIN.iter().filter_map(|name| text(name)).any(|signature| {
        let given = signature.trim().trim_start_matches("sha256=");
        decoded_hex(given).is_some_and(|given| {
            authenticator(secret.as_bytes(), &[body])
                .is_some_and(|it| it.verify_slice(&given).is_ok())
        })
    })
}

fn is_standard(
    secret: &str,
    (id, timestamp, signatures): (&str, &str, &str),
    body: &[u8],
    now: Time,
) -> bool {
    let Ok(sent_at) = timestamp.parse::<i64>() else {
        return false;
    };
    if (now.0 / 1_000).abs_diff(sent_at) > TOLERANCE_SECONDS.unsigned_abs() {
        return false;
    }
    let Ok(key) = STANDARD.decode(secret.trim_start_matches("whsec_")) else {
        return false;
    };
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    signatures.split(' ').any(|signature| {
        let given = signature.strip_prefix("v1,");
        let given = given.and_then(|it| STANDARD.decode(it).ok());
        given.is_some_and(|given| {
            authenticator(&key, &parts).is_some_and(|it| it.verify_slice(&given).is_ok())
        })
    })
}

/// Compares in constant time.
fn authenticator(key: &[u8], parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut authenticator = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in parts {
        authenticator.update(part);
    }
    Some(authenticator)
}

fn decoded_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// The headers of a message that is signed as Standard Webhooks say.
#[cfg(test)]
fn sign(secret: &str, id: &str, now: Time, body: &[u8]) -> Vec<(String, String)> {
    let key = STANDARD
        .decode(secret.trim_start_matches("whsec_"))
        .unwrap_or_default();
    let timestamp = (now.0 / 1_000).to_string();
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    let signature = authenticator(&key, &parts).map(|it| it.finalize().into_bytes());
    let signature = STANDARD.encode(signature.unwrap_or_default());
    vec![
        ("webhook-id".to_owned(), id.to_owned()),
        ("webhook-timestamp".to_owned(), timestamp),
        ("webhook-signature".to_owned(), format!("v1,{signature}")),
    ]
}

/// The plain HMAC-SHA256 of a body, in hexadecimal.
#[cfg(test)]
fn plain(secret: &str, body: &[u8]) -> String {
    let code = authenticator(secret.as_bytes(), &[body]);
    code.map(|it| hex(&it.finalize().into_bytes()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (
                HeaderName::try_from(*name).expect("a name"),
                HeaderValue::try_from(*value).expect("a value"),
            )
        });
        pairs.collect()
    }

    /// The example of the specification.
    #[test]
    fn a_message_of_standard_webhooks_is_accepted_for_five_minutes() {
        let signed = headers(&[
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            (
                "webhook-signature",
                "v1,bad v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
        ]);
        let body = br#"{"test": 2432232314}"#;
        let at = |seconds: i64| Time((1_614_265_330 + seconds) * 1_000);
        assert!(is_signed(SECRET, &signed, body, at(0)));
        assert!(is_signed(SECRET, &signed, body, at(300)));
        assert!(!is_signed(SECRET, &signed, body, at(301)), "it is old");
        assert!(!is_signed(SECRET, &signed, body, at(-301)), "it is ahead");
        assert!(!is_signed(SECRET, &signed, b"{}", at(0)), "another body");
        let other = SECRET.replace("MfKQ", "MfKR");
        assert!(!is_signed(&other, &signed, body, at(0)), "another secret");
        let made = sign(SECRET, "m", at(0), body);
        let made: Vec<(&str, &str)> = made.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert!(is_signed(SECRET, &headers(&made), body, at(0)));
    }

    #[test]
    fn a_plain_code_in_a_header_is_accepted() {
        let code = plain("key", b"body");
        assert_eq!(code.len(), 64);
        let prefixed = format!("sha256={code}");
        for (name, value) in [
            ("x-hub-signature-256", &*prefixed),
            ("x-grafana-alerting-signature", &*code),
        ] {
            let headers = headers(&[(name, value)]);
            assert!(is_signed("key", &headers, b"body", Time(0)), "{name}");
            assert!(!is_signed("key", &headers, b"bodY", Time(0)), "{name}");
        }
        let none = headers(&[("x-hub-signature-256", "sha256=zz")]);
        assert!(!is_signed("key", &none, b"body", Time(0)));
        assert!(!is_signed("key", &HeaderMap::new(), b"body", Time(0)));
    }
}
