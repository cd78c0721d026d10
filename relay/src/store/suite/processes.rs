//! Many at once, and the next process.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_kept_and_found_again_by_the_next_process() {
    let folder = tempfile::tempdir().expect("a folder");
    for place in places(folder.path()) {
        let store = place.open().await;
        set_up(&*store).await;
        let mut writes = tokio::task::JoinSet::new();
        for number in 0..500 {
            let store = Arc::clone(&store);
            let alert = alert(
                &format!("k{}", number % 100),
                &format!("{number}"),
                Status::Firing,
            );
            writes.spawn(async move { store.receive("s1", vec![alert], None, Time(number)).await });
        }
        while let Some(written) = writes.join_next().await {
            written.expect("no panic").expect("kept");
        }
        store.close().await;
        let closed = store.put_note("n", "v").await;
        assert!(matches!(closed, Err(StoreError::Closed)), "{closed:?}");
        let closed = store.receive("s1", Vec::new(), None, Time(1)).await;
        assert!(matches!(closed, Err(StoreError::Closed)), "{closed:?}");
        let again = place.open().await;
        let counts = again.counts().await.expect("counts");
        assert_eq!(counts, [("t1".to_owned(), "new".to_owned(), 100)]);
        let cases = again.cases(&CaseFilter::default()).await.expect("cases");
        let counted: u64 = cases.iter().map(|it| it.case.count).sum();
        assert_eq!(counted, 500, "each is counted");
        again.close().await;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = std::fs::metadata(folder.path().join("relay.db")).expect("the file");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}

/// What SQLite says of a full disk comes in the middle of a transaction, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_keeps_whole_jobs_or_nothing_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = in_file(folder.path());
    set_up(&store).await;
    let mut accepted = std::collections::BTreeSet::new();
    let mut refused = 0;
    for round in 0_i64..4 {
        // Room for some of them at first, for all at last.
        let most = if round == 3 { 1 << 30 } else { 60 + 10 * round };
        store.limit_pages(most).await;
        let mut writes = tokio::task::JoinSet::new();
        for number in 0..400 {
            let store = store.clone();
            let key = format!("{round}-{number}");
            // Two in one: both are kept or none.
            let alerts = [format!("{key}-a"), format!("{key}-b")];
            let alerts = alerts.map(|key| alert(&key, &key, Status::Firing)).to_vec();
            writes.spawn(async move {
                let kept = store.receive("s1", alerts, None, Time(round)).await;
                (key, kept.is_ok())
            });
        }
        while let Some(written) = writes.join_next().await {
            match written.expect("no panic") {
                (key, true) => {
                    accepted.extend([format!("{key}-a"), format!("{key}-b")]);
                }
                _ => refused += 1,
            }
        }
        let all = CaseFilter {
            limit: Some(usize::MAX),
            ..CaseFilter::default()
        };
        let cases = store.cases(&all).await.expect("cases");
        let kept = cases.into_iter().map(|it| it.case.key).collect();
        assert_eq!(accepted, kept, "round {round}");
    }
    assert!(refused > 100, "it was never full");
    assert!(accepted.len() >= 800, "{}", accepted.len());
}
