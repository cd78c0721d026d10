//! Which origin serves a tenant, for a PSA with several zones: looked up, kept by the host for a while, and renewed if it
//! may have become wrong.

use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange_one};
use crate::url::origin;

/// The contract lets a host keep a response no longer.
const REUSE_SECONDS: u32 = 3_600;

/// How a tenant's zone is found.
pub struct ZoneLookup<'a> {
    /// The request, without credentials.
    pub call: &'a dyn Fn() -> Call,
    /// Reads the URL of the zone from its answer.
    pub read: &'a dyn Fn(&Answer) -> Result<String, Error>,
    /// Where zones may be: `.psa.example` allows `https://zone5.psa.example`, one label and no port.
    pub domain: &'a str,
}

/// A zone that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// `https://zone5.psa.example`.
    pub origin: String,
    /// The host kept the answer: the tenant may have moved since.
    pub was_kept: bool,
}

impl ZoneLookup<'_> {
    /// Looks the zone up.
    ///
    /// # Errors
    /// What the answer means, or `unexpected-response` for a URL that is not within the domain.
    pub fn find(&self, tenant: &dyn Tenant, send: &mut HttpSend) -> Result<Zone, Error> {
        self.ask(tenant, send, REUSE_SECONDS)
    }

    /// Looks a kept zone up again, before a look-up that found nothing is believed. Some: the tenant has moved; repeat the
    /// look-up there. None: it has not, or the zone was not a kept one.
    ///
    /// # Errors
    /// As for [`ZoneLookup::find`].
    pub fn renew_if_kept(
        &self,
        zone: &Zone,
        tenant: &dyn Tenant,
        send: &mut HttpSend,
    ) -> Result<Option<Zone>, Error> {
        if !zone.was_kept {
            return Ok(None);
        }
        let renewed = self.ask(tenant, send, 0)?;
        Ok((renewed.origin != zone.origin).then_some(renewed))
    }

    fn ask(
        &self,
        tenant: &dyn Tenant,
        send: &mut HttpSend,
        reuse_seconds: u32,
    ) -> Result<Zone, Error> {
        let call = (self.call)().reuse_seconds(reuse_seconds);
        let answer = exchange_one(tenant, send, call);
        let url = (self.read)(&answer)?;
        let origin = origin(&url).filter(|origin| self.is_allowed(origin));
        let Some(origin) = origin else {
            let fault = format!(
                "expected the URL of a server in {}, found {url}",
                self.domain
            );
            return Err(answer.unexpected(&fault));
        };
        let age = answer.success().map(|response| response.age_seconds);
        Ok(Zone {
            origin: origin.to_ascii_lowercase(),
            was_kept: age.is_ok_and(|age| age.is_some()),
        })
    }

    fn is_allowed(&self, origin: &str) -> bool {
        let host = origin.to_ascii_lowercase();
        let label = host
            .strip_prefix("https://")
            .and_then(|host| host.strip_suffix(self.domain));
        label.is_some_and(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stand_in::{plain, response};
    use psa_contract::{ErrorCode, Request, Response};

    fn lookup_in<'a>(
        call: &'a dyn Fn() -> Call,
        read: &'a dyn Fn(&Answer) -> Result<String, Error>,
    ) -> ZoneLookup<'a> {
        ZoneLookup {
            call,
            read,
            domain: ".psa.example",
        }
    }

    type Renewed = Result<Option<Zone>, Error>;

    /// Looks up, and renews; what was asked for, and what came of it.
    fn run(first: Response, second: Response) -> (Result<Zone, Error>, Option<Renewed>, Vec<u32>) {
        let tenant = plain();
        let call = || Call::get("look up the zone", "https://zones.psa.example/zone");
        let read = |answer: &Answer| answer.read::<String>();
        let lookup = lookup_in(&call, &read);
        let mut asked = Vec::new();
        let mut answers = vec![second, first];
        let mut send = |requests: &mut [Request]| {
            asked.extend(requests.iter().filter_map(|it| it.reuse_seconds));
            vec![Ok(answers.pop().expect("another answer"))]
        };
        let zone = lookup.find(&tenant, &mut send);
        let renewed = zone
            .as_ref()
            .ok()
            .map(|zone| lookup.renew_if_kept(zone, &tenant, &mut send));
        (zone, renewed, asked)
    }

    fn zone(url: &str, age_seconds: Option<u32>) -> Response {
        Response {
            age_seconds,
            ..response(200, &format!("\"{url}\""))
        }
    }

    #[test]
    fn only_a_kept_zone_is_renewed_and_only_a_move_counts() {
        let five = "https://zone5.psa.example/rest/";
        for (first, second, moved_to, asked) in [
            (zone(five, None), zone(five, None), None, vec![3_600]),
            (zone(five, Some(9)), zone(five, None), None, vec![3_600, 0]),
            (
                zone(five, Some(9)),
                zone("https://ZONE6.psa.example/rest/", None),
                Some("https://zone6.psa.example"),
                vec![3_600, 0],
            ),
        ] {
            let (found, renewed, sent) = run(first, second);
            assert_eq!(found.expect("a zone").origin, "https://zone5.psa.example");
            let renewed = renewed.expect("asked").expect("a zone");
            assert_eq!(renewed.map(|it| it.origin), moved_to.map(str::to_owned));
            assert_eq!(sent, asked);
        }
    }

    #[test]
    fn a_zone_outside_the_domain_is_refused() {
        for url in [
            "https://evil.example/",
            "https://a.b.psa.example/",
            "https://.psa.example/",
            "https://zone5.psa.example:8443/",
            "https://zone5.psa.example.evil.example/",
            "https://evil.example#.psa.example",
            "https://u@zone5.psa.example/",
            "http://zone5.psa.example/",
            "zone5.psa.example",
        ] {
            let (found, _, _) = run(zone(url, None), zone(url, None));
            let error = found.expect_err(url);
            assert_eq!(error.code, ErrorCode::UnexpectedResponse, "{url}");
        }
    }
}
