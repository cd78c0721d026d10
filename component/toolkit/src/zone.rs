//! Which origin serves a tenant, for a PSA with several zones: looked up, kept by the host for a while, and renewed if it
//! may have become wrong.

use psa_contract::Request;

use crate::error::Error;
use crate::exchange::{Answer, Call, HttpResult, HttpSend, Tenant, exchange_one, unsent};
use crate::url::origin;

/// The contract lets a host keep a response no longer.
const REUSE_SECONDS: u32 = 3_600;
/// A move takes a tenant offline for longer. So of a zone that was found so lately only a refusal is doubted, not an answer
/// without rows: each ticket of a burst of alerts is looked for, and not found.
const SETTLED_SECONDS: u32 = 300;

/// How a tenant's zone is found.
pub struct ZoneLookup<'a> {
    /// The request, without credentials.
    pub call: Box<dyn Fn() -> Call + 'a>,
    /// Reads the URL of the zone from its answer.
    pub read: fn(&Answer) -> Result<String, Error>,
    /// Where zones may be: `.psa.example` allows `https://zone5.psa.example`, one label and no port.
    pub domain: &'a str,
}

/// A zone that was found.
struct Zone {
    /// `https://zone5.psa.example`.
    origin: String,
    /// For how long the host has kept the answer: the tenant may have moved since. None: it was not kept.
    age_seconds: Option<u32>,
}

/// Finds the zone, and returns an [`HttpSend`] that sends each request there: their URLs are paths, `/rest/tickets`.
///
/// A zone that was kept is looked up again, once, if an answer `seems_wrong`, as a 401 does, or, only if the second argument says
/// that it was kept for more than five minutes, an empty list. If the tenant has moved, the requests with such answers are sent
/// again, in the new zone: a write only if it was answered 401. If the look-up fails, each of them fails without having acted.
/// `typed` is an origin that is used as it is.
///
/// # Errors
/// What the answer of the look-up means, or `unexpected-response` for a URL that is not within the domain.
pub fn in_zone<'a>(
    tenant: &'a dyn Tenant,
    lookup: ZoneLookup<'a>,
    typed: Option<String>,
    seems_wrong: fn(&HttpResult, bool) -> bool,
    send: &'a mut HttpSend<'_>,
) -> Result<impl FnMut(&mut [Request]) -> Vec<HttpResult> + 'a, Error> {
    let mut zone = match typed {
        Some(origin) => Zone {
            origin,
            age_seconds: None,
        },
        None => lookup.ask(tenant, send, REUSE_SECONDS)?,
    };
    Ok(move |requests: &mut [Request]| {
        requests.iter_mut().for_each(|it| go_to(it, &zone.origin));
        let mut results = send(requests);
        let Some(age_seconds) = zone.age_seconds else {
            return results;
        };
        let is_old = age_seconds > SETTLED_SECONDS;
        let may_repeat = |request: &Request, result: &HttpResult| {
            seems_wrong(result, is_old) && (!request.is_write || is_unauthorized(result))
        };
        let mut doubtful: Vec<_> = requests
            .iter_mut()
            .zip(&mut results)
            .filter(|(request, result)| may_repeat(request, result))
            .collect();
        if doubtful.is_empty() {
            return results;
        }
        zone.age_seconds = None;
        match lookup.ask(tenant, send, 0) {
            Ok(renewed) if renewed.origin == zone.origin => {}
            Ok(renewed) => {
                zone = renewed;
                let mut again = Vec::new();
                for (request, _) in &mut doubtful {
                    go_to(request, &zone.origin);
                    again.push(request.clone());
                }
                for ((_, result), new) in doubtful.into_iter().zip(send(&mut again)) {
                    *result = new;
                }
            }
            Err(error) => {
                let why =
                    "the tenant may have moved to another zone, and the look-up of its zone failed";
                for (_, result) in doubtful {
                    *result = Err(unsent(why, &error));
                }
            }
        }
        results
    })
}

/// A path, or a URL in another zone.
fn go_to(request: &mut Request, zone: &str) {
    let path = match origin(&request.url) {
        Some(other) => request.url.strip_prefix(other).unwrap_or_default(),
        None => &request.url,
    };
    request.url = format!("{zone}{path}");
}

fn is_unauthorized(result: &HttpResult) -> bool {
    result.as_ref().is_ok_and(|response| response.status == 401)
}

impl ZoneLookup<'_> {
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
        Ok(Zone {
            origin: origin.to_ascii_lowercase(),
            age_seconds: answer.success()?.age_seconds,
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

    fn lookup() -> ZoneLookup<'static> {
        ZoneLookup {
            call: Box::new(|| Call::get("look up the zone", "https://zones.psa.example/zone")),
            read: |answer| answer.read::<String>(),
            domain: ".psa.example",
        }
    }

    fn zone(url: &str, age_seconds: Option<u32>) -> Response {
        Response {
            age_seconds,
            ..response(200, &format!("\"{url}\""))
        }
    }

    /// Sends a read and a write in a zone; what was asked for, and the statuses that came of them.
    fn send_in_zone(
        typed: Option<&str>,
        age_seconds: Option<u32>,
        answer: fn(&Request) -> HttpResult,
    ) -> (Vec<String>, Vec<Option<u16>>) {
        let tenant = plain();
        let mut asked = Vec::new();
        let mut is_first = true;
        let mut send = |requests: &mut [Request]| {
            let mut answers = Vec::new();
            for request in requests {
                let reuse = request.reuse_seconds.map(|it| it.to_string());
                asked.push(request.url.clone() + &reuse.unwrap_or_default());
                answers.push(if !request.url.ends_with("/zone") {
                    answer(request)
                } else if std::mem::take(&mut is_first) {
                    Ok(zone("https://zone5.psa.example/rest/", age_seconds))
                } else {
                    answer(request)
                });
            }
            answers
        };
        let typed = typed.map(str::to_owned);
        let seems_wrong: fn(&HttpResult, bool) -> bool = |result, is_old| match result {
            Ok(response) => response.status == 401 || (is_old && response.body == "[]".into()),
            Err(_) => false,
        };
        let mut send = in_zone(&tenant, lookup(), typed, seems_wrong, &mut send).expect("a zone");
        let call = |url: &str, is_write| Request {
            url: url.to_owned(),
            is_write,
            ..Request::default()
        };
        let mut results = send(&mut [call("/read", false)]);
        results.extend(send(&mut [call("/read", false), call("/write", true)]));
        drop(send);
        let statuses = results
            .iter()
            .map(|it| it.as_ref().ok().map(|it| it.status));
        (asked, statuses.collect())
    }

    /// The name of a zone and the path, without what all of them have.
    fn short(asked: &[String]) -> String {
        let short = asked.iter().map(|url| {
            url.replace("https://", "")
                .replace(".psa.example", "")
                .replace("zones/zone", "?")
        });
        short.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn requests_go_to_the_zone_and_a_kept_one_is_renewed_once() {
        let fine: fn(&Request) -> HttpResult = |_| Ok(response(200, "[1]"));
        let empty: fn(&Request) -> HttpResult = |request| match request.url.ends_with("/zone") {
            true => Ok(zone("https://zone5.psa.example/", None)),
            false => Ok(response(200, "[]")),
        };
        let moved: fn(&Request) -> HttpResult = |request| {
            if request.url.ends_with("/zone") {
                return Ok(zone("https://ZONE6.psa.example/", None));
            }
            Ok(match request.url.contains("zone6") {
                true => response(200, "[1]"),
                false => response(401, ""),
            })
        };
        let away: fn(&Request) -> HttpResult = |request| {
            let status = if request.url.ends_with("/zone") {
                500
            } else {
                401
            };
            Ok(response(status, ""))
        };
        for (typed, age, answer, expected, statuses) in [
            (
                Some("https://zone9.psa.example"),
                Some(9),
                empty,
                "zone9/read zone9/read zone9/write",
                [Some(200); 3],
            ),
            (
                None,
                None,
                fine,
                "?3600 zone5/read zone5/read zone5/write",
                [Some(200); 3],
            ),
            (
                None,
                Some(9),
                fine,
                "?3600 zone5/read zone5/read zone5/write",
                [Some(200); 3],
            ),
            (
                None,
                None,
                empty,
                "?3600 zone5/read zone5/read zone5/write",
                [Some(200); 3],
            ),
            (
                None,
                Some(300),
                empty,
                "?3600 zone5/read zone5/read zone5/write",
                [Some(200); 3],
            ),
            (
                None,
                Some(301),
                empty,
                "?3600 zone5/read ?0 zone5/read zone5/write",
                [Some(200); 3],
            ),
            (
                None,
                Some(9),
                moved,
                "?3600 zone5/read ?0 zone6/read zone6/read zone6/write",
                [Some(200); 3],
            ),
            (
                None,
                None,
                moved,
                "?3600 zone5/read zone5/read zone5/write",
                [Some(401); 3],
            ),
            (
                None,
                Some(9),
                away,
                "?3600 zone5/read ?0 zone5/read zone5/write",
                [None, Some(401), Some(401)],
            ),
        ] {
            let (asked, found) = send_in_zone(typed, age, answer);
            assert_eq!(
                (short(&asked).as_str(), &found[..]),
                (expected, &statuses[..])
            );
        }
    }

    #[test]
    fn a_write_is_repeated_after_a_401_only() {
        for (status, expected) in [(401, "? zone5/write ? zone6/write"), (200, "? zone5/write")] {
            let tenant = plain();
            let mut asked = Vec::new();
            let mut zones = vec!["https://zone6.psa.example", "https://zone5.psa.example"];
            let mut send = |requests: &mut [Request]| {
                asked.extend(requests.iter().map(|it| it.url.clone()));
                let is_lookup = requests.iter().any(|it| it.url.ends_with("/zone"));
                vec![Ok(match is_lookup {
                    true => zone(zones.pop().expect("asked twice at most"), Some(9)),
                    false => response(status, "[]"),
                })]
            };
            let mut in_zone =
                in_zone(&tenant, lookup(), None, |_, _| true, &mut send).expect("a zone");
            in_zone(&mut [Request {
                url: "/write".to_owned(),
                is_write: true,
                ..Request::default()
            }]);
            drop(in_zone);
            assert_eq!(short(&asked), expected, "{status}");
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
            let tenant = plain();
            let mut send = |_: &mut [Request]| vec![Ok(zone(url, None))];
            let found = in_zone(&tenant, lookup(), None, |_, _| false, &mut send);
            let error = found.err().expect(url);
            assert_eq!(error.code, ErrorCode::UnexpectedResponse, "{url}");
        }
    }
}
