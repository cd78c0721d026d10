//! The sample connector, broken in one way by each feature: a layer over it that changes what it sends, what it is answered,
//! or what it returns. Without a feature it is the sample connector.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(
        dead_code,
        reason = "the exports, which use all of it, link in WebAssembly alone"
    )
)]

mod exchanges;
mod records;
mod results;
#[cfg(feature = "asks-for-wasi")]
mod wasi;

use psa_contract::{
    BoardMetadata, BoardSelection, ChangedTicket, CompanyPage, CompanyQuery, ConnectorDescription,
    ContactPage, ContactQuery, CreatedNote, CreatedTicket, NoteDraft, Operation, OriginList,
    Setting, StatusChange, TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery,
    Verification,
};
use psa_toolkit::{Error, HttpSend, ServiceDesk};
use sample_psa::{SampleDesk, Settings};

use exchanges::Layer;

struct Broken;

struct Entered {
    settings: Settings,
    client_secret: String,
}

impl ServiceDesk for Broken {
    type Settings = Entered;

    const OPERATIONS: &'static [Operation] = SampleDesk::OPERATIONS;

    fn describe() -> ConnectorDescription {
        #[cfg(feature = "asks-for-wasi")]
        wasi::wasi::cli::environment::get_environment();
        results::description(SampleDesk::describe())
    }

    fn parse(settings: &[Setting]) -> Result<Entered, Error> {
        let secret = settings.iter().find(|it| it.name == "client-secret");
        Ok(Entered {
            settings: SampleDesk::parse(settings).map_err(|error| results::error(error, "", ""))?,
            client_secret: secret.map(|it| it.value.clone()).unwrap_or_default(),
        })
    }

    fn origins(entered: &Entered) -> OriginList {
        SampleDesk::origins(&entered.settings)
    }

    fn verify(
        entered: &Entered,
        needed: &[Operation],
        send: &mut HttpSend,
    ) -> Result<Verification, Error> {
        let mut layer = Layer::new(&entered.client_secret, send);
        let send = &mut |requests: &mut [_]| layer.send(requests);
        let verified = SampleDesk::verify(&entered.settings, needed, send);
        match verified {
            Ok(found) => Ok(results::verification(found, &layer.token)),
            Err(error) => Err(layer.spoil(error)),
        }
    }

    fn list_companies(
        entered: &Entered,
        query: &CompanyQuery,
        send: &mut HttpSend,
    ) -> Result<CompanyPage, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::list_companies(settings, query, send)
        })
    }

    fn list_board_metadata(
        entered: &Entered,
        selection: &BoardSelection,
        send: &mut HttpSend,
    ) -> Result<BoardMetadata, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::list_board_metadata(settings, selection, send)
        })
    }

    fn check_ticket(
        entered: &Entered,
        draft: &TicketDraft,
        send: &mut HttpSend,
    ) -> Result<TicketCheck, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::check_ticket(settings, draft, send)
        })
    }

    fn create_ticket(
        entered: &Entered,
        draft: &TicketDraft,
        send: &mut HttpSend,
    ) -> Result<CreatedTicket, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::create_ticket(settings, draft, send)
        })
    }

    fn get_ticket(entered: &Entered, id: &str, send: &mut HttpSend) -> Result<TicketLookup, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::get_ticket(settings, id, send)
        })
    }

    fn find_tickets(
        entered: &Entered,
        query: &TicketQuery,
        send: &mut HttpSend,
    ) -> Result<TicketPage, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::find_tickets(settings, query, send)
        })
    }

    fn add_note(
        entered: &Entered,
        note: &NoteDraft,
        send: &mut HttpSend,
    ) -> Result<CreatedNote, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::add_note(settings, note, send)
        })
    }

    fn set_status(
        entered: &Entered,
        change: &StatusChange,
        send: &mut HttpSend,
    ) -> Result<ChangedTicket, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::set_status(settings, change, send)
                .or_else(|error| results::merged_ticket(change, &error).ok_or(error))
        })
    }

    fn list_contacts(
        entered: &Entered,
        query: &ContactQuery,
        send: &mut HttpSend,
    ) -> Result<ContactPage, Error> {
        layered(entered, send, |settings, send| {
            SampleDesk::list_contacts(settings, query, send).map(results::contacts)
        })
    }
}

fn layered<T>(
    entered: &Entered,
    send: &mut HttpSend,
    call: impl FnOnce(&Settings, &mut HttpSend) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut layer = Layer::new(&entered.client_secret, send);
    let result = call(&entered.settings, &mut |requests| layer.send(requests));
    result.map_err(|error| layer.spoil(error))
}

psa_toolkit::export!(Broken);

/// Never called: hosts call the exports.
fn main() {}
