//! The page over HTTP, on the stand-in of the demonstration: what a browser sends, what it gets.

mod access; // Who gets in, and who does not.
mod after; // Sources, and cases that wait for a person.
mod flow; // The five steps.
mod secrets; // What no page shows.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use super::*;
use crate::demo::{Demo, GOOD_KEY, set_up};
use crate::service::make_page_link;

const HOST: &str = "127.0.0.1:8082";
const TENANT: &str = "/tenants/example-msp";

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Reply {
    fn location(&self) -> &str {
        let location = self.headers.get("location");
        location.and_then(|it| it.to_str().ok()).unwrap_or_default()
    }

    /// That it has this.
    #[track_caller]
    fn has(&self, part: &str) -> &Self {
        assert!(self.body.contains(part), "{part} is not in: {}", self.body);
        self
    }

    #[track_caller]
    fn lacks(&self, part: &str) -> &Self {
        assert!(!self.body.contains(part), "{part} is in: {}", self.body);
        self
    }
}

/// A browser with one cookie.
#[derive(Clone)]
struct Browser {
    router: Router,
    cookie: Option<String>,
}

fn options() -> PageOptions {
    PageOptions {
        address: Some(SocketAddr::from(([127, 0, 0, 1], 8_082))),
        intake_url: "http://127.0.0.1:8080".to_owned(),
        ..PageOptions::default()
    }
}

async fn demo() -> Demo {
    set_up("http://127.0.0.1:8092/")
        .await
        .expect("a demonstration")
}

impl Browser {
    fn new(demo: &Demo, options: PageOptions) -> Self {
        Self {
            router: Page::new(demo.office.clone(), options).router(),
            cookie: None,
        }
    }

    /// Signed in by a link.
    async fn signed_in(demo: &Demo) -> Self {
        let mut browser = Self::new(demo, options());
        let link = make_page_link(&demo.office).await.expect("a link").0;
        let reply = browser.get(&format!("/link/{link}")).await;
        assert_eq!(
            (reply.status, reply.location()),
            (StatusCode::SEE_OTHER, "/")
        );
        browser.keep_cookie(&reply);
        browser
    }

    fn keep_cookie(&mut self, reply: &Reply) {
        let cookie = reply.headers.get("set-cookie").expect("a cookie");
        let cookie = cookie.to_str().expect("text");
        self.cookie = cookie.split(';').next().map(str::to_owned);
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let service = TowerToHyperService::new(self.router.clone());
        let response = service.call(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 22).await.expect("a body");
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).expect("UTF-8"),
        }
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", HOST);
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    async fn get(&self, path: &str) -> Reply {
        let request = self.request("GET", path).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> Request<Body> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let request = self.request("POST", path);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("origin", format!("http://{HOST}"));
        request.body(Body::from(form.finish())).expect("a request")
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(self.form(path, fields)).await
    }

    /// Sends a form, and shows the page that it leads to.
    async fn press(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.post(path, fields).await;
        assert_eq!(
            reply.status,
            StatusCode::SEE_OTHER,
            "{path}: {}",
            reply.body
        );
        self.get(reply.location()).await
    }
}

/// What a person enters in step 1.
const SETTINGS: [(&str, &str); 5] = [
    ("setting.site", "psa.example"),
    ("setting.company-id", "examplemsp"),
    ("setting.public-key", "PublicKeyOfExample"),
    ("setting.private-key", GOOD_KEY),
    ("platform.client-id", "ClientIdOfTheRelay"),
];

/// What a person chooses in step 4.
const SERVICES: [(&str, &str); 7] = [
    ("board", "5"),
    ("status", "501"),
    ("type", "511"),
    ("priority", "8"),
    ("closing", "automatic"),
    ("reopening", "automatic"),
    ("recovery", "close"),
];
