//! A value that became inactive while the host had kept the names of all values: whatever chooses reads them anew.

use psa_host::contract::{BoardSelection, ErrorCode, StatusChange, TicketDraft};

use super::USER;
use super::site::{draft, site_of};

const IN_PROGRESS: &str = "8";
const WAITING: &str = "7";

#[tokio::test]
async fn what_is_chosen_is_not_what_the_host_has_kept() {
    let server = super::server();
    let (site, _) = site_of(&server).await;
    // The host keeps the fields that name the status of the new ticket.
    let created = site.create(draft(Some("alert-1"))).await.expect("a ticket");
    let status = created.ticket.status.and_then(|status| status.name);
    assert_eq!(status.as_deref(), Some("New"));
    server.tenant(USER, |tenant| tenant.inactive_statuses = vec![1, 8]);

    let change = |ids: &[&str]| StatusChange {
        ticket_id: created.ticket.id.clone(),
        status_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..StatusChange::default()
    };
    let refused = site.set_status(change(&[IN_PROGRESS])).await;
    assert_eq!(refused.expect_err("refused").code, ErrorCode::InvalidInput);
    let changed = site.set_status(change(&[IN_PROGRESS, WAITING])).await;
    let status = changed.expect("a change").ticket.status;
    assert_eq!(status.map(|it| it.id).as_deref(), Some(WAITING));
    assert_eq!(server.tenant(USER, |it| it.statuses_of(7001)), [1, 7]);

    let drafted = TicketDraft {
        status_id: Some(IN_PROGRESS.to_owned()),
        ..draft(None)
    };
    let check = site.call().check_ticket(site.settings.clone(), drafted);
    let objections = check.await.expect("a check").objections.into_iter();
    let fields: Vec<_> = objections.filter_map(|it| it.field).collect();
    assert_eq!(fields, ["status-id"]);

    let all = BoardSelection::All;
    let boards = site.call().list_board_metadata(site.settings.clone(), all);
    let statuses = boards.await.expect("boards").statuses.into_iter();
    let offered: Vec<_> = statuses.map(|status| status.choice.id).collect();
    assert_eq!(offered, [WAITING, "5"]);
}
