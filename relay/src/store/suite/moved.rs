//! From one store to the other and back, without loss.

use super::*;
use crate::store::Snapshot;

/// A store with something of everything.
async fn filled(store: &dyn Store) {
    set_up(store).await;
    let now = Time(10_000);
    leased(store, now).await;
    let sealed = Some(vec![0, 1, 255]);
    store
        .put_setting("t1", "key", sealed.clone())
        .await
        .expect("kept");
    store
        .put_setting("", "connectwise/client-id", sealed)
        .await
        .expect("kept");
    let token = Token {
        source: "s1".to_owned(),
        place: 1,
        digest: "d".to_owned(),
        created_at: Time(5),
    };
    store.put_token(&token).await.expect("kept");
    let mapping = Mapping {
        tenant: "t1".to_owned(),
        company: "Example Dental".to_owned(),
        target: Some(PsaCompany {
            id: "2".to_owned(),
            name: "N".to_owned(),
        }),
        ..Mapping::default()
    };
    store.put_mappings(&[mapping]).await.expect("kept");
    for number in 0..20 {
        let key = format!("{number:02}");
        let (case, _) = received(store, alert(&key, "1", Status::Firing), now).await;
        received(store, alert(&key, "2", Status::Firing), now).await;
        let holds = now.plus(Duration::from_secs(60));
        if number % 2 == 0 {
            let case = case.expect("a case");
            store
                .start(case, Some("2".to_owned()), "me", holds, now)
                .await
                .expect("started");
            let ticket = ticket(&format!("70{key}"));
            store
                .apply(case, Event::Opened(ticket), now)
                .await
                .expect("opened");
        }
    }
    received(store, alert("over", "1", Status::Recovered), now).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_store_has_another_takes_in_whole_and_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = postgresql::PostgreSql::shared() else {
        return;
    };
    let now = Time(20_000);
    let file = in_memory();
    filled(&file).await;
    let of_file = file.snapshot().await.expect("a snapshot");
    assert_eq!((of_file.cases.len(), of_file.alerts.len()), (20, 41));
    let url = server.new_database();
    let database = in_database(&url).await;
    let taken = database
        .take_in(of_file.clone(), now)
        .await
        .expect("taken in");
    assert_eq!((taken.cases, taken.cases_here_already), (20, 0));
    let of_database = database.snapshot().await.expect("a snapshot");
    assert_eq!(of_database, of_file);
    let again = database
        .take_in(of_file.clone(), now)
        .await
        .expect("taken in");
    assert_eq!((again.cases, again.cases_here_already), (0, 20));
    assert_eq!(
        database.snapshot().await.expect("a snapshot"),
        of_file,
        "once"
    );
    assert!(database.revision() > 0);
    let back = in_file(folder.path());
    back.take_in(of_database, now).await.expect("taken in");
    assert_eq!(back.snapshot().await.expect("a snapshot"), of_file);
    // What is due is due there, too, and new cases get numbers of their own.
    let due = async |store: &dyn Store| {
        let due = store.due("t1", Time(i64::MAX), 100).await.expect("due");
        due.into_iter()
            .map(|it| (it.case.key, it.due_at))
            .collect::<Vec<_>>()
    };
    assert_eq!(due(&database).await, due(&file).await);
    received(&database, alert("new", "1", Status::Firing), now).await;
    // A case that does not fit takes everything back.
    let mut wrong = of_file;
    wrong.tenants.truncate(0);
    wrong.cases[19].case.tenant = "nobody".to_owned();
    let other = in_database(&server.new_database()).await;
    other
        .take_in(wrong, now)
        .await
        .expect_err("there is no such tenant");
    assert_eq!(
        other.snapshot().await.expect("a snapshot"),
        Snapshot::default()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_under_way_is_in_doubt_in_the_other_store() {
    let Some(server) = postgresql::PostgreSql::shared() else {
        return;
    };
    let file = in_memory();
    set_up(&file).await;
    let now = Time(10_000);
    leased(&file, now).await;
    let (case, _) = received(&file, alert("a", "1", Status::Firing), now).await;
    let holds = now.plus(Duration::from_secs(60));
    file.start(case.expect("a case"), None, "me", holds, now)
        .await
        .expect("started");
    let database = in_database(&server.new_database()).await;
    let snapshot = file.snapshot().await.expect("a snapshot");
    database.take_in(snapshot, now).await.expect("taken in");
    let in_60_seconds = now.plus(Duration::from_secs(60));
    assert_eq!(
        database.next_due("t1").await.expect("due"),
        Some(in_60_seconds)
    );
    let cases = database.cases(&CaseFilter::default()).await.expect("cases");
    assert_eq!(cases[0].case.state.name(), "waiting");
    let trail = database.trail(cases[0].id).await.expect("a trail");
    assert_eq!(trail.len(), 1, "{trail:?}");
}
