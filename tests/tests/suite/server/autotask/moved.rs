//! A tenant that was moved to another zone while the host had kept the old one, and wrong credentials.

use std::time::Duration;

use psa_host::contract::{CompanyQuery, ErrorCode};
use psa_tests::mock::autotask::WrongZone;

use super::USER;
use super::site::{draft, site_of};
use crate::server::site::connectors_own;

#[tokio::test]
async fn a_tenant_that_moved_is_found_in_its_new_zone() {
    for wrong_zone in [WrongZone::Unauthorized, WrongZone::Empty] {
        let server = super::server();
        let (site, _) = site_of(&server).await;
        let create = async |reference: &str| site.create(draft(Some(reference))).await;
        let first = create("alert-1").await.expect("a ticket");
        // A zone that was found a moment ago is not doubted if it merely has no such ticket.
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(301)).await;
        tokio::time::resume();
        server.tenant(USER, |tenant| {
            tenant.zone = 6;
            tenant.wrong_zone = wrong_zone;
        });
        let again = create("alert-1").await.expect("the same ticket");
        assert_eq!(again.ticket.id, first.ticket.id, "{wrong_zone:?}");
        let url = again.ticket.web_url.unwrap_or_default();
        assert!(url.starts_with("https://ww6.autotask.net/"), "{url}");
        server.tenant(USER, |tenant| {
            assert_eq!(tenant.rows("Tickets").count(), 1, "{wrong_zone:?}");
        });
    }
}

/// Five failed logins lock the user.
#[tokio::test]
async fn a_wrong_secret_is_never_tried_again() {
    let server = super::server();
    let (site, _) = site_of(&server).await;
    server.tenant(USER, |tenant| tenant.secret = "another-secret".to_owned());
    let query = CompanyQuery::default();
    let page = site.call().list_companies(site.settings.clone(), query);
    let error = page.await.map_err(connectors_own).expect_err("refused");
    assert_eq!(error.code, ErrorCode::Unauthorized);
    assert_eq!(server.tenant(USER, |tenant| tenant.failed_logins), 1);
    let verified = site.call().verify(site.settings.clone(), Vec::new());
    let error = verified.await.map_err(connectors_own).expect_err("refused");
    assert_eq!(error.code, ErrorCode::Unauthorized);
    assert_eq!(server.tenant(USER, |tenant| tenant.failed_logins), 2);
    let checked = site.call().check_ticket(site.settings.clone(), draft(None));
    let error = checked.await.map_err(connectors_own).expect_err("refused");
    assert_eq!(error.code, ErrorCode::Unauthorized);
    assert_eq!(server.tenant(USER, |tenant| tenant.failed_logins), 3);
}
