//! Who gets in, and who does not.

use super::*;

#[tokio::test]
async fn a_link_works_once_and_a_look_at_it_does_not_use_it() {
    let demo = demo().await;
    let mut browser = Browser::new(&demo, options());
    let closed = browser.get("/").await;
    assert_eq!(closed.status, StatusCode::UNAUTHORIZED);
    closed.has("psa-relay link").lacks("Tenants");
    let link = make_page_link(&demo.office).await.expect("a link").0;
    let path = format!("/link/{link}");
    let head = browser.request("HEAD", &path).body(Body::empty());
    assert_eq!(
        browser.send(head.expect("a request")).await.status,
        StatusCode::NO_CONTENT
    );
    let guessed = browser.get("/link/guessed").await;
    assert_eq!(guessed.status, StatusCode::FORBIDDEN);
    let reply = browser.get(&path).await;
    assert_eq!(
        (reply.status, reply.location()),
        (StatusCode::SEE_OTHER, "/")
    );
    assert_eq!(reply.headers["referrer-policy"], "no-referrer");
    let cookie = reply.headers["set-cookie"].to_str().expect("text");
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Strict")
            && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert!(
        !cookie.contains(&link) && !cookie.contains("Secure"),
        "{cookie}"
    );
    browser.keep_cookie(&reply);
    let replayed = Browser::new(&demo, options()).get(&path).await;
    assert_eq!(replayed.status, StatusCode::FORBIDDEN);
    assert!(!replayed.headers.contains_key("set-cookie"));
    browser.get("/").await.has("Dashboard");
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(browser.get("/").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_told_how_to_get_a_link() {
    let demo = demo().await;
    for (is_demonstration, told, not_told) in [
        (false, "psa-relay link", "start it again"),
        (true, "start it again", "psa-relay link"),
    ] {
        let options = PageOptions {
            is_demonstration,
            ..options()
        };
        let browser = Browser::new(&demo, options);
        for path in ["/", "/sign-in", "/link/used"] {
            browser.get(path).await.has(told).lacks(not_told);
        }
    }
}

#[tokio::test]
async fn a_hostile_host_sees_nothing_even_with_the_cookie() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    let cookie = browser.cookie.clone().expect("a cookie");
    for host in [
        "evil.example",
        "evil.example:8082",
        "127.0.0.1:9000",
        "127.0.0.1",
    ] {
        // As under DNS rebinding: everything else fits.
        for (method, path) in [("GET", "/"), ("GET", "/style.css"), ("POST", "/sign-out")] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("host", host)
                .header("origin", format!("http://{host}"))
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("cookie", &cookie)
                .body(Body::empty());
            let reply = browser.send(request.expect("a request")).await;
            assert_eq!(
                reply.status,
                StatusCode::MISDIRECTED_REQUEST,
                "{host} {path}"
            );
            reply.lacks("Dashboard</h1>").lacks(host);
        }
    }
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    let sites: [&[(&str, &str)]; 6] = [
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://127.0.0.1:9000"),
        ],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "none")],
        &[],
    ];
    for headers in sites {
        let mut request = browser
            .request("POST", "/tenants/example-msp/check/skip")
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = browser
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let tenant = demo.office.store.tenant("example-msp").await;
    let tenant = tenant.expect("read").expect("a tenant");
    assert_eq!(tenant.checks.ticket_read_at, None);
    let request = browser
        .request("POST", "/sources")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "text/plain")
        .body(Body::from("name=x&dialect=generic&tenant=example-msp"));
    let reply = browser.send(request.expect("a request")).await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn every_answer_bears_the_headers_that_keep_others_out() {
    let demo = demo().await;
    let browser = Browser::signed_in(&demo).await;
    let stranger = Browser::new(&demo, options());
    let replies = [
        browser.get("/").await,
        browser.get("/style.css").await,
        browser.get("/nowhere").await,
        browser.get("/cases/99").await,
        browser.post("/tenants/nobody/verify", &[]).await,
        stranger.get("/").await,
        stranger.get("/sign-in").await,
        stranger.get("/link/x").await,
    ];
    let statuses = replies.iter().map(|it| it.status.as_u16());
    let statuses: Vec<u16> = statuses.collect();
    assert_eq!(statuses, [200, 200, 404, 404, 404, 401, 200, 403]);
    for reply in replies {
        let header = |name: &str| reply.headers[name].to_str().expect("text");
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(
            !policy.contains("script") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("x-content-type-options"), "nosniff");
        reply.lacks("<script").lacks("style=").lacks("onclick");
    }
}

#[tokio::test(start_paused = true)]
async fn a_password_opens_the_page_and_a_wrong_one_takes_its_time() {
    let demo = demo().await;
    let password = "correct horse battery";
    let options = PageOptions {
        password: Some(password.to_owned()),
        is_secure: true,
        ..options()
    };
    let mut browser = Browser::new(&demo, options);
    browser.get("/").await.has("Password");
    let began = tokio::time::Instant::now();
    let wrong = browser.post("/sign-in", &[("password", "guess")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong
        .has("This is not the password")
        .has("aria-invalid")
        .lacks("guess");
    assert!(began.elapsed() >= std::time::Duration::from_secs(1));
    let right = browser.post("/sign-in", &[("password", password)]).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
    let cookie = right.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    browser.keep_cookie(&right);
    browser.get("/").await.has("Dashboard").lacks(password);
    let without = Browser::new(&demo, super::options());
    let refused = without.post("/sign-in", &[("password", "")]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_a_trusted_proxy_says_who_is_there() {
    let demo = demo().await;
    let proxy = IpAddr::from([10, 0, 0, 2]);
    let options = PageOptions {
        hosts: vec!["relay.example".to_owned()],
        proxies: Some(("x-user".to_owned(), vec![proxy])),
        ..options()
    };
    let browser = Browser::new(&demo, options);
    let ask = async |peer: IpAddr, user: Option<&str>| {
        let mut request = Request::builder().uri("/").header("host", "relay.example");
        if let Some(user) = user {
            request = request.header("x-user", user);
        }
        let mut request = request.body(Body::empty()).expect("a request");
        request
            .extensions_mut()
            .insert(Peer(SocketAddr::from((peer, 1))));
        browser.send(request).await
    };
    let other = IpAddr::from([10, 0, 0, 3]);
    assert_eq!(ask(other, Some("ada")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(proxy, None).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(proxy, Some(" ")).await.status, StatusCode::FORBIDDEN);
    let seen = ask(proxy, Some("ada")).await;
    assert_eq!(seen.status, StatusCode::OK);
    seen.has("Dashboard");
}

#[test]
fn a_password_that_can_be_guessed_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("password");
    let mut configuration = Configuration::default();
    configuration.page.password_file = Some(path.clone());
    let address = configuration.page.address();
    let error = |configuration: &Configuration| {
        PageOptions::of(configuration, address).map_err(|it| it.to_string())
    };
    assert!(error(&configuration).is_err_and(|it| it.contains("cannot be read")));
    std::fs::write(&path, "short\n").expect("written");
    assert!(error(&configuration).is_err_and(|it| it.contains("at least 12")));
    std::fs::write(&path, "correct horse battery\n").expect("written");
    let options = error(&configuration).expect("it is fine");
    assert_eq!(options.password.as_deref(), Some("correct horse battery"));
}
