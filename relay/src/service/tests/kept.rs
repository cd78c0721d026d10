//! What is exported, linked to and captured.

use super::*;

#[tokio::test]
async fn what_is_exported_is_taken_in_with_the_same_key_only() {
    let key = Key::random();
    let from = office_with(&key).await;
    put_tenant(&from, "t1", "Example", "model")
        .await
        .expect("a tenant");
    let settings = [("private-key".to_owned(), "s3cret".to_owned())];
    put_settings(&from, "t1", &settings)
        .await
        .expect("settings");
    put_source(&from, &source()).await.expect("a source");
    make_token(&from, "s1", 1).await.expect("a token");
    map_company(&from, "t1", "Acme", target("2"))
        .await
        .expect("mapped");
    let exported = export(&from).await.expect("exported");
    let text = serde_json::to_string(&exported).expect("JSON");
    assert!(!text.contains("s3cret"));
    let read: Exported = serde_json::from_str(&text).expect("read");
    let to = office_with(&key).await;
    import(&to, read.clone()).await.expect("imported");
    assert_eq!(export(&to).await.expect("exported"), exported);
    let other = import(&office_with(&Key::random()).await, read).await;
    let refused = other.err().map(|error| error.to_string());
    assert!(refused.is_some_and(|it| it.contains("another key")));
}

#[tokio::test]
async fn a_link_to_the_page_works_once() {
    let office = office().await;
    let old = make_page_link(&office).await.expect("a link").0;
    let link = make_page_link(&office).await.expect("a link").0;
    assert!(
        !use_page_link(&office, &old).await.expect("read"),
        "there is a later one"
    );
    assert!(use_page_link(&office, &link).await.expect("read"));
    assert!(
        !use_page_link(&office, &link).await.expect("read"),
        "it was used"
    );
}

#[tokio::test]
async fn a_sample_shows_what_it_would_become() {
    let office = office().await;
    map_company(&office, "t1", "Acme", target("2"))
        .await
        .expect("mapped");
    let capture = crate::store::Capture {
        at: Time(0),
        capture: crate::store::NewCapture {
            is_understood: false,
            why: String::new(),
            media_type: "application/json".to_owned(),
            body: r#"{"id":"k","who":"Acme","domain":"bad.example"}"#.to_owned(),
        },
    };
    let mut source = source();
    source.rules = SourceRules::of(Dialect::Generic);
    let refused = read_sample("s1", &source.rules, &capture);
    assert!(refused.is_err_and(|why| why.contains("not chosen")));
    source.rules.fields.key = vec!["/id".to_owned()];
    source.rules.fields.company = Some("/who".to_owned());
    let mut alerts = read_sample("s1", &source.rules, &capture).expect("read");
    let preview = preview(&office, &source, alerts.remove(0))
        .await
        .expect("a preview");
    assert_eq!((&*preview.key, preview.company), ("k", target("2")));
    assert_eq!(preview.draft.company_id, "2");
}
