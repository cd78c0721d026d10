//! The members of Autotask's records that this connector reads, by Autotask's names. Whatever is not here is ignored. A
//! member is optional unless a record is useless without it: unset ones are null, empty or absent.

use psa_toolkit::json::{Record, if_any};
use psa_toolkit::note::ShownNote;
use psa_toolkit::pages::Row;
use psa_toolkit::permission::RequiredPermission;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::permissions::{ASSETS, COMPANIES, CONTACTS, LOCATIONS, NOTES_VIEW, TICKETS_VIEW};

/// A text, or what should be one: picklist values are texts in one place and numbers in another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text.trim().to_owned())),
            value @ (Value::Number(_) | Value::Bool(_)) => Ok(Self(value.to_string())),
            _ => Err(serde::de::Error::custom("expected a text or a number")),
        }
    }
}

/// Whether a record is in use: unless it says that it is not. Contacts have 0 and 1.
pub(crate) fn is_active(flag: &Option<Text>) -> bool {
    is(flag) != Some(false)
}

/// A flag. None: it is not there, or is none.
pub(crate) fn is(flag: &Option<Text>) -> Option<bool> {
    match flag.as_ref().map(|it| it.0.as_str()) {
        Some("true" | "1") => Some(true),
        Some("false" | "0") => Some(false),
        _ => None,
    }
}

/// A text with something in it.
pub(crate) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

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
    Written { item_id: Option<i64>, errors: Option<Vec<String>>, }
    /// `{"errors": […]}` of the API, `{"Message": "…"}` of the framework under it.
    #[derive(Default)]
    #[serde(default)]
    Refusal {
        #[serde(deserialize_with = "if_any")]
        errors: Option<Vec<String>>,
        #[serde(alias = "Message", deserialize_with = "if_any")]
        message: Option<String>,
    }
    Count { query_count: i64, }
    Version { major_version: Option<Text>, minor_version: Option<Text>, build: Option<Text>, }
    EntityInformation { info: Record<Rights>, }
    /// What the API offers for an entity, and what this user may do with it.
    Rights {
        can_create: Option<bool>, can_query: Option<bool>, can_update: Option<bool>,
        user_access_for_create: Option<Text>, user_access_for_query: Option<Text>, user_access_for_update: Option<Text>,
    }
    Fields { fields: Vec<Record<Field>>, }
    Field { name: String, picklist_values: Option<Vec<Record<PicklistValue>>>, }
    PicklistValue {
        #[serde(deserialize_with = "id")]
        value: Text,
        label: Option<String>, is_default_value: Option<bool>, sort_order: Option<i32>, parent_value: Option<Text>,
        is_active: Option<bool>, is_system: Option<bool>,
    }
}

/// The answer to a query.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    pub(crate) items: Option<Vec<Record<T>>>,
    /// Some(None): it is there, and null.
    #[serde(default, deserialize_with = "if_there")]
    pub(crate) item: Option<Option<IgnoredAny>>,
    pub(crate) page_details: Option<Record<PageDetails>>,
    pub(crate) errors: Option<Vec<String>>,
}

impl<T> Page<T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.as_ref().is_some_and(Vec::is_empty) || matches!(self.item, Some(None))
    }
}

fn if_there<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<IgnoredAny>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    let text = Text::deserialize(deserializer)?;
    match text.0.parse::<i64>() {
        Ok(_) => Ok(text),
        Err(_) => Err(serde::de::Error::custom("expected the id of a value")),
    }
}

/// A record of an entity: its name here and the entity's, who may see it, then the members that are asked for and read, by
/// both names.
macro_rules! record {
    ($record:ident = $entity:literal, $view:ident: $($member:ident $name:literal $type:ty),+) => {
        #[derive(Clone, Default, Deserialize)]
        pub(crate) struct $record {
            pub(crate) id: i64,
            $(#[serde(rename = $name)] pub(crate) $member: $type,)+
        }

        impl Entity for $record {
            const NAME: &'static str = $entity;
            const VIEW: &'static RequiredPermission = &$view;
            const FIELDS: &'static [&'static str] = &["id", $($name),+];
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
}

/// What belongs to a company.
pub(crate) trait OfCompany: Entity {
    /// None: it does not show it.
    fn company_id(&self) -> Option<i64>;
}

macro_rules! of_company {
    ($($record:ty),+) => {$(
        impl OfCompany for $record {
            fn company_id(&self) -> Option<i64> {
                self.company_id
            }
        }
    )+};
}

of_company!(Contact, Location, Asset);

record!(Company = "Companies", COMPANIES:
    name "companyName" String, number "companyNumber" Option<Text>, company_type "companyType" Option<Text>,
    is_active "isActive" Option<Text>, parent_id "parentCompanyID" Option<i64>);

record!(Contact = "Contacts", CONTACTS:
    first_name "firstName" Option<String>, last_name "lastName" Option<String>, email "emailAddress" Option<String>,
    email2 "emailAddress2" Option<String>, email3 "emailAddress3" Option<String>, phone "phone" Option<Text>,
    company_id "companyID" Option<i64>, location_id "companyLocationID" Option<i64>,
    is_primary "primaryContact" Option<Text>, is_active "isActive" Option<Text>);

record!(Location = "CompanyLocations", LOCATIONS:
    name "name" Option<String>, company_id "companyID" Option<i64>, is_primary "isPrimary" Option<Text>,
    is_active "isActive" Option<Text>);

record!(Asset = "ConfigurationItems", ASSETS:
    title "referenceTitle" Option<String>, serial_number "serialNumber" Option<Text>,
    asset_type "configurationItemType" Option<Text>, company_id "companyID" Option<i64>,
    location_id "companyLocationID" Option<i64>, contact_id "contactID" Option<i64>, is_active "isActive" Option<Text>);

record!(AttachedAsset = "TicketAdditionalConfigurationItems", TICKETS_VIEW:
    ticket_id "ticketID" i64, asset_id "configurationItemID" i64);

record!(Ticket = "Tickets", TICKETS_VIEW:
    number "ticketNumber" Option<String>, title "title" String, company_id "companyID" Option<i64>,
    queue_id "queueID" Option<i64>, status "status" Option<i64>, priority "priority" Option<i64>,
    issue_type "issueType" Option<i64>, sub_issue_type "subIssueType" Option<i64>, source "source" Option<i64>,
    contact_id "contactID" Option<i64>, location_id "companyLocationID" Option<i64>,
    asset_id "configurationItemID" Option<i64>, reference "externalID" Option<String>,
    resolution "resolution" Option<String>, created_at "createDate" Option<String>,
    updated_at "lastActivityDate" Option<String>, completed_at "completedDate" Option<String>);

record!(Note = "TicketNotes", NOTES_VIEW:
    ticket_id "ticketID" i64, description "description" Option<String>, publish "publish" Option<i64>);

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
