//! What tells tenants and their requests apart without holding what they consist of: keyed digests, whose key is drawn at
//! random once in a process. Nothing is kept here.

use std::sync::OnceLock;

#[cfg(feature = "live")]
use psa_contract::Request;
use psa_contract::Setting;
use sha2::{Digest as _, Sha256};

/// A digest of 32 bytes. It has no `Debug`: nothing needs to show it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a tenant: the component with this digest, and these settings in whatever order.
    pub(crate) fn of_tenant(
        component_digest: &[u8; 32],
        settings: &[Setting],
    ) -> Result<Self, String> {
        let mut settings: Vec<&Setting> = settings.iter().collect();
        settings.sort_by_key(|setting| (&setting.name, &setting.value));
        let mut digest = Digest::with_key(key_of_this_process()?);
        digest.add(component_digest);
        for setting in settings {
            digest.add(setting.name.as_bytes());
            digest.add(setting.value.as_bytes());
        }
        Ok(digest.end())
    }

    /// Of a request of the tenant whose fingerprint this is.
    #[cfg(feature = "live")]
    pub(crate) fn of_request(&self, request: &Request) -> Self {
        let mut digest = Digest::with_key(&self.0);
        digest.add(request.method.as_bytes());
        digest.add(request.url.as_bytes());
        for (name, value) in &request.headers {
            digest.add(name.as_bytes());
            digest.add(value.as_bytes());
        }
        // Parts come in pairs up to here, so that no header can pass for a body.
        if let Some(body) = &request.body {
            digest.add(body.as_bytes());
        }
        digest.end()
    }
}

/// Of parts, each with its length before it, so that no other division of the same bytes has the same digest.
struct Digest(Sha256);

impl Digest {
    fn with_key(key: &[u8; 32]) -> Self {
        Self(Sha256::new_with_prefix(key))
    }

    fn add(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// It is compared and never shown, so that nobody can extend what was hashed.
    fn end(self) -> Fingerprint {
        Fingerprint(self.0.finalize().into())
    }
}

/// Errors: what the system says if it has no randomness.
fn key_of_this_process() -> Result<&'static [u8; 32], String> {
    static KEY: OnceLock<[u8; 32]> = OnceLock::new();
    if let Some(key) = KEY.get() {
        return Ok(key);
    }
    let mut drawn = [0; 32];
    getrandom::fill(&mut drawn).map_err(|error| error.to_string())?;
    Ok(KEY.get_or_init(|| drawn))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(name: &str, value: &str) -> Setting {
        Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    fn tenant(digest: u8, settings: &[Setting]) -> Fingerprint {
        Fingerprint::of_tenant(&[digest; 32], settings).expect("randomness")
    }

    #[test]
    fn a_tenant_is_its_component_and_all_of_its_settings() {
        let site = setting("site", "psa.example");
        let key = setting("key", "k1");
        let base = tenant(1, &[site.clone(), key.clone()]);
        assert!(base == tenant(1, &[key.clone(), site.clone()]));
        let others = [
            tenant(2, &[site.clone(), key.clone()]),
            tenant(1, std::slice::from_ref(&site)),
            tenant(1, &[site.clone(), setting("key", "k2")]),
            tenant(1, &[site.clone(), setting("kez", "k1")]),
            tenant(1, &[site.clone(), setting("keyk", "1")]),
            tenant(1, &[site, key, setting("company", "")]),
        ];
        for (index, other) in others.iter().enumerate() {
            assert!(base != *other, "{index}");
        }
    }

    #[test]
    fn a_request_is_its_tenant_method_url_headers_and_body() {
        let request = || Request {
            method: "POST".to_owned(),
            url: "https://psa.example/token".to_owned(),
            headers: vec![("accept".to_owned(), "a".to_owned())],
            body: Some("b".into()),
            ..Request::default()
        };
        let own = tenant(1, &[]);
        let base = own.of_request(&request());
        let changes: [fn(&mut Request); 8] = [
            |request| request.method = "GET".to_owned(),
            |request| request.url.push('s'),
            |request| request.headers[0].0.push('s'),
            |request| request.headers[0].1.push('s'),
            |request| request.headers[0] = ("accep".to_owned(), "ta".to_owned()),
            |request| request.headers.clear(),
            |request| request.body = Some("c".into()),
            |request| request.body = None,
        ];
        for (index, change) in changes.iter().enumerate() {
            let mut other = request();
            change(&mut other);
            assert!(base != own.of_request(&other), "{index}");
        }
        assert!(base != tenant(2, &[]).of_request(&request()));
        // How old an answer may be, and which form the same bytes have, makes no other request of it.
        let mut same = request();
        same.reuse_seconds = Some(7);
        same.body = Some(psa_contract::Body::Bytes(b"b".to_vec()));
        assert!(base == own.of_request(&same));
    }
}
