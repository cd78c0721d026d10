//! What people do, on a store in memory and a desk that knows two companies.

mod companies;
mod kept;

use std::sync::Arc;

use async_trait::async_trait;
use psa_contract::{
    BoardMetadata, BoardSelection, ChangedTicket, Company, CompanyPage, CompanyQuery,
    ConnectorDescription, CreatedNote, CreatedTicket, ErrorCode, FieldError, NoteDraft, Operation,
    Setting, SettingDescription, SettingKind, SettingSupplier, StatusChange, Ticket, TicketCheck,
    TicketDraft, TicketLookup, TicketPage, TicketQuery, Verification,
};

use super::*;
use crate::alert::Alert;
use crate::case::{Event, Parked, State};
use crate::clock::Clock;
use crate::desk::{Answer, Desk, Desks, own_error};
use crate::intake::{Dialect, SourceRules};
use crate::office::{Bell, Office};
use crate::policy::Timing;
use crate::secrets::{Key, Vault};
use crate::store::{CaseId, MappingFilter, Sqlite};
use crate::tenant::{Mapping, PsaCompany, Services, Source};
use crate::text::TextRules;
use crate::time::Time;

struct Psa {
    description: ConnectorDescription,
    settings: Vec<Setting>,
}

fn psa() -> Psa {
    let setting = |name: &str, supplied_by| SettingDescription {
        name: name.to_owned(),
        label: name.to_owned(),
        help: String::new(),
        kind: SettingKind::Secret,
        choices: Vec::new(),
        is_required: true,
        supplied_by,
        example: None,
    };
    Psa {
        description: ConnectorDescription {
            vendor: "Model".to_owned(),
            operations: vec![Operation::CreateTicket],
            settings: vec![
                setting("private-key", SettingSupplier::Customer),
                setting("client-id", SettingSupplier::Platform),
            ],
            ..ConnectorDescription::default()
        },
        settings: Vec::new(),
    }
}

#[async_trait]
impl Desks for Psa {
    fn names(&self) -> Vec<String> {
        vec!["model".to_owned()]
    }

    fn description(&self, connector: &str) -> Option<&ConnectorDescription> {
        (connector == "model").then_some(&self.description)
    }

    async fn desk(&self, _connector: &str, settings: Vec<Setting>) -> Answer<Arc<dyn Desk>> {
        Ok(Arc::new(Self { settings, ..psa() }))
    }
}

fn unsupported<T>() -> Answer<T> {
    Err(own_error(ErrorCode::Unsupported, String::new()))
}

#[async_trait]
impl Desk for Psa {
    async fn verify(&self, _needed: Vec<Operation>) -> Answer<Verification> {
        let has = |name: &str, value: &str| {
            let mut settings = self.settings.iter();
            settings.any(|it| it.name == name && it.value == value)
        };
        Ok(Verification {
            is_complete: has("private-key", "s3cret") && has("client-id", "platform"),
            ..Verification::default()
        })
    }

    async fn list_companies(&self, query: CompanyQuery) -> Answer<CompanyPage> {
        let company = |id: &str, name: &str| Company {
            id: id.to_owned(),
            identifier: None,
            name: name.to_owned(),
            status: None,
            is_active: true,
            types: Vec::new(),
            properties: Vec::new(),
        };
        let mut companies = vec![
            company("2", "Example  Dental"),
            company("3", "Bright Smiles"),
        ];
        companies.retain(|it| query.ids.is_empty() || query.ids.contains(&it.id));
        Ok(CompanyPage {
            companies,
            next_cursor: None,
        })
    }

    async fn list_board_metadata(&self, _selection: BoardSelection) -> Answer<BoardMetadata> {
        unsupported()
    }

    async fn check_ticket(&self, draft: TicketDraft) -> Answer<TicketCheck> {
        let objection = FieldError {
            field: Some("board-id".to_owned()),
            vendor_field: None,
            message: "is required".to_owned(),
        };
        let objections = if draft.board_id.is_none() {
            vec![objection]
        } else {
            Vec::new()
        };
        Ok(TicketCheck { objections })
    }

    async fn create_ticket(&self, _draft: TicketDraft) -> Answer<CreatedTicket> {
        unsupported()
    }

    async fn get_ticket(&self, id: String) -> Answer<TicketLookup> {
        let ticket = Ticket {
            number: id.clone(),
            id: id.clone(),
            ..Ticket::default()
        };
        Ok(TicketLookup {
            ticket: (id == "7001").then_some(ticket),
        })
    }

    async fn find_tickets(&self, _query: TicketQuery) -> Answer<TicketPage> {
        unsupported()
    }

    async fn add_note(&self, _note: NoteDraft) -> Answer<CreatedNote> {
        unsupported()
    }

    async fn set_status(&self, _change: StatusChange) -> Answer<ChangedTicket> {
        unsupported()
    }
}

async fn office_with(key: &Key) -> Office {
    let store = Sqlite::in_memory(Timing::default()).expect("a store");
    let vault = Vault::open(key, &store).await.expect("a vault");
    Office {
        store: Arc::new(store),
        desks: Arc::new(psa()),
        vault,
        clock: Clock::starting_at(Time(1_800_000_000_000)),
        timing: Arc::new(Timing::default()),
        bell: Bell::default(),
        owner: "me".into(),
    }
}

/// With a tenant that is set up and a source.
async fn office() -> Office {
    let office = office_with(&Key::random()).await;
    put_tenant(&office, "t1", "Example", "model")
        .await
        .expect("a tenant");
    let settings = [("private-key".to_owned(), " s3cret ".to_owned())];
    put_settings(&office, "t1", &settings)
        .await
        .expect("settings");
    put_platform_setting(&office, "model", "client-id", "platform")
        .await
        .expect("a setting");
    put_source(&office, &source()).await.expect("a source");
    office
}

fn source() -> Source {
    Source {
        id: "s1".to_owned(),
        tenant: "t1".to_owned(),
        name: "Monitoring".to_owned(),
        rules: SourceRules::of(Dialect::Alertmanager),
        text: TextRules::default(),
    }
}

fn target(id: &str) -> Option<PsaCompany> {
    Some(PsaCompany {
        id: id.to_owned(),
        name: "N".to_owned(),
    })
}

fn message<T>(result: Result<T>) -> String {
    result
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

async fn enabled(office: &Office) {
    let services = Services {
        board_id: Some("5".to_owned()),
        ..Services::default()
    };
    put_services(office, "t1", services)
        .await
        .expect("services");
    assert!(verify(office, "t1").await.expect("verified").is_complete);
    mark_ticket_read(office, "t1").await.expect("skipped");
    let (_, check) = check_ticket(office, "t1", "2").await.expect("checked");
    assert_eq!(check.objections, []);
    enable(office, "t1", true).await.expect("enabled");
}

/// A case of this company, parked since it is not mapped.
async fn parked(office: &Office, company: &str) -> CaseId {
    let alert = Alert {
        source: "s1".to_owned(),
        key: company.to_owned(),
        event: company.to_owned(),
        company: Some(company.to_owned()),
        ..Alert::default()
    };
    let now = office.clock.now();
    let receipts = office.store.receive("s1", vec![alert], None, now).await;
    let case = receipts.expect("kept")[0].case.expect("a case");
    let parked = Parked {
        reason: "unmapped-company".to_owned(),
        fields: vec!["company-id".to_owned()],
        ..Parked::default()
    };
    let event = Event::Hindered(parked);
    office
        .store
        .apply(case, event, now)
        .await
        .expect("kept")
        .expect("parked");
    case
}

async fn state(office: &Office, case: CaseId) -> State {
    let stored = office.store.case(case).await.expect("read");
    stored.expect("a case").case.state
}

#[tokio::test]
async fn tickets_are_turned_on_after_three_checks_and_no_sooner() {
    let office = office().await;
    let refused = message(enable(&office, "t1", true).await);
    assert!(
        refused.contains("Verify Setup; reading one ticket") && refused.contains("sample"),
        "{refused}"
    );
    assert!(
        verify(&office, "t1").await.expect("verified").is_complete,
        "by its own and the platform's settings"
    );
    assert!(
        read_ticket(&office, "t1", "9")
            .await
            .expect("read")
            .is_none()
    );
    assert!(
        read_ticket(&office, "t1", "7001")
            .await
            .expect("read")
            .is_some()
    );
    let (_, check) = check_ticket(&office, "t1", "2").await.expect("checked");
    assert_eq!(check.objections.len(), 1, "without a board");
    let refused = message(enable(&office, "t1", true).await);
    assert_eq!(
        refused,
        "before tickets can be enabled: checking a sample ticket"
    );
    enabled(&office).await;
    let other = [("private-key".to_owned(), "other".to_owned())];
    put_settings(&office, "t1", &other).await.expect("settings");
    let tenant = office
        .store
        .tenant("t1")
        .await
        .expect("read")
        .expect("a tenant");
    assert_eq!(missing_checks(&tenant), [MissingCheck::Verify]);
    assert!(tenant.is_enabled, "it goes on");
    assert!(!verify(&office, "t1").await.expect("verified").is_complete);
}

#[tokio::test]
async fn what_is_entered_wrongly_is_named() {
    let office = office().await;
    let wrong = put_tenant(&office, "T 1", "x", "model").await;
    assert!(message(wrong).contains("a-z"));
    let wrong = put_tenant(&office, "t2", "x", "nobody").await;
    assert!(message(wrong).contains("there are: model"));
    let unknown = [("colour".to_owned(), "red".to_owned())];
    assert!(message(put_settings(&office, "t1", &unknown).await).contains("no setting colour"));
    let wrong = put_platform_setting(&office, "model", "private-key", "x").await;
    assert!(message(wrong).contains("not a setting of the platform"));
    put_tenant(&office, "t2", "", "model")
        .await
        .expect("a tenant");
    let taken = Source {
        tenant: "t2".to_owned(),
        ..source()
    };
    assert!(message(put_source(&office, &taken).await).contains("another tenant"));
    let mut wrong = source();
    wrong.rules.success_status = Some(404);
    assert!(message(put_source(&office, &wrong).await).contains("200 to 299"));
    assert!(message(make_token(&office, "s1", 2).await).contains("places"));
    assert!(message(make_token(&office, "s2", 0).await).contains("no source s2; there are: s1"));
    assert!(message(verify(&office, "t3").await).contains("no tenant t3; there are: t1, t2"));
    assert!(message(retry_all(&office, "t3").await).contains("no tenant t3"));
    let short = set_signing_secret(&office, "s1", Some(Some("short"))).await;
    assert!(message(short).contains("16"));
}

#[tokio::test]
async fn secrets_are_kept_encrypted_or_as_digests() {
    let office = office().await;
    let token = make_token(&office, "s1", 0).await.expect("a token").0;
    assert_eq!(token.len(), 32, "as long as PagerDuty's keys");
    let kept = office.store.tokens().await.expect("tokens");
    assert!(!kept[0].digest.contains(&token));
    let made = set_signing_secret(&office, "s1", Some(None))
        .await
        .expect("made");
    let made = made.expect("a secret").0;
    assert!(made.starts_with("whsec_"));
    let read = signing_secret(&office, "s1").await.expect("read");
    assert_eq!(read.as_deref(), Some(&*made));
    for tenant in ["", "t1"] {
        for (_, sealed) in office.store.settings(tenant).await.expect("settings") {
            let text = String::from_utf8_lossy(&sealed);
            assert!(
                !text.contains("s3cret") && !text.contains("platform") && !text.contains("whsec")
            );
        }
    }
    set_signing_secret(&office, "s1", None)
        .await
        .expect("deleted");
    assert_eq!(signing_secret(&office, "s1").await.expect("read"), None);
    revoke_token(&office, "s1", 0).await.expect("revoked");
    assert_eq!(office.store.tokens().await.expect("tokens"), []);
}
