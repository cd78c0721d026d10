//! `interface service-desk`: what a connector is asked and what it answers.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::{enumeration, record};

record! {
    secret Setting {
        name: String = "name",
        value: String = "value",
    }
}

/// Shows the name only: the value may be a key.
impl fmt::Debug for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Setting({})", self.name)
    }
}

record! {
    Property {
        name: String = "name",
        value: String = "value",
    }
}

enumeration! {
    SettingKind {
        Text = "text",
        Secret = "secret",
        Host = "host",
        Choice = "choice",
    }
}

record! {
    SettingChoice {
        value: String = "value",
        label: String = "label",
    }
}

enumeration! {
    SettingSupplier {
        Customer = "customer",
        Platform = "platform",
    }
}

record! {
    SettingDescription {
        name: String = "name",
        label: String = "label",
        help: String = "help",
        kind: SettingKind = "kind",
        #[serde(default)]
        choices: Vec<SettingChoice> = "choices",
        is_required: bool = "is-required",
        supplied_by: SettingSupplier = "supplied-by",
        example: Option<String> = "example",
    }
}

enumeration! {
    Operation {
        Verify = "verify",
        ListCompanies = "list-companies",
        ListBoardMetadata = "list-board-metadata",
        CheckTicket = "check-ticket",
        CreateTicket = "create-ticket",
        GetTicket = "get-ticket",
    }
}

record! {
    Permission {
        id: String = "id",
        #[serde(default)]
        path: Vec<String> = "path",
        level: Option<String> = "level",
        #[serde(default)]
        needed_for: Vec<Operation> = "needed-for",
        request: String = "request",
    }
}

record! {
    DraftField {
        name: String = "name",
        is_required: bool = "is-required",
        maximum_length: Option<u32> = "maximum-length",
    }
}

record! {
    ConnectorDescription {
        vendor: String = "vendor",
        version: String = "version",
        #[serde(default)]
        settings: Vec<SettingDescription> = "settings",
        #[serde(default)]
        permissions: Vec<Permission> = "permissions",
        #[serde(default)]
        draft_fields: Vec<DraftField> = "draft-fields",
        board_label: Option<String> = "board-label",
        #[serde(default)]
        vendor_domains: Vec<String> = "vendor-domains",
    }
}

enumeration! {
    ErrorCode {
        InvalidSettings = "invalid-settings",
        InvalidInput = "invalid-input",
        Unauthorized = "unauthorized",
        Forbidden = "forbidden",
        NotFound = "not-found",
        Rejected = "rejected",
        RateLimited = "rate-limited",
        Unavailable = "unavailable",
        Denied = "denied",
        OutcomeUnknown = "outcome-unknown",
        Conflict = "conflict",
        UnexpectedResponse = "unexpected-response",
    }
}

record! {
    FieldError {
        field: Option<String> = "field",
        vendor_field: Option<String> = "vendor-field",
        message: String = "message",
    }
}

record! {
    ConnectorError {
        code: ErrorCode = "code",
        message: String = "message",
        hint: Option<String> = "hint",
        #[serde(default)]
        field_errors: Vec<FieldError> = "field-errors",
        #[serde(default)]
        permission_ids: Vec<String> = "permission-ids",
        retry_after_seconds: Option<u32> = "retry-after-seconds",
        http_status: Option<u16> = "http-status",
        vendor_code: Option<String> = "vendor-code",
        vendor_request_id: Option<String> = "vendor-request-id",
    }
}

enumeration! {
    PermissionState {
        Granted = "granted",
        Limited = "limited",
        Missing = "missing",
        Unknown = "unknown",
    }
}

record! {
    PermissionCheck {
        permission_id: String = "permission-id",
        state: PermissionState = "state",
        message: Option<String> = "message",
    }
}

record! {
    Verification {
        is_complete: bool = "is-complete",
        #[serde(default)]
        checks: Vec<PermissionCheck> = "checks",
        account: Option<String> = "account",
        server_version: Option<String> = "server-version",
        visible_companies: Option<u32> = "visible-companies",
        visible_boards: Option<u32> = "visible-boards",
    }
}

record! {
    #[derive(Default)]
    #[serde(default)]
    CompanyQuery {
        search: Option<String> = "search",
        ids: Vec<String> = "ids",
        include_inactive: bool = "include-inactive",
        statuses: Vec<String> = "statuses",
        types: Vec<String> = "types",
        limit: Option<u32> = "limit",
        cursor: Option<String> = "cursor",
    }
}

record! {
    Company {
        id: String = "id",
        identifier: Option<String> = "identifier",
        name: String = "name",
        status: Option<String> = "status",
        is_active: bool = "is-active",
        #[serde(default)]
        types: Vec<String> = "types",
    }
}

record! {
    CompanyPage {
        #[serde(default)]
        companies: Vec<Company> = "companies",
        next_cursor: Option<String> = "next-cursor",
    }
}

record! {
    Choice {
        id: String = "id",
        name: String = "name",
        board_id: Option<String> = "board-id",
        is_default: bool = "is-default",
        sort_order: Option<i32> = "sort-order",
        color: Option<String> = "color",
        #[serde(default)]
        properties: Vec<Property> = "properties",
    }
}

record! {
    TicketStatus {
        choice: Choice = "choice",
        is_closed: bool = "is-closed",
    }
}

record! {
    Subtype {
        choice: Choice = "choice",
        #[serde(default)]
        type_ids: Vec<String> = "type-ids",
    }
}

record! {
    ItemPath {
        type_id: String = "type-id",
        subtype_id: Option<String> = "subtype-id",
    }
}

record! {
    Item {
        choice: Choice = "choice",
        #[serde(default)]
        allowed_under: Vec<ItemPath> = "allowed-under",
    }
}

record! {
    Board {
        id: String = "id",
        name: String = "name",
        is_default: bool = "is-default",
    }
}

record! {
    Omission {
        part: String = "part",
        board_id: Option<String> = "board-id",
        message: String = "message",
    }
}

/// Which boards' lists to read.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "wasmtime",
    derive(
        wasmtime::component::ComponentType,
        wasmtime::component::Lift,
        wasmtime::component::Lower,
    )
)]
#[cfg_attr(feature = "wasmtime", component(variant))]
pub enum BoardSelection {
    #[cfg_attr(feature = "wasmtime", component(name = "boards-only"))]
    BoardsOnly,
    #[cfg_attr(feature = "wasmtime", component(name = "only"))]
    Only(Vec<String>),
    #[cfg_attr(feature = "wasmtime", component(name = "all"))]
    All,
}

record! {
    BoardMetadata {
        #[serde(default)]
        boards: Vec<Board> = "boards",
        #[serde(default)]
        statuses: Vec<TicketStatus> = "statuses",
        #[serde(default)]
        types: Vec<Choice> = "types",
        #[serde(default)]
        subtypes: Vec<Subtype> = "subtypes",
        #[serde(default)]
        items: Vec<Item> = "items",
        #[serde(default)]
        priorities: Vec<Choice> = "priorities",
        #[serde(default)]
        omissions: Vec<Omission> = "omissions",
    }
}

enumeration! {
    Rating {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

record! {
    Detail {
        label: String = "label",
        value: String = "value",
    }
}

record! {
    #[derive(Default)]
    #[serde(default)]
    TicketDraft {
        company_id: String = "company-id",
        board_id: Option<String> = "board-id",
        status_id: Option<String> = "status-id",
        type_id: Option<String> = "type-id",
        subtype_id: Option<String> = "subtype-id",
        item_id: Option<String> = "item-id",
        priority_id: Option<String> = "priority-id",
        severity: Option<Rating> = "severity",
        impact: Option<Rating> = "impact",
        site_id: Option<String> = "site-id",
        contact_id: Option<String> = "contact-id",
        source_id: Option<String> = "source-id",
        summary: String = "summary",
        description: Option<String> = "description",
        details: Vec<Detail> = "details",
        internal_note: Option<String> = "internal-note",
        reference: Option<String> = "reference",
        vendor_fields: Option<String> = "vendor-fields",
    }
}

record! {
    Named {
        id: String = "id",
        name: Option<String> = "name",
    }
}

record! {
    Ticket {
        id: String = "id",
        number: String = "number",
        summary: String = "summary",
        company: Option<Named> = "company",
        board: Option<Named> = "board",
        status: Option<Named> = "status",
        is_closed: Option<bool> = "is-closed",
        priority: Option<Named> = "priority",
        ticket_type: Option<Named> = "ticket-type",
        reference: Option<String> = "reference",
        created_at: Option<String> = "created-at",
        web_url: Option<String> = "web-url",
    }
}

enumeration! {
    Creation {
        Created = "created",
        Found = "found",
    }
}

record! {
    CreatedTicket {
        ticket: Ticket = "ticket",
        creation: Creation = "creation",
    }
}

impl Rating {
    /// Used only by bindings that wit-bindgen generates, which make an enum that way from its number in the contract.
    #[doc(hidden)]
    #[must_use]
    pub fn _lift(number: u8) -> Self {
        match number {
            0 => Self::Low,
            1 => Self::Medium,
            _ => Self::High,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;
    use alloc::format;
    use alloc::vec;

    use crate::{Request, Setting};

    #[test]
    fn debug_shows_no_secret() {
        let key = "QrStUvWxYz012345";
        let setting = Setting {
            name: "private-key".to_owned(),
            value: key.to_owned(),
        };
        let request = Request {
            method: "GET".to_owned(),
            url: "https://psa.example.com/".to_owned(),
            headers: vec![("authorization".to_owned(), format!("Basic {key}"))],
            body: Some(key.as_bytes().to_vec()),
        };
        let shown = format!("{setting:?} {request:?}");
        assert_eq!(
            shown,
            "Setting(private-key) Request(GET https://psa.example.com/)"
        );
    }
}
