//! What holds for several relays that share a store: PostgreSQL.

use super::*;

/// Two relays on one database.
async fn two() -> Option<(&'static postgresql::PostgreSql, String, [PostgreSql; 2])> {
    let server = postgresql::PostgreSql::shared()?;
    let url = server.new_database();
    let stores = [in_database(&url).await, in_database(&url).await];
    set_up(&stores[0]).await;
    Some((server, url, stores))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_that_start_at_once_one_makes_the_tables_and_a_later_version_is_refused() {
    let Some(server) = postgresql::PostgreSql::shared() else {
        return;
    };
    let url = server.new_database();
    let stores = tokio::join!(in_database(&url), in_database(&url), in_database(&url));
    set_up(&stores.0).await;
    assert_eq!(stores.2.tenants().await.expect("tenants").len(), 1);
    assert_eq!(server.sql(&url, "SELECT version FROM schema_version"), "1");
    server.sql(&url, "UPDATE schema_version SET version = 999");
    let options = PostgreSqlOptions {
        url,
        ..PostgreSqlOptions::default()
    };
    let refused = PostgreSql::open(options).await.err();
    assert!(
        matches!(
            refused,
            Some(StoreError::TooNew {
                found: 999,
                known: 1
            })
        ),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_of_a_key_that_arrive_at_two_relays_at_once_make_one_case_and_none_is_lost() {
    let Some((_, _, stores)) = two().await else {
        return;
    };
    let mut writes = tokio::task::JoinSet::new();
    for number in 0..400 {
        let store = stores[number % 2].clone();
        let alert = alert(
            &format!("k{}", number % 10),
            &format!("{number}"),
            Status::Firing,
        );
        writes.spawn(async move { store.receive("s1", vec![alert], None, Time(1)).await });
    }
    while let Some(written) = writes.join_next().await {
        written.expect("no panic").expect("kept");
    }
    let cases = stores[0]
        .cases(&CaseFilter::default())
        .await
        .expect("cases");
    let counts: Vec<u64> = cases.iter().map(|it| it.case.count).collect();
    assert_eq!(counts, [40; 10]);
    let mapping = stores[1]
        .mapping("t1", "Example Dental")
        .await
        .expect("read");
    assert_eq!(mapping.expect("seen in alerts").alerts, 400);
}

/// A relay whose clock is wrong, by a year.
#[tokio::test(flavor = "multi_thread")]
async fn a_lease_goes_by_the_clock_of_the_database_and_its_end_leaves_a_doubt() {
    let Some((_, _, [one, other])) = two().await else {
        return;
    };
    let (now, wrong) = (Time(10_000), Time(10_000 + 365 * 86_400_000));
    let for_ms = |from: Time, ms| from.plus(Duration::from_millis(ms));
    let (case, _) = received(&one, alert("a", "1", Status::Firing), now).await;
    let case = case.expect("a case");
    assert!(
        one.lease("t1", "one", for_ms(now, 1_500), now)
            .await
            .expect("a lease")
    );
    let early = other
        .lease("t1", "other", for_ms(wrong, 60_000), wrong)
        .await;
    assert!(
        !early.expect("read"),
        "it is held, whatever time it is there"
    );
    let start = |holds: u64| one.start(case, None, "one", for_ms(now, holds), now);
    assert_eq!(
        start(60_000).await.expect("read"),
        None,
        "too little of the lease is left"
    );
    assert!(start(500).await.expect("read").is_some());
    while !other
        .lease("t1", "other", for_ms(wrong, 60_000), wrong)
        .await
        .expect("read")
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // As a worker does it that takes a tenant.
    assert_eq!(other.calling("t1").await.expect("read"), [case]);
    let late = one
        .finish(case, Event::Opened(ticket("7001")), "one", now)
        .await;
    assert_eq!(late.expect("read"), None, "it no longer holds the tenant");
    let doubt = other
        .apply(case, Event::Interrupted, wrong)
        .await
        .expect("kept");
    assert_eq!(doubt.expect("a step").case.state.name(), "waiting");
    assert_eq!(start(0).await.expect("read"), None);
}

/// A start that is not committed yet: whoever takes the tenant waits for it, and finds it.
#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_tenant_sees_every_start_of_the_one_before() {
    let Some((server, url, [one, other])) = two().await else {
        return;
    };
    let now = Time(10_000);
    let (case, _) = received(&one, alert("a", "1", Status::Firing), now).await;
    let case = case.expect("a case");
    let until = now.plus(Duration::from_millis(200));
    assert!(one.lease("t1", "one", until, now).await.expect("a lease"));
    // Holds up the commit of the start, as a slow disk does.
    server.sql(
        &url,
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'; \
         CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()",
    );
    let started = tokio::spawn(async move { one.start(case, None, "one", now, now).await });
    let later = until.plus(Duration::from_secs(60));
    while !other.lease("t1", "other", later, now).await.expect("read") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(other.calling("t1").await.expect("read"), [case]);
    assert!(started.await.expect("no panic").expect("kept").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_connections_are_made_again_and_what_was_confirmed_is_there() {
    let Some((server, url, [one, other])) = two().await else {
        return;
    };
    let mut accepted = std::collections::BTreeSet::new();
    let mut refused = 0;
    for round in 0..8 {
        let mut writes = tokio::task::JoinSet::new();
        for number in 0..200 {
            let store = if number % 2 == 0 { &one } else { &other }.clone();
            let key = format!("{round}-{number}");
            let alerts = [format!("{key}-a"), format!("{key}-b")];
            let alerts = alerts.map(|key| alert(&key, &key, Status::Firing)).to_vec();
            writes.spawn(async move {
                tokio::time::sleep(Duration::from_millis(number)).await;
                let kept = store.receive("s1", alerts, None, Time(round)).await;
                (key, kept.is_ok())
            });
        }
        let (server_url, cut) = (url.clone(), 20 + 20 * u64::try_from(round).expect("small"));
        let cutter = tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(cut));
            server.cut(&server_url)
        });
        while let Some(written) = writes.join_next().await {
            match written.expect("no panic") {
                (key, true) => accepted.extend([format!("{key}-a"), format!("{key}-b")]),
                _ => refused += 1,
            }
        }
        assert_ne!(cutter.await.expect("cut"), "0", "there were connections");
    }
    let all = CaseFilter {
        limit: Some(usize::MAX),
        ..CaseFilter::default()
    };
    // At first, a connection may be used that is cut and not known to be.
    let cases = loop {
        match one.cases(&all).await {
            Ok(cases) => break cases,
            Err(StoreError::Database(_)) => {}
            Err(error) => panic!("{error}"),
        }
    };
    let kept: std::collections::BTreeSet<String> =
        cases.into_iter().map(|it| it.case.key).collect();
    assert!(
        accepted.is_subset(&kept),
        "{:?} are lost",
        accepted.difference(&kept)
    );
    let halves = kept.iter().filter(|key| {
        let (key, half) = key.split_at(key.len() - 1);
        !kept.contains(&format!("{key}{}", if half == "a" { "b" } else { "a" }))
    });
    assert_eq!(halves.count(), 0, "all of a delivery is kept, or none");
    assert!(
        refused > 0 && accepted.len() > 800,
        "{refused} refused, {} kept",
        accepted.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_refuses_keeps_nobody_else_out() {
    let Some((_, _, [one, _])) = two().await else {
        return;
    };
    let refused = Alert {
        source: "no\0source".to_owned(),
        ..alert("b", "1", Status::Firing)
    };
    let keep = |alert| one.receive("s1", vec![alert], None, Time(1));
    let (first, wrong, last) = tokio::join!(
        keep(alert("a", "1", Status::Firing)),
        keep(refused),
        keep(alert("c", "1", Status::Firing))
    );
    assert!(matches!(wrong, Err(StoreError::Refused(_))), "{wrong:?}");
    first.expect("kept");
    last.expect("kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_up_at_one_relay_is_heard_of_at_the_other() {
    let Some((_, _, [one, other])) = two().await else {
        return;
    };
    other.look().await.expect("read");
    let mut heard = other.revisions();
    heard.mark_unchanged();
    one.put_setting("t1", "a", Some(vec![1]))
        .await
        .expect("kept");
    other.look().await.expect("read");
    assert!(heard.has_changed().expect("open"));
    assert_eq!(one.revision(), other.revision());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_of_the_database_is_checked() {
    let Some(server) = postgresql::PostgreSql::shared() else {
        return;
    };
    let database = server.new_database();
    let name = database.rsplit('/').next().expect("a name");
    server.sql(&database, "GRANT ALL ON SCHEMA public TO encrypted");
    let open = async |authority: Option<&str>| {
        let options = PostgreSqlOptions {
            url: format!("{}?sslmode=require", server.url("encrypted", name)),
            certificate_authorities: authority.map(str::to_owned),
            ..PostgreSqlOptions::default()
        };
        PostgreSql::open(options).await
    };
    let store = open(Some(&server.ca_pem)).await.expect("a store");
    set_up(&store).await;
    let stranger = open(None).await.err().expect("nobody vouches for it");
    assert!(stranger.to_string().contains("certificate"), "{stranger}");
    let nothing = open(Some("no certificate")).await;
    let nothing = nothing.err().expect("nobody vouches for it");
    assert!(nothing.to_string().contains("certificate"), "{nothing}");
}
