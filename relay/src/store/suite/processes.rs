//! Many at once, and the next process.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_kept_and_found_again_by_the_next_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = in_file(folder.path());
    set_up(&store).await;
    let mut writes = tokio::task::JoinSet::new();
    for number in 0..500 {
        let store = store.clone();
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
    let again = in_file(folder.path());
    let counts = again.counts().await.expect("counts");
    assert_eq!(counts, [("t1".to_owned(), "new".to_owned(), 100)]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = std::fs::metadata(folder.path().join("relay.db")).expect("the file");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}
