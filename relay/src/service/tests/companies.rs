//! Companies of a source, and what they are mapped to.

use super::*;

#[tokio::test]
async fn a_company_that_is_mapped_lets_its_cases_go_on() {
    let office = office().await;
    enabled(&office).await;
    let (one, other) = (
        parked(&office, "Acme").await,
        parked(&office, "Bright").await,
    );
    map_company(&office, "t1", "Acme", target("2"))
        .await
        .expect("mapped");
    assert_eq!(state(&office, one).await, State::New);
    assert!(matches!(state(&office, other).await, State::Parked(_)));
    set_default_company(&office, "t1", target("3"))
        .await
        .expect("chosen");
    assert_eq!(state(&office, other).await, State::New);
    let third = parked(&office, "Clear").await;
    retry(&office, third).await.expect("retried");
    assert!(
        message(retry(&office, third).await).contains("case"),
        "it is not parked"
    );
    parked(&office, "Clear").await;
    assert_eq!(retry_all(&office, "t1").await.expect("retried"), 1);
    let last = parked(&office, "Last").await;
    adopt(&office, last, "7001").await.expect("chosen");
    assert_eq!(state(&office, last).await, State::Open);
    drop_case(&office, last).await.expect("dropped");
    assert_eq!(state(&office, last).await, State::Dropped);
    let health = health(&office).await.expect("health");
    assert!(
        health[0].cases.contains(&("dropped".to_owned(), 1)),
        "{health:?}"
    );
}

#[tokio::test]
async fn names_are_proposed_imported_and_found_gone() {
    let office = office().await;
    let csv = "Company,PSA\n\"example dental\",\nSmiles,\nAcme,2\n";
    assert_eq!(
        import_companies(&office, "t1", csv)
            .await
            .expect("imported"),
        3
    );
    let proposals = propose_mappings(&office, "t1").await.expect("proposals");
    let shown: Vec<_> = proposals
        .iter()
        .map(|it| {
            (
                &*it.company,
                it.exact.as_ref().map(|it| &*it.id),
                it.near.len(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [("Smiles", None, 1), ("example dental", Some("2"), 1)]
    );
    let wrong = import_companies(&office, "t1", "Acme,99\n").await;
    assert!(message(wrong).contains("no company 99"));
    let wrong = import_companies(&office, "t1", "\"Acme\n").await;
    assert!(message(wrong).contains("line 1"));
    map_company(&office, "t1", "Smiles", target("9"))
        .await
        .expect("mapped");
    let gone = vanished_mappings(&office, "t1").await.expect("looked");
    assert_eq!((gone.len(), &*gone[0].company), (1, "Smiles"));
    let unmapped = MappingFilter {
        only_unmapped: true,
        ..MappingFilter::default()
    };
    let unmapped = office
        .store
        .mappings("t1", &unmapped)
        .await
        .expect("mappings");
    assert!(
        unmapped
            .iter()
            .any(|it: &Mapping| it.company == "Smiles" && it.is_gone)
    );
}
