//! A ticket's life after it was opened, with the connector over real TLS: found, written to, closed, opened again.

use psa_host::contract::{
    AssetQuery, ChangedTicket, ConnectorError, ContactQuery, Creation, ErrorCode, NoteAudience,
    NoteDraft, SiteQuery, StatusChange, TicketDraft, TicketQuery, TicketSelection,
};
use psa_tests::mock::connectwise::{Access, Function, Level, Role, Server, Tenant};
use psa_tests::mock::{Misbehaviour, When};

use super::site::{Site, draft};
use super::{COMPANY, server};

/// Ticket 7001, for company 2 on board 5, new.
async fn with_a_ticket() -> (Server, Site) {
    let server = server();
    let site = Site::of(&server, |_| {}).await;
    let on_board = TicketDraft {
        board_id: Some("5".to_owned()),
        ..draft(Some("a:1"))
    };
    let opened = site.create(on_board).await.expect("a ticket");
    assert_eq!(opened.ticket.id, "7001");
    (server, site)
}

async fn set(site: &Site, status_ids: &[&str]) -> Result<ChangedTicket, ConnectorError> {
    let status_ids = status_ids.iter().map(|id| (*id).to_owned());
    site.set_status(StatusChange {
        ticket_id: "7001".to_owned(),
        status_ids: status_ids.collect(),
        resolution: None,
        vendor_fields: None,
    })
    .await
}

fn status(changed: &ChangedTicket) -> &str {
    changed
        .ticket
        .status
        .as_ref()
        .map_or("", |status| &status.id)
}

fn note(reference: Option<&str>) -> NoteDraft {
    NoteDraft {
        ticket_id: "7001".to_owned(),
        text: "Seen again.".to_owned(),
        details: Vec::new(),
        links: Vec::new(),
        audience: NoteAudience::Staff,
        reference: reference.map(str::to_owned),
        vendor_fields: None,
    }
}

async fn found(site: &Site, selection: TicketSelection) -> Vec<String> {
    let query = TicketQuery {
        selection,
        limit: None,
        cursor: None,
    };
    let page = site.call().find_tickets(site.settings.clone(), query).await;
    let tickets = page.expect("a page").tickets;
    tickets.into_iter().map(|ticket| ticket.id).collect()
}

#[tokio::test]
async fn an_alert_repeats_recovers_and_recurs() {
    use TicketSelection::{Ids, OpenOfCompany, References};
    let (server, site) = with_a_ticket().await;
    let by_reference = || References(vec!["a:1".to_owned(), "b:1".to_owned()]);
    assert_eq!(found(&site, by_reference()).await, ["7001"]);
    assert_eq!(
        found(&site, Ids(vec!["9".to_owned(), "7001".to_owned()])).await,
        ["7001"]
    );

    let written = site.add_note(note(Some("n:1"))).await.expect("a note");
    assert_eq!(
        (written.creation, written.not_applied),
        (Creation::Created, Vec::new())
    );
    let again = site.add_note(note(Some("n:1"))).await.expect("the note");
    assert_eq!((again.creation, again.id), (Creation::Found, written.id));

    let closed = set(&site, &["503"]).await.expect("closed");
    assert!(
        closed.is_changed && closed.ticket.closed_at.is_some(),
        "{closed:?}"
    );
    assert!(!set(&site, &["503"]).await.expect("closed").is_changed);
    assert_eq!(
        found(&site, OpenOfCompany("2".to_owned())).await,
        Vec::<String>::new()
    );
    // The first that the board has.
    let opened = set(&site, &["602", "501"]).await.expect("opened");
    assert_eq!(
        (status(&opened), opened.ticket.closed_at.as_deref()),
        ("501", None)
    );
    assert_eq!(found(&site, OpenOfCompany("2".to_owned())).await, ["7001"]);

    server.tenant(COMPANY, |tenant| {
        let ticket = tenant.ticket(7001).expect("it was opened");
        assert_eq!(ticket.statuses, [501, 503, 501]);
        let notes: Vec<bool> = ticket.notes.iter().map(|note| note.is_mailed).collect();
        assert_eq!(notes, [false]);
    });
}

#[tokio::test]
async fn what_a_company_has_is_listed_and_attached() {
    let (server, site) = with_a_ticket().await;
    let settings = || site.settings.clone();
    let company_id = || "2".to_owned();
    let contacts = ContactQuery {
        company_id: company_id(),
        email: Some("ADA@examplemsp.example".to_owned()),
        limit: None,
        cursor: None,
    };
    let contacts = site.call().list_contacts(settings(), contacts).await;
    let contacts = contacts.expect("contacts").contacts;
    assert_eq!(
        contacts.len(),
        1,
        "the other Ada is at another company: {contacts:?}"
    );
    assert_eq!(
        (&*contacts[0].id, contacts[0].site_id.as_deref()),
        ("31", Some("3"))
    );
    let assets = AssetQuery {
        company_id: company_id(),
        name: Some("srv-01".to_owned()),
        serial_number: None,
        limit: None,
        cursor: None,
    };
    let assets = site.call().list_assets(settings(), assets).await;
    let assets = assets.expect("assets").assets;
    assert_eq!(
        assets.iter().map(|asset| &*asset.id).collect::<Vec<_>>(),
        ["41"]
    );
    let sites = SiteQuery {
        company_id: company_id(),
        limit: None,
        cursor: None,
    };
    let sites = site.call().list_sites(settings(), sites).await;
    let sites = sites.expect("sites").sites;
    assert_eq!(
        sites.iter().map(|site| &*site.id).collect::<Vec<_>>(),
        ["3", "4"]
    );

    for is_changed in [true, false] {
        let (ticket, asset) = ("7001".to_owned(), "41".to_owned());
        let attached = site.call().attach_asset(settings(), ticket, asset).await;
        assert_eq!(attached.expect("attached").is_changed, is_changed);
    }
    server.tenant(COMPANY, |tenant| {
        assert_eq!(
            tenant.ticket(7001).expect("it was opened").configurations,
            [41]
        );
    });
}

/// What stands between a status and its ticket, and what the caller is told of it.
#[tokio::test]
async fn what_keeps_a_status_away_is_told_apart() {
    type Prepare = fn(&mut Tenant);
    let cases: [(&str, Prepare, ErrorCode); 5] = [
        (
            "merged",
            |tenant| tenant.merge_ticket(7001, 7002),
            ErrorCode::Conflict,
        ),
        (
            "moved to another board",
            |tenant| tenant.move_ticket(7001, 6),
            ErrorCode::InvalidInput,
        ),
        (
            "deleted",
            |tenant| _ = tenant.remove_ticket(7001),
            ErrorCode::NotFound,
        ),
        (
            "no right to change",
            |tenant| {
                let role = Role::sufficient();
                tenant.role = role.with(Function::ServiceTickets, Access::Edit, Level::None);
            },
            ErrorCode::Forbidden,
        ),
        (
            "no right to close",
            |tenant| {
                let role = Role::sufficient();
                tenant.role = role.with(Function::CloseServiceTickets, Access::Edit, Level::None);
            },
            ErrorCode::Forbidden,
        ),
    ];
    for (what, prepare, code) in cases {
        let (server, site) = with_a_ticket().await;
        site.create(draft(None)).await.expect("the parent");
        server.tenant(COMPANY, prepare);
        let error = set(&site, &["503"]).await.expect_err(what);
        assert_eq!(error.code, code, "{what}: {error:?}");
        if what == "merged" {
            assert_eq!(error.ticket_ids, ["7002"]);
        }
        let is_of_rights = error
            .permission_ids
            .iter()
            .any(|id| id == "close-service-tickets-edit");
        assert_eq!(
            is_of_rights,
            code == ErrorCode::Forbidden,
            "{what}: {error:?}"
        );
        // Without the right alone it is the PSA that refuses.
        let writes = u64::from(code == ErrorCode::Forbidden);
        assert_eq!(server.counts().patches, writes, "{what}");
    }

    let (server, site) = with_a_ticket().await;
    server.misbehave(When::patch("/7001").times(1), Misbehaviour::FalseSuccess);
    let error = set(&site, &["502"]).await.expect_err("nothing was changed");
    assert_eq!(error.code, ErrorCode::Rejected, "{error:?}");
    server.tenant(COMPANY, |tenant| tenant.moves_on = vec![(502, 503)]);
    let moved_on = set(&site, &["502"]).await.expect("a rule moved it on");
    assert_eq!((status(&moved_on), moved_on.is_changed), ("503", true));
}

/// The marker of a note is looked for as the PSA's editor stores it, and among the newest.
#[tokio::test]
async fn a_note_is_found_although_others_and_the_editor_changed_it() {
    let (server, site) = with_a_ticket().await;
    site.add_note(note(Some("n:1"))).await.expect("a note");
    server.tenant(COMPANY, |tenant| {
        for number in 0..150 {
            tenant.write_note(7001, &format!("Call {number}"), false);
        }
        tenant.change_ticket(7001, |ticket| {
            let text = ticket.notes[0].text.replace('\\', "");
            ticket.notes[0].text = text.replace('[', "\\[").replace(']', "\\]");
        });
    });
    let again = site.add_note(note(Some("n:1"))).await.expect("the note");
    assert_eq!(again.creation, Creation::Found);
    let other = site.add_note(note(Some("n:10"))).await.expect("a note");
    assert_eq!(other.creation, Creation::Created);
    assert_eq!(server.counts().posts, 3);
}

#[tokio::test]
async fn a_note_that_is_lost_with_its_connection_is_written_once() {
    for (how, creation) in [
        (Misbehaviour::DropAfterCommitting, Some(Creation::Found)),
        (Misbehaviour::DropInBody, Some(Creation::Found)),
        (Misbehaviour::DropBeforeReading, None),
    ] {
        let (server, site) = with_a_ticket().await;
        server.misbehave(When::post("/notes").times(1), how.clone());
        let written = site.add_note(note(Some("n:1"))).await;
        match creation {
            Some(creation) => assert_eq!(written.expect("the note").creation, creation, "{how:?}"),
            None => assert_eq!(
                written.expect_err("nobody knows").code,
                ErrorCode::OutcomeUnknown
            ),
        }
        site.add_note(note(Some("n:1"))).await.expect("the note");
        let notes = server.tenant(COMPANY, |tenant| {
            tenant.ticket(7001).map(|it| it.notes.len())
        });
        assert_eq!(notes, Some(1), "{how:?}");
    }
}
