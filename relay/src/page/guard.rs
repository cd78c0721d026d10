//! What every request passes, and every answer bears. The order matters: under DNS rebinding the origin of a request equals
//! its host, so the host is looked at first.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;

use super::PageOptions;
use super::layout::bare;
use super::shared::{COOKIE, Page};
use super::sign_in;

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Nothing is loaded but the stylesheet, forms go nowhere else, and nobody frames the page.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

pub(super) async fn guard(State(page): State<Page>, mut request: Request, next: Next) -> Response {
    let mut response = match admit(&page, &mut request) {
        Ok(cookie) => {
            let mut response = next.run(request).await;
            if let Some(cookie) = cookie {
                let name = header::SET_COOKIE;
                response.headers_mut().append(name, cookie);
            }
            response
        }
        Err(response) => *response,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // `no-referrer` would make browsers send forms with the origin `null`.
    let policy = HeaderValue::from_static("same-origin");
    headers.entry(header::REFERRER_POLICY).or_insert(policy);
    response
}

/// Lets a request pass, with a cookie to be set if somebody is here for the first time.
fn admit(page: &Page, request: &mut Request) -> Result<Option<HeaderValue>, Box<Response>> {
    let refuse = |status, title: &str, text: &str| Err(Box::new(bare(status, title, text)));
    if !is_known_host(&page.options, request.headers(), request.uri()) {
        return refuse(
            StatusCode::MISDIRECTED_REQUEST,
            "This is not the address of the page",
            "Open the page under the address that the relay printed at its start. If that is another name on purpose, add it \
             to `hosts` under `[page]` in the configuration.",
        );
    }
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read && !is_from_here(request.headers()) {
        return refuse(
            StatusCode::FORBIDDEN,
            "This did not come from the page",
            "Another site sent this form, or the browser does not say where it came from. Open the page itself and repeat it \
             there.",
        );
    }
    let proxied = proxied(page, request);
    if page.options.proxies.is_some() && proxied.is_none() {
        return refuse(
            StatusCode::FORBIDDEN,
            "Open the page through its proxy",
            "This page is shown only through a proxy that signs people in.",
        );
    }
    let path = request.uri().path();
    let is_open = path == "/style.css" || path == "/sign-in" || path.starts_with("/link/");
    let known = cookie(request.headers()).and_then(|name| page.sessions.visitor(name));
    if let Some(visitor) = known {
        request.extensions_mut().insert(visitor);
        return Ok(None);
    }
    if proxied.is_some() {
        let (cookie, visitor) = page.begin();
        request.extensions_mut().insert(visitor);
        return Ok(Some(cookie));
    }
    if is_open {
        return Ok(None);
    }
    Err(Box::new(sign_in::asked_for(page)))
}

/// The host is one of the page's own names, and there is one only.
fn is_known_host(options: &PageOptions, headers: &HeaderMap, uri: &Uri) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Ok(host) = host.to_str() else {
        return false;
    };
    let is_other = |authority: &str| !authority.eq_ignore_ascii_case(host);
    if uri.authority().is_some_and(|it| is_other(it.as_str())) {
        return false;
    }
    let host = host.to_ascii_lowercase();
    let is_own = options.address.is_some_and(|address| {
        let port = address.port();
        let mut names = vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        names.push(format!("[::1]:{port}"));
        if !address.ip().is_unspecified() {
            names.push(address.to_string());
        }
        names.contains(&host)
    });
    let name = host.rsplit_once(':').map_or(&*host, |(name, _)| name);
    let is_listed = |listed: &String| {
        let listed = listed.to_ascii_lowercase();
        listed == host || listed == name
    };
    is_own || options.hosts.iter().any(is_listed)
}

/// Whether the browser says that the form was on a page of this host. One that says nothing is not believed.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|it| it.to_str().ok());
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    let origin = text(&header::ORIGIN).filter(|it| *it != "null");
    let same_origin = origin.map(|origin| {
        let host = text(&header::HOST).unwrap_or_default();
        let of_origin = origin.split_once("://").map(|(_, host)| host);
        of_origin.is_some_and(|it| it.eq_ignore_ascii_case(host))
    });
    match (site, same_origin) {
        (Some(site), same_origin) => site == "same-origin" && same_origin != Some(false),
        (None, Some(is_same)) => is_same,
        (None, None) => false,
    }
}

/// Who a trusted proxy says is there.
fn proxied(page: &Page, request: &Request) -> Option<String> {
    let (name, proxies) = page.options.proxies.as_ref()?;
    let peer = request.extensions().get::<Peer>()?.0.ip().to_canonical();
    if !proxies.iter().any(|it| it.to_canonical() == peer) {
        return None;
    }
    let mut values = request.headers().get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let value = value.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).expect("a value"));
        }
        headers
    }

    #[test]
    fn only_its_own_names_reach_the_page() {
        let options = PageOptions {
            address: Some(SocketAddr::from(([127, 0, 0, 1], 8_082))),
            hosts: vec!["relay.example".to_owned(), "other.example:8443".to_owned()],
            ..PageOptions::default()
        };
        let uri = Uri::from_static("/");
        for (host, is_known) in [
            ("127.0.0.1:8082", true),
            ("LOCALHOST:8082", true),
            ("[::1]:8082", true),
            ("127.0.0.1:8083", false),
            ("127.0.0.1", false),
            ("relay.example", true),
            ("relay.example:8082", true),
            ("other.example:8443", true),
            ("other.example", false),
            ("evil.example:8082", false),
            ("relay.example.evil.example", false),
            ("127.0.0.1:8082@evil.example", false),
            ("", false),
        ] {
            let found = is_known_host(&options, &headers(&[("host", host)]), &uri);
            assert_eq!(found, is_known, "{host}");
        }
        let two = headers(&[("host", "127.0.0.1:8082"), ("host", "evil.example")]);
        assert!(!is_known_host(&options, &two, &uri));
        let absolute = Uri::from_static("http://evil.example/");
        let own = headers(&[("host", "127.0.0.1:8082")]);
        assert!(!is_known_host(&options, &own, &absolute));
        assert!(!is_known_host(&options, &HeaderMap::new(), &uri));
    }

    #[test]
    fn forms_come_from_the_page_itself() {
        const HOST: (&str, &str) = ("host", "127.0.0.1:8082");
        for (lines, is_from_here_expected) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (
                vec![("sec-fetch-site", "same-origin"), ("origin", "null")],
                true,
            ),
            (
                vec![
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://evil.example"),
                ],
                false,
            ),
            // Another port of this machine.
            (
                vec![
                    ("sec-fetch-site", "same-site"),
                    ("origin", "http://127.0.0.1:9000"),
                ],
                false,
            ),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("origin", "http://127.0.0.1:8082")], true),
            (vec![("origin", "http://127.0.0.1:9000")], false),
            (vec![("origin", "null")], false),
            (vec![], false),
        ] {
            let mut all = vec![HOST];
            all.extend(lines.clone());
            assert_eq!(
                is_from_here(&headers(&all)),
                is_from_here_expected,
                "{lines:?}"
            );
        }
    }
}
