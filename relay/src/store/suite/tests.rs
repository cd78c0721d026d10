//! What holds for each kind of store.

use super::*;

pub(super) async fn alerts_make_and_join_cases_and_leave_a_trail(store: &dyn Store) {
    let (case, has_work) = received(store, alert("a", "1", Status::Firing), Time(1_000)).await;
    let case = case.expect("a case");
    assert!(has_work);
    let again = received(store, alert("a", "1", Status::Firing), Time(2_000)).await;
    assert_eq!(again, (Some(case), false), "the same event");
    let other = received(store, alert("b", "2", Status::Recovered), Time(3_000)).await;
    assert_eq!(other, (None, false));
    let kept = store.case(case).await.expect("read").expect("the case");
    assert_eq!((kept.case.count, kept.case.state.name()), (2, "new"));
    let all = store.alerts(&AlertFilter::default()).await.expect("alerts");
    let outcomes: Vec<&str> = all.iter().map(|it| &*it.outcome).collect();
    assert_eq!(
        outcomes,
        [
            "no ticket: recovered, and there is no case",
            "the same event again; counted",
            "a new case"
        ]
    );
    let of_case = AlertFilter {
        case: Some(case),
        limit: Some(1),
        ..AlertFilter::default()
    };
    let of_case = store.alerts(&of_case).await.expect("alerts");
    assert_eq!((of_case.len(), of_case[0].at), (1, Time(2_000)));
    let mapping = store.mapping("t1", "Example Dental").await.expect("read");
    assert_eq!(mapping.expect("seen in alerts").alerts, 3);
    let counts = store.counts().await.expect("counts");
    assert_eq!(counts, [("t1".to_owned(), "new".to_owned(), 1)]);
}

pub(super) async fn what_is_due_is_started_by_the_owner_alone(store: &dyn Store) {
    let now = Time(10_000);
    let holds = now.plus(Duration::from_secs(300));
    let (case, _) = received(store, alert("a", "1", Status::Firing), now).await;
    let case = case.expect("a case");
    let start = |owner: &'static str| store.start(case, None, owner, holds, now);
    assert_eq!(
        start("me").await.expect("read"),
        None,
        "nobody holds the tenant"
    );
    leased(store, now).await;
    let until = now.plus(Duration::from_secs(1));
    let other = store.lease("t1", "other", until, now).await;
    assert!(!other.expect("read"), "it is held");
    assert_eq!(start("other").await.expect("read"), None);
    assert_eq!(store.due("t1", now, 9).await.expect("due").len(), 1);
    let started = start("me").await.expect("read").expect("started");
    assert_eq!(started.case.state.name(), "opening");
    assert_eq!(start("me").await.expect("read"), None, "it runs");
    assert!(store.due("t1", now, 9).await.expect("due").is_empty());
    assert_eq!(store.calling("t1").await.expect("calling"), [case]);
    let opened = store.apply(case, Event::Opened(ticket("7001")), now).await;
    assert!(opened.expect("kept").is_some());
    let again = store.apply(case, Event::Opened(ticket("7002")), now).await;
    assert_eq!(again.expect("kept"), None, "no call is under way");
    let watched = store.watched("t1", CaseId(0), 50).await.expect("watched");
    assert_eq!((watched.len(), &*watched[0].ticket_id), (1, "7001"));
    assert_eq!(store.next_due("t1").await.expect("due"), None);
    let trail = store.trail(case).await.expect("a trail");
    assert_eq!(trail[0].line, "ticket #7001 is there");
    store.release("me").await.expect("released");
    let until = now.plus(Duration::from_millis(50));
    let other = store.lease("t1", "other", until, now).await;
    assert!(other.expect("read"), "it is free");
    // By whichever clock.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let later = until.plus(Duration::from_secs(1));
    leased(store, later).await;
    assert_eq!(
        store
            .apply(CaseId(999), Event::Retry, now)
            .await
            .expect("read"),
        None
    );
}

pub(super) async fn a_batch_is_kept_whole_or_not_at_all(store: &dyn Store) {
    let alerts = vec![
        alert("a", "1", Status::Firing),
        alert("b", "2", Status::Firing),
    ];
    let missing = store.receive("nobody", alerts.clone(), None, Time(1)).await;
    assert!(matches!(missing, Err(StoreError::Missing(_))));
    let cases = store.cases(&CaseFilter::default()).await.expect("cases");
    assert!(cases.is_empty());
    let receipts = store
        .receive("s1", alerts, None, Time(1))
        .await
        .expect("kept");
    assert_eq!(receipts.len(), 2);
    let page = CaseFilter {
        limit: Some(1),
        states: vec!["new".to_owned(), "open".to_owned()],
        ..CaseFilter::default()
    };
    let first = store.cases(&page).await.expect("cases");
    assert_eq!(first[0].case.key, "b");
    let before = Some(first[0].id);
    let second = store.cases(&CaseFilter { before, ..page }).await;
    assert_eq!(second.expect("cases")[0].case.key, "a");
}

pub(super) async fn choices_that_change_change_what_is_due(store: &dyn Store) {
    let now = Time(10_000);
    leased(store, now).await;
    let (case, _) = received(store, alert("a", "1", Status::Firing), now).await;
    let case = case.expect("a case");
    let holds = now.plus(Duration::from_secs(60));
    store
        .start(case, None, "me", holds, now)
        .await
        .expect("kept");
    let opened = Event::Opened(ticket("7001"));
    store.apply(case, opened, now).await.expect("kept");
    received(store, alert("a", "2", Status::Firing), now).await;
    let in_15_minutes = now.plus(Duration::from_secs(900));
    assert_eq!(
        store.next_due("t1").await.expect("due"),
        Some(in_15_minutes)
    );
    let pause = Pause::Paused {
        parked: Parked::default(),
        verify_at: now,
    };
    store
        .set_pause("t1", Some(pause.clone()))
        .await
        .expect("kept");
    assert_eq!(store.pause("t1").await.expect("read"), Some(pause));
    store.set_pause("t1", None).await.expect("kept");
    assert_eq!(store.pause("t1").await.expect("read"), None);
    let mut tenant = store.tenant("t1").await.expect("read").expect("a tenant");
    let before = store.revision();
    tenant.is_enabled = false;
    store.put_tenant(&tenant).await.expect("kept");
    assert!(store.revision() > before);
    let switched_off = received(store, alert("b", "3", Status::Firing), now).await;
    assert_eq!(switched_off, (None, false));
    assert_eq!(
        store.next_due("t1").await.expect("due"),
        Some(in_15_minutes)
    );
}

pub(super) async fn people_set_up_and_delete(store: &dyn Store) {
    assert_eq!(store.tenants().await.expect("tenants").len(), 1);
    for (name, sealed) in [("b", vec![1]), ("a", vec![2]), ("b", vec![3])] {
        store
            .put_setting("t1", name, Some(sealed))
            .await
            .expect("kept");
    }
    store
        .put_setting("", "p", Some(vec![9]))
        .await
        .expect("kept");
    let settings = store.settings("t1").await.expect("settings");
    assert_eq!(
        settings,
        [("a".to_owned(), vec![2]), ("b".to_owned(), vec![3])]
    );
    store.put_setting("t1", "a", None).await.expect("kept");
    let token = |place, digest: &str| Token {
        source: "s1".to_owned(),
        place,
        digest: digest.to_owned(),
        created_at: Time(5),
    };
    for (place, digest) in [(0, "d0"), (1, "d1"), (0, "d2")] {
        store.put_token(&token(place, digest)).await.expect("kept");
    }
    assert!(
        store.put_token(&token(1, "d2")).await.is_err(),
        "it is another's"
    );
    assert_eq!(
        store.tokens().await.expect("tokens"),
        [token(0, "d2"), token(1, "d1")]
    );
    store.delete_token("s1", 1).await.expect("deleted");
    store.put_note("n", "v").await.expect("kept");
    assert_eq!(store.note("n").await.expect("read").as_deref(), Some("v"));
    assert_eq!(store.note("m").await.expect("read"), None);
    received(store, alert("a", "1", Status::Firing), Time(1)).await;
    store.delete_source("s1").await.expect("deleted");
    assert_eq!(store.tokens().await.expect("tokens"), []);
    assert_eq!(store.counts().await.expect("counts").len(), 1, "cases stay");
    store.delete_tenant("t1").await.expect("deleted");
    assert_eq!(store.counts().await.expect("counts"), []);
    assert!(store.settings("t1").await.expect("settings").is_empty());
    assert_eq!(store.settings("").await.expect("settings").len(), 1);
    let paused = store.set_pause("t1", None).await;
    assert!(matches!(paused, Err(StoreError::Missing(_))));
}

pub(super) async fn the_latest_samples_are_kept(store: &dyn Store) {
    let sample = |number: i64, is_understood| NewCapture {
        is_understood,
        why: "x".to_owned(),
        media_type: "application/json".to_owned(),
        body: number.to_string(),
    };
    for number in 0..130 {
        let at = Time(number);
        store
            .capture("s1", sample(number, false), at)
            .await
            .expect("kept");
    }
    let alerts = vec![alert("a", "1", Status::Firing)];
    let understood = Some(sample(500, true));
    store
        .receive("s1", alerts, understood, Time(500))
        .await
        .expect("kept");
    let kept = store.captures("s1").await.expect("samples");
    assert_eq!(kept.len(), 101);
    assert_eq!(
        (kept[0].at, kept[1].at, kept[100].at),
        (Time(500), Time(129), Time(30))
    );
}

pub(super) async fn what_ended_long_ago_is_forgotten_and_nothing_else(store: &dyn Store) {
    let now = Time(10_000);
    leased(store, now).await;
    let mut cases = Vec::new();
    for key in ["ended", "open", "parked"] {
        let (case, _) = received(store, alert(key, key, Status::Firing), now).await;
        cases.push(case.expect("a case"));
    }
    let holds = now.plus(Duration::from_secs(60));
    for case in &cases {
        store
            .start(*case, None, "me", holds, now)
            .await
            .expect("kept");
    }
    let closed = Ticket {
        is_closed: true,
        ..ticket("1")
    };
    store
        .apply(cases[0], Event::Opened(closed), now)
        .await
        .expect("kept");
    store
        .apply(cases[1], Event::Opened(ticket("2")), now)
        .await
        .expect("kept");
    let rejected = Event::Failed {
        error: Box::new(ConnectorError::new(ErrorCode::Rejected, "declined")),
        random: 0.5,
    };
    store.apply(cases[2], rejected, now).await.expect("kept");
    received(store, alert("loose", "9", Status::Recovered), now).await;
    assert_eq!(store.forget(now).await.expect("nothing"), 0);
    let later = now.plus(Duration::from_secs(1));
    assert_eq!(store.forget(later).await.expect("forgotten"), 1);
    let left = store.cases(&CaseFilter::default()).await.expect("cases");
    let left: Vec<&str> = left.iter().map(|it| it.case.state.name()).collect();
    assert_eq!(left, ["parked", "open"]);
    let alerts = store.alerts(&AlertFilter::default()).await.expect("alerts");
    assert_eq!(alerts.len(), 2, "those of the cases that are left");
}

pub(super) async fn mappings_are_searched_in_order(store: &dyn Store) {
    let mapping = |company: &str, id: Option<&str>| Mapping {
        tenant: "t1".to_owned(),
        company: company.to_owned(),
        target: id.map(|id| PsaCompany {
            id: id.to_owned(),
            name: "N".to_owned(),
        }),
        ..Mapping::default()
    };
    let all = [
        mapping("Acme", Some("2")),
        mapping("Bright", None),
        mapping("Clear", None),
    ];
    store.put_mappings(&all).await.expect("kept");
    let names = async |filter: MappingFilter| {
        let found = store.mappings("t1", &filter).await.expect("mappings");
        found.into_iter().map(|it| it.company).collect::<Vec<_>>()
    };
    assert_eq!(
        names(MappingFilter::default()).await,
        ["Acme", "Bright", "Clear"]
    );
    let searched = MappingFilter {
        search: Some("EAR".to_owned()),
        ..MappingFilter::default()
    };
    assert_eq!(names(searched).await, ["Clear"]);
    let unmapped = MappingFilter {
        only_unmapped: true,
        after: Some("Acme".to_owned()),
        limit: Some(1),
        ..MappingFilter::default()
    };
    assert_eq!(names(unmapped).await, ["Bright"]);
}

pub(super) async fn whatever_characters_an_alert_has_it_is_kept_and_found_again(store: &dyn Store) {
    let words = "\0 \u{fffe} \u{1f600} ' \" \\ %s $1 NULL {} \u{202e} \n";
    let strange = || Alert {
        summary: words.to_owned(),
        company: Some(words.to_owned()),
        fields: vec![crate::alert::Field {
            name: words.to_owned(),
            value: words.to_owned(),
        }],
        ..alert(words, words, Status::Firing)
    };
    let sample = NewCapture {
        is_understood: true,
        why: words.to_owned(),
        media_type: words.to_owned(),
        body: words.to_owned(),
    };
    let receipts = store
        .receive("s1", vec![strange(), strange()], Some(sample), Time(1))
        .await;
    let receipts = receipts.expect("kept");
    assert_eq!(receipts[0].case, receipts[1].case, "the same key");
    let (case, _) = received(store, strange(), Time(2)).await;
    assert_eq!(case, receipts[0].case);
    let kept = store
        .case(case.expect("a case"))
        .await
        .expect("read")
        .expect("the case");
    assert_eq!((kept.case.count, &kept.case.alert), (3, &strange()));
    let mapping = store.mapping("t1", words).await.expect("read");
    assert_eq!(mapping.expect("seen in alerts").alerts, 3);
    assert_eq!(store.captures("s1").await.expect("samples").len(), 1);
}

pub(super) async fn what_is_due_is_found_for_all_tenants(store: &dyn Store) {
    assert!(store.with_work(Time(9_999)).await.expect("read").is_empty());
    received(store, alert("a", "1", Status::Firing), Time(5_000)).await;
    assert!(store.with_work(Time(4_999)).await.expect("read").is_empty());
    assert_eq!(store.with_work(Time(5_000)).await.expect("read"), ["t1"]);
}

pub(super) async fn the_first_of_a_note_stays(store: &dyn Store) {
    let (one, other) = tokio::join!(
        store.put_first_note("n", "1"),
        store.put_first_note("n", "2")
    );
    let first = one.expect("kept");
    assert_eq!(other.expect("kept"), first);
    assert_eq!(store.note("n").await.expect("read"), Some(first.clone()));
    assert_eq!(store.take_note("n").await.expect("taken"), Some(first));
    assert_eq!(store.take_note("n").await.expect("taken"), None);
}
