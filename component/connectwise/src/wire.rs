//! The members of ConnectWise's records that this connector reads, by ConnectWise's names. Whatever is not here is ignored.
//! A member is optional unless a record is useless without it: unset ones are left out by current versions and null in old
//! ones (recorded behaviour of both).

mod company;

use psa_toolkit::json::{Record, if_any, or_default};
use psa_toolkit::pages::Row;
use serde::Deserialize;

pub(crate) use self::company::{CommunicationItem, Configuration, Contact, Site};

/// A flag that is not set is false.
pub(crate) fn is(flag: Option<bool>) -> bool {
    flag.unwrap_or(false)
}

/// `{"id": 5, "name": "Help Desk", "_info": {…}}`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Reference {
    pub(crate) id: Option<i64>,
    pub(crate) name: Option<String>,
}

impl Reference {
    /// Its id, as the contract has it.
    pub(crate) fn id_text(&self) -> Option<String> {
        self.id.map(|id| id.to_string())
    }
}

/// A reference of which only the name counts.
#[derive(Deserialize)]
pub(crate) struct Named {
    pub(crate) name: Option<String>,
}

/// `Company`. It has no flag for inactive: `status` is a table of the tenant's own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Company {
    pub(crate) id: i64,
    pub(crate) identifier: Option<String>,
    pub(crate) name: String,
    pub(crate) status: Option<CompanyStatus>,
    pub(crate) deleted_flag: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) types: Vec<Named>,
}

impl Company {
    /// Whether its status is the one that ConnectWise ships as `Inactive`, or another of which the server says the same.
    pub(crate) fn has_inactive_status(&self) -> bool {
        let status = self.status.as_ref();
        let name = status.and_then(|it| it.name.as_deref()).unwrap_or_default();
        status.is_some_and(|it| is(it.inactive_flag))
            || name.trim().eq_ignore_ascii_case("inactive")
    }
}

/// `CompanyStatusReference`. Its flag is not in the published schema; some servers send it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompanyStatus {
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) inactive_flag: Option<bool>,
}

/// `BoardInfo`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Board {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) project_flag: Option<bool>,
    pub(crate) inactive_flag: Option<bool>,
}

impl Board {
    /// A board that takes service tickets now. The flags are nullable, so they are not left to the server.
    pub(crate) fn is_open(&self) -> bool {
        !is(self.inactive_flag) && !is(self.project_flag)
    }
}

/// `Priority`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Priority {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) default_flag: Option<bool>,
    pub(crate) sort_order: Option<i64>,
    pub(crate) color: Option<String>,
    pub(crate) level: Option<String>,
}

/// `Source`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Source {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) default_flag: Option<bool>,
}

/// `BoardStatus`. The only list whose flag is not called `inactiveFlag`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) inactive: Option<bool>,
    pub(crate) closed_status: Option<bool>,
    pub(crate) default_flag: Option<bool>,
    pub(crate) sort_order: Option<i64>,
}

/// `BoardType`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Type {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) inactive_flag: Option<bool>,
    pub(crate) default_flag: Option<bool>,
}

/// `BoardSubType`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subtype {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) inactive_flag: Option<bool>,
    /// The types that it goes under. Empty: every one.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) type_association_ids: Vec<i64>,
}

/// `BoardItem`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) inactive_flag: Option<bool>,
}

/// `BoardTypeSubTypeItemAssociation`: an item, and what it goes under. Without its type, the item would seem to go under
/// every one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Association {
    pub(crate) id: i64,
    pub(crate) r#type: RecordId,
    pub(crate) sub_type: Option<Reference>,
    pub(crate) item: Option<Reference>,
}

/// `{"id": 5}`.
#[derive(Deserialize)]
pub(crate) struct RecordId {
    pub(crate) id: i64,
}

/// `Ticket`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ticket {
    pub(crate) id: i64,
    pub(crate) summary: Option<String>,
    pub(crate) company: Option<Reference>,
    pub(crate) board: Option<Reference>,
    pub(crate) status: Option<Reference>,
    pub(crate) priority: Option<Reference>,
    pub(crate) r#type: Option<Reference>,
    pub(crate) sub_type: Option<Reference>,
    pub(crate) item: Option<Reference>,
    pub(crate) site: Option<Reference>,
    pub(crate) contact: Option<Reference>,
    pub(crate) source: Option<Reference>,
    pub(crate) severity: Option<String>,
    pub(crate) impact: Option<String>,
    pub(crate) closed_flag: Option<bool>,
    pub(crate) closed_date: Option<String>,
    /// The ticket that this one was merged into.
    pub(crate) merged_parent_ticket: Option<Reference>,
    pub(crate) external_x_ref: Option<String>,
    /// Its shape differs by version.
    #[serde(default, rename = "_info", deserialize_with = "if_any")]
    pub(crate) info: Option<Record<TicketInfo>>,
}

/// `_info` of a ticket.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketInfo {
    pub(crate) date_entered: Option<String>,
    pub(crate) last_updated: Option<String>,
}

/// `ServiceNote`. Who can read it is in its three flags: `internalFlag` and `externalFlag` say nothing that can be relied on
/// (recorded: both true, then both null).
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Note {
    pub(crate) id: Option<i64>,
    pub(crate) ticket_id: Option<i64>,
    pub(crate) text: Option<String>,
    pub(crate) detail_description_flag: Option<bool>,
    pub(crate) resolution_flag: Option<bool>,
    pub(crate) date_created: Option<String>,
}

/// `MySecurity`: what the caller's role allows on one function. Levels are `None`, `My` or `All`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MySecurity {
    pub(crate) add_level: Option<String>,
    pub(crate) edit_level: Option<String>,
    pub(crate) inquire_level: Option<String>,
    pub(crate) module_name: Option<String>,
    pub(crate) module_function_name: Option<String>,
    pub(crate) module_description: Option<String>,
    pub(crate) module_function_description: Option<String>,
    pub(crate) member: Option<Member>,
}

/// The member that a role is of.
#[derive(Deserialize)]
pub(crate) struct Member {
    pub(crate) identifier: Option<String>,
    pub(crate) name: Option<String>,
}

/// Any record, of which nothing matters but that it is there.
#[derive(Deserialize)]
pub(crate) struct AnyRecord {}

/// `Count`.
#[derive(Deserialize)]
pub(crate) struct Count {
    pub(crate) count: u32,
}

/// `Info` of `/system/info`.
#[derive(Deserialize)]
pub(crate) struct Info {
    pub(crate) version: Option<String>,
}

/// `/login/companyinfo/{company}`; null where the company is not known.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CompanyInfo {
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) codebase: Option<String>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) site_url: Option<String>,
}

macro_rules! rows {
    ($($record:ty),*) => {
        $(impl Row for $record {
            fn id(&self) -> i64 {
                self.id
            }
        })*
    };
}

rows!(
    Company,
    Board,
    Priority,
    Source,
    Status,
    Type,
    Subtype,
    Item,
    Association,
    RecordId,
    Ticket,
    Contact,
    Configuration,
    Site
);
