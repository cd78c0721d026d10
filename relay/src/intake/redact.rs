//! Bodies as they are kept: without what looks like a credential.

use serde_json::Value;

/// Members whose value is never kept, compared without case, `-` and `_`.
const SECRET_NAMES: [&str; 14] = [
    "routingkey",
    "servicekey",
    "integrationkey",
    "token",
    "accesstoken",
    "refreshtoken",
    "authtoken",
    "apikey",
    "apitoken",
    "password",
    "passwd",
    "secret",
    "clientsecret",
    "authorization",
];

/// The body as text, each credential in it replaced by `[redacted]`. What is not JSON is kept up to 2,000 characters.
#[must_use]
pub fn redacted(body: &[u8]) -> String {
    match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            redact(&mut value);
            value.to_string()
        }
        Err(_) => super::fields::cut(&String::from_utf8_lossy(body), 2_000),
    }
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name: String = name
                    .chars()
                    .filter(|letter| !"-_ ".contains(*letter))
                    .collect();
                if SECRET_NAMES.contains(&name.to_ascii_lowercase().as_str()) {
                    *member = Value::String("[redacted]".to_owned());
                } else {
                    redact(member);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(redact),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_kept() {
        let body = br#"{"routing_key":"R0","payload":{"a":[{"Api-Key":"k1","b":"kept"}]},"token":{"x":"t2"}}"#;
        let kept = redacted(body);
        for secret in ["R0", "k1", "t2"] {
            assert!(!kept.contains(secret), "{kept}");
        }
        assert!(kept.contains("kept"), "{kept}");
        assert_eq!(redacted(b"not json"), "not json");
    }
}
