use super::*;
use crate::desk::unsupported;
use crate::exchange::HttpSend;
use psa_contract::{ErrorCode, NoteAudience, Ticket, TicketSelection};

/// Has `get-ticket` alone, and no good settings but none.
struct Desk;

impl ServiceDesk for Desk {
    type Settings = ();

    const OPERATIONS: &'static [Operation] = &[Operation::GetTicket];

    fn describe() -> ConnectorDescription {
        ConnectorDescription {
            version: "7.0.0".to_owned(),
            ..ConnectorDescription::default()
        }
    }

    fn parse(settings: &[Setting]) -> Result<(), Error> {
        let fault = || Error::new(ErrorCode::InvalidSettings, "there are none");
        settings.is_empty().then_some(()).ok_or_else(fault)
    }

    fn origins((): &()) -> OriginList {
        OriginList {
            origins: vec!["https://psa.example".to_owned()],
        }
    }

    fn verify((): &(), _: &[Operation], _: &mut HttpSend) -> Result<Verification, Error> {
        Err(unsupported(Operation::Verify))
    }

    fn list_companies((): &(), _: &CompanyQuery, _: &mut HttpSend) -> Result<CompanyPage, Error> {
        Err(unsupported(Operation::ListCompanies))
    }

    fn list_board_metadata(
        (): &(),
        _: &BoardSelection,
        _: &mut HttpSend,
    ) -> Result<BoardMetadata, Error> {
        Err(unsupported(Operation::ListBoardMetadata))
    }

    fn check_ticket((): &(), _: &TicketDraft, _: &mut HttpSend) -> Result<TicketCheck, Error> {
        Err(unsupported(Operation::CheckTicket))
    }

    fn create_ticket((): &(), _: &TicketDraft, _: &mut HttpSend) -> Result<CreatedTicket, Error> {
        Err(unsupported(Operation::CreateTicket))
    }

    fn get_ticket((): &(), id: &str, _: &mut HttpSend) -> Result<TicketLookup, Error> {
        let ticket = Some(Ticket {
            id: id.to_owned(),
            ..Ticket::default()
        });
        Ok(TicketLookup { ticket })
    }
}

#[test]
fn a_function_that_is_not_there_is_refused_before_the_settings_are_read_and_none_enters_twice() {
    let wrong = vec![Setting {
        name: "a".to_owned(),
        value: "b".to_owned(),
    }];
    for (settings, code) in [
        (Vec::new(), ErrorCode::Unsupported),
        (wrong.clone(), ErrorCode::Unsupported),
    ] {
        let error =
            Component::<Desk>::list_sites(settings, SiteQuery::default()).expect_err("not there");
        assert_eq!(error.code, code);
        assert!(error.message.contains("`list-sites`"), "{error:?}");
    }
    // Whoever calls it as ordinary Rust gets the same.
    let query = TicketQuery {
        selection: TicketSelection::Ids(Vec::new()),
        limit: None,
        cursor: None,
    };
    let note = NoteDraft {
        ticket_id: "7".to_owned(),
        text: "Seen again.".to_owned(),
        details: Vec::new(),
        links: Vec::new(),
        audience: NoteAudience::Staff,
        reference: None,
        vendor_fields: None,
    };
    let nothing = &mut |_: &mut [Request]| Vec::new();
    for (function, refused) in [
        (
            "find-tickets",
            Desk::find_tickets(&(), &query, nothing).err(),
        ),
        ("add-note", Desk::add_note(&(), &note, nothing).err()),
        (
            "set-status",
            Desk::set_status(&(), &StatusChange::default(), nothing).err(),
        ),
        (
            "list-contacts",
            Desk::list_contacts(&(), &ContactQuery::default(), nothing).err(),
        ),
        (
            "list-assets",
            Desk::list_assets(&(), &AssetQuery::default(), nothing).err(),
        ),
        (
            "list-sites",
            Desk::list_sites(&(), &SiteQuery::default(), nothing).err(),
        ),
        (
            "attach-asset",
            Desk::attach_asset(&(), "7", "11", nothing).err(),
        ),
    ] {
        let error = refused.expect(function);
        assert_eq!(error.code, ErrorCode::Unsupported);
        assert!(
            error.message.contains(&format!("`{function}`")),
            "{error:?}"
        );
    }
    assert_eq!(Component::<Desk>::describe().version, "7.0.0");
    let origins = Component::<Desk>::origins(Vec::new()).expect("good settings");
    assert_eq!(origins.origins, ["https://psa.example"]);
    Component::<Desk>::origins(wrong.clone()).expect_err("settings");
    let error = Component::<Desk>::get_ticket(wrong, "7".to_owned()).expect_err("settings");
    assert_eq!(error.code, ErrorCode::InvalidSettings);
    let found = Component::<Desk>::get_ticket(Vec::new(), "7".to_owned()).expect("a ticket");
    assert_eq!(found.ticket.map(|it| it.id), Some("7".to_owned()));

    // At the end of the same test: the state of an instance is one for all threads, and one that was entered twice is lost.
    let entered_twice = std::panic::catch_unwind(|| alone(|| alone(|| ())));
    assert!(entered_twice.is_err());
}
