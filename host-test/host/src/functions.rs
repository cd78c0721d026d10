//! The functions of `service-desk`: found and checked against the contract's types when a component is loaded, looked
//! up by index in each call.

use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError, ContactPage, ContactQuery,
    CreatedNote, CreatedTicket, NoteDraft, Operation, OriginList, SERVICE_DESK_INTERFACE, Setting,
    SitePage, SiteQuery, StatusChange, TicketCheck, TicketDraft, TicketLookup, TicketPage,
    TicketQuery, Verification,
};
use std::marker::PhantomData;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, ComponentNamedList, Lift, Lower};

use crate::engine::on_one_line;

/// What most functions return.
pub(crate) type Outcome<T> = (Result<T, ConnectorError>,);

/// One function: its name in the contract, its place in the component, its type.
pub(crate) struct Function<Parameters, Results> {
    pub(crate) name: &'static str,
    pub(crate) index: ComponentExportIndex,
    signature: PhantomData<fn(Parameters) -> Results>,
}

/// Every function of the interface.
pub(crate) struct Functions {
    pub(crate) describe: Function<(), (ConnectorDescription,)>,
    pub(crate) origins: Function<(Vec<Setting>,), Outcome<OriginList>>,
    pub(crate) verify: Function<(Vec<Setting>, Vec<Operation>), Outcome<Verification>>,
    pub(crate) list_companies: Function<(Vec<Setting>, CompanyQuery), Outcome<CompanyPage>>,
    pub(crate) list_board_metadata:
        Function<(Vec<Setting>, BoardSelection), Outcome<BoardMetadata>>,
    pub(crate) check_ticket: Function<(Vec<Setting>, TicketDraft), Outcome<TicketCheck>>,
    pub(crate) create_ticket: Function<(Vec<Setting>, TicketDraft), Outcome<CreatedTicket>>,
    pub(crate) get_ticket: Function<(Vec<Setting>, String), Outcome<TicketLookup>>,
    pub(crate) find_tickets: Function<(Vec<Setting>, TicketQuery), Outcome<TicketPage>>,
    pub(crate) add_note: Function<(Vec<Setting>, NoteDraft), Outcome<CreatedNote>>,
    pub(crate) set_status: Function<(Vec<Setting>, StatusChange), Outcome<ChangedTicket>>,
    pub(crate) list_contacts: Function<(Vec<Setting>, ContactQuery), Outcome<ContactPage>>,
    pub(crate) list_assets: Function<(Vec<Setting>, AssetQuery), Outcome<AssetPage>>,
    pub(crate) list_sites: Function<(Vec<Setting>, SiteQuery), Outcome<SitePage>>,
    pub(crate) attach_asset: Function<(Vec<Setting>, String, String), Outcome<AttachedAsset>>,
}

impl Functions {
    /// Errors: what is missing, or which function has another type and where it differs.
    pub(crate) fn find(component: &Component) -> Result<Self, String> {
        let interface = component
            .get_export_index(None, SERVICE_DESK_INTERFACE)
            .ok_or_else(|| "it does not export that interface".to_owned())?;
        let exports = Exports {
            component,
            interface,
        };
        Ok(Self {
            describe: exports.function("describe")?,
            origins: exports.function("origins")?,
            verify: exports.function("verify")?,
            list_companies: exports.function("list-companies")?,
            list_board_metadata: exports.function("list-board-metadata")?,
            check_ticket: exports.function("check-ticket")?,
            create_ticket: exports.function("create-ticket")?,
            get_ticket: exports.function("get-ticket")?,
            find_tickets: exports.function("find-tickets")?,
            add_note: exports.function("add-note")?,
            set_status: exports.function("set-status")?,
            list_contacts: exports.function("list-contacts")?,
            list_assets: exports.function("list-assets")?,
            list_sites: exports.function("list-sites")?,
            attach_asset: exports.function("attach-asset")?,
        })
    }
}

struct Exports<'a> {
    component: &'a Component,
    interface: ComponentExportIndex,
}

impl Exports<'_> {
    fn function<Parameters, Results>(
        &self,
        name: &'static str,
    ) -> Result<Function<Parameters, Results>, String>
    where
        Parameters: ComponentNamedList + Lower,
        Results: ComponentNamedList + Lift,
    {
        let (item, index) = self
            .component
            .get_export(Some(&self.interface), name)
            .ok_or_else(|| format!("it has no function `{name}`"))?;
        let ComponentItem::ComponentFunc(function) = item else {
            return Err(format!("its `{name}` is not a function"));
        };
        if function.async_() {
            return Err(format!(
                "its `{name}` is an async function, and the contract's is not"
            ));
        }
        // `typecheck` is undocumented in wasmtime; it is what the public lookup of a typed function calls, and the only
        // way to ask before an instance exists.
        function
            .typecheck::<Parameters, Results>(&self.component.component_type().instance_type())
            .map_err(|error| format!("its `{name}` has another type: {}", on_one_line(&error)))?;
        Ok(Function {
            name,
            index,
            signature: PhantomData,
        })
    }
}
