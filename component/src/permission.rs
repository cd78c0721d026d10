//! The rights that the PSA's administrator grants, as a table: description, checks and hints all read this one.
//!
//! Source: the permission table of the HYAS Protect integration (docs.hyas.com, "ConnectWise"), and the Developer Guide's
//! remark that a look-up of tickets needs Inquire on Service Tickets.

use psa_contract::{Operation, Permission};

use Operation::{CheckTicket, CreateTicket, GetTicket, ListBoardMetadata, ListCompanies, Verify};

/// What a security role can allow on a function. Edit and Delete are never needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Access {
    Add,
    Inquire,
}

/// A right: a row of the table.
#[derive(Debug, PartialEq)]
pub(crate) struct Right {
    pub(crate) id: &'static str,
    pub(crate) module: &'static str,
    pub(crate) function: &'static str,
    pub(crate) access: Access,
    pub(crate) request: &'static str,
    pub(crate) needed_for: &'static [Operation],
}

pub(crate) static OWN_ROLE: Right = Right {
    id: "member-maintenance-inquire",
    module: "System",
    function: "Member Maintenance",
    access: Access::Inquire,
    request: "GET /system/mySecurity",
    needed_for: &[Verify],
};

pub(crate) static COMPANIES: Right = Right {
    id: "company-maintenance-inquire",
    module: "Companies",
    function: "Company Maintenance",
    access: Access::Inquire,
    request: "GET /company/companies",
    needed_for: &[Verify, ListCompanies, CheckTicket],
};

pub(crate) static BOARDS: Right = Right {
    id: "service-boards-inquire",
    module: "Service Desk",
    function: "Service Tickets",
    access: Access::Inquire,
    request: "GET /service/info/boards",
    needed_for: &[Verify, ListBoardMetadata, CheckTicket],
};

pub(crate) static PRIORITIES: Right = Right {
    id: "table-setup-inquire-priorities",
    module: "System",
    function: "Table Setup",
    access: Access::Inquire,
    request: "GET /service/priorities",
    needed_for: &[Verify, ListBoardMetadata, CheckTicket],
};

pub(crate) static BOARD_TYPES: Right = Right {
    id: "table-setup-inquire-types",
    module: "System",
    function: "Table Setup",
    access: Access::Inquire,
    request: "GET /service/boards/{parentId}/types",
    needed_for: &[Verify, ListBoardMetadata, CheckTicket],
};

pub(crate) static BOARD_STATUSES: Right = Right {
    id: "table-setup-inquire-statuses",
    module: "System",
    function: "Table Setup",
    access: Access::Inquire,
    request: "GET /service/boards/{parentId}/statuses",
    needed_for: &[Verify, ListBoardMetadata, CheckTicket],
};

pub(crate) static TICKETS_ADD: Right = Right {
    id: "service-tickets-add",
    module: "Service Desk",
    function: "Service Tickets",
    access: Access::Add,
    request: "POST /service/tickets",
    needed_for: &[CreateTicket],
};

pub(crate) static TICKETS_INQUIRE: Right = Right {
    id: "service-tickets-inquire",
    module: "Service Desk",
    function: "Service Tickets",
    access: Access::Inquire,
    request: "GET /service/tickets",
    needed_for: &[Verify, CreateTicket, GetTicket],
};

/// Every right, in the order of the description.
pub(crate) static RIGHTS: [&Right; 8] = [
    &OWN_ROLE,
    &COMPANIES,
    &BOARDS,
    &PRIORITIES,
    &BOARD_TYPES,
    &BOARD_STATUSES,
    &TICKETS_ADD,
    &TICKETS_INQUIRE,
];

impl Right {
    pub(crate) fn describe(&self) -> Permission {
        Permission {
            id: self.id.to_owned(),
            path: ["System", "Security Roles", self.module, self.function]
                .map(str::to_owned)
                .into(),
            level: Some([self.access.name(), " (All)"].concat()),
            needed_for: self.needed_for.to_vec(),
            request: self.request.to_owned(),
        }
    }

    /// Which clicks grant it.
    pub(crate) fn where_to_set_it(&self) -> String {
        let customize = if self.function == "Table Setup" {
            "; then click customize beside Table Setup and move Service / Service Board and the entry for priorities to the \
             allowed ones"
        } else {
            ""
        };
        [
            "in System > Security Roles, open the role of the API member and under ",
            self.module,
            " set ",
            self.function,
            ": ",
            self.access.name(),
            " to All",
            customize,
        ]
        .concat()
    }
}

impl Access {
    /// The column's heading in the security role.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Inquire => "Inquire",
        }
    }
}
