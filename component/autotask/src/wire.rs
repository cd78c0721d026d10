//! The members of Autotask's records that this connector reads, by Autotask's names. Whatever is not here is ignored. A
//! member is optional unless a record is useless without it: unset ones are null, empty or absent.

use psa_toolkit::json::{Record, if_any};
use psa_toolkit::loose::{Flag, Text, Whole};
use psa_toolkit::note::ShownNote;
use psa_toolkit::pages::Row;
use psa_toolkit::permission::RequiredPermission;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::permissions::{ASSETS, COMPANIES, CONTACTS, LOCATIONS, NOTES_VIEW, TICKETS_VIEW};

/// Types of one answer each.
macro_rules! answers {
    ($($(#[$of_type:meta])* $name:ident { $($(#[$of_member:meta])* $member:ident: $type:ty,)+ })+) => {$(
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        $(#[$of_type])*
        pub(crate) struct $name {
            $($(#[$of_member])* pub(crate) $member: $type,)+
        }
    )+};
}

answers! {
    ZoneInformation {
        /// `https://webservices5.autotask.net/ATServicesRest/`.
        url: String,
    }
    PageDetails {
        /// That it is there counts. It is never followed.
        #[serde(default, deserialize_with = "if_any")]
        next_page_url: Option<String>,
    }
    Count { query_count: u64, }
    #[derive(Default)] #[serde(default)]
    Version { major_version: Text, minor_version: Text, build: Text, }
    EntityInformation { info: Record<Rights>, }
    /// What the API offers for an entity, and what this user may do with it, in a text, a number or a flag.
    #[derive(Default)] #[serde(default)]
    Rights {
        can_create: Option<bool>, can_query: Option<bool>, can_update: Option<bool>,
        user_access_for_create: Text, user_access_for_query: Text, user_access_for_update: Text,
    }
    #[derive(Default)]
    Fields { fields: Vec<Record<Field>>, }
    Field { name: String, picklist_values: Option<Vec<Record<PicklistValue>>>, }
    PicklistValue {
        #[serde(deserialize_with = "id")]
        value: i64,
        /// Empty if it has none.
        #[serde(default)]
        parent_value: Whole,
        label: Option<String>, is_default_value: Option<bool>, sort_order: Option<i32>, is_active: Option<bool>,
        is_system: Option<bool>,
    }
}

/// The answer to a query or to a write.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reply<T> {
    pub(crate) items: Option<Vec<Record<T>>>,
    /// Some(None): it is there, and null.
    #[serde(default, deserialize_with = "if_there")]
    pub(crate) item: Option<Option<IgnoredAny>>,
    pub(crate) page_details: Option<Record<PageDetails>>,
    pub(crate) item_id: Option<i64>,
    pub(crate) errors: Option<Vec<String>>,
}

impl<T> Reply<T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.as_ref().is_some_and(Vec::is_empty) || matches!(self.item, Some(None))
    }
}

fn if_there<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<IgnoredAny>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Values are texts in one place and numbers in another.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let Whole(id) = Whole::deserialize(deserializer)?;
    id.ok_or_else(|| serde::de::Error::custom("expected the id of a value"))
}

/// A record of an entity: its name here and the entity's, who may see it, then the members that are asked for and read, by
/// both names: those that have to be there, and the others. Last, where the zone that it came from is noted, if it is.
macro_rules! record {
    ($record:ident = $entity:literal, $view:ident: $($needed:ident $needed_name:literal $needed_type:ty),*;
     $($member:ident $name:literal $type:ty),* $(; in $zone:ident)?) => {
        #[derive(Clone, Default, Deserialize)]
        pub(crate) struct $record {
            pub(crate) id: i64,
            $(#[serde(rename = $needed_name)] pub(crate) $needed: $needed_type,)*
            $(#[serde(rename = $name, default)] pub(crate) $member: $type,)*
            $(#[serde(skip)] pub(crate) $zone: String,)?
        }

        impl Entity for $record {
            const NAME: &'static str = $entity;
            const VIEW: &'static RequiredPermission = &$view;
            const FIELDS: &'static [&'static str] = &["id", $($needed_name,)* $($name),*];
            $(fn set_zone(&mut self, zone: &str) {
                zone.clone_into(&mut self.$zone);
            })?
        }

        impl Row for $record {
            fn id(&self) -> i64 {
                self.id
            }
        }
    };
}

/// What can be queried.
pub(crate) trait Entity: Row + serde::de::DeserializeOwned {
    /// As a URL has it.
    const NAME: &'static str;
    /// The right to see it.
    const VIEW: &'static RequiredPermission;
    /// What is asked for.
    const FIELDS: &'static [&'static str];

    /// Notes the zone that it came from, if that is of interest.
    fn set_zone(&mut self, _zone: &str) {}
}

record!(Company = "Companies", COMPANIES: name "companyName" String;
    number "companyNumber" Text, company_type "companyType" Whole, is_active "isActive" Flag,
    parent_id "parentCompanyID" Option<i64>);

record!(Contact = "Contacts", CONTACTS: ;
    first_name "firstName" Text, last_name "lastName" Text, email "emailAddress" Text, email2 "emailAddress2" Text,
    email3 "emailAddress3" Text, phone "phone" Text, company_id "companyID" Option<i64>,
    location_id "companyLocationID" Option<i64>, is_primary "primaryContact" Flag, is_active "isActive" Flag);

record!(Location = "CompanyLocations", LOCATIONS: ;
    name "name" Option<String>, company_id "companyID" Option<i64>, is_primary "isPrimary" Flag, is_active "isActive" Flag);

record!(Asset = "ConfigurationItems", ASSETS: ;
    title "referenceTitle" Text, serial_number "serialNumber" Text, asset_type "configurationItemType" Whole,
    company_id "companyID" Option<i64>, location_id "companyLocationID" Option<i64>, contact_id "contactID" Option<i64>,
    is_active "isActive" Flag);

record!(AttachedAsset = "TicketAdditionalConfigurationItems", TICKETS_VIEW:
    ticket_id "ticketID" i64, asset_id "configurationItemID" i64;);

record!(Ticket = "Tickets", TICKETS_VIEW: number "ticketNumber" Option<String>, title "title" String;
    company_id "companyID" Option<i64>,
    queue_id "queueID" Option<i64>, status "status" Option<i64>, priority "priority" Option<i64>,
    issue_type "issueType" Option<i64>, sub_issue_type "subIssueType" Option<i64>, source "source" Option<i64>,
    contact_id "contactID" Option<i64>, location_id "companyLocationID" Option<i64>,
    asset_id "configurationItemID" Option<i64>, reference "externalID" Option<String>,
    resolution "resolution" Text, created_at "createDate" Option<String>,
    updated_at "lastActivityDate" Option<String>, completed_at "completedDate" Option<String>; in zone);

record!(Note = "TicketNotes", NOTES_VIEW: ticket_id "ticketID" i64;
    description "description" Option<String>, publish "publish" Option<i64>);

/// Of a note's `publish`: the staff alone.
pub(crate) const INTERNAL: i64 = 2;

impl Note {
    /// As the contract's note, which is for the staff.
    pub(crate) fn shown(self) -> ShownNote {
        ShownNote {
            id: Some(self.id),
            ticket_id: Some(self.ticket_id),
            text: self.description,
            has_other_audience: self.publish.is_some_and(|it| it != INTERNAL),
        }
    }
}
