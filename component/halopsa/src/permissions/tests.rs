use super::*;

#[test]
fn what_grants_a_right() {
    for (permission, scope, level) in [
        (&CUSTOMERS_READ, "`read:customers`", "give the API agent `"),
        (&ASSETS_READ, "`read:assets`", "give the API agent `"),
        (&TICKETS_READ, "`edit:tickets`", "give the API agent `"),
        (
            &TEAMS_READ,
            "`edit:tickets`",
            "give the API agent every team whose tickets it opens;",
        ),
    ] {
        let told = how_to_grant(permission);
        assert!(
            told.ends_with(&format!("give the application {scope}")),
            "{told}"
        );
        assert!(told.contains(level), "{told}");
    }
}
