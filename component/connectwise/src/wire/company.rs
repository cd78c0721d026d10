//! What belongs to a company: its contacts, configurations and sites.

use psa_toolkit::json::or_default;
use serde::Deserialize;

use super::Reference;

/// `Contact`. It has neither a name nor an address of its own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contact {
    pub(crate) id: i64,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) company: Option<Reference>,
    pub(crate) site: Option<Reference>,
    pub(crate) inactive_flag: Option<bool>,
    pub(crate) default_flag: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) communication_items: Vec<CommunicationItem>,
}

/// An address or a number of a contact. Its `type` has a name of the tenant's own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommunicationItem {
    pub(crate) value: Option<String>,
    /// `Email`, `Phone` or `Fax`.
    pub(crate) communication_type: Option<String>,
    pub(crate) default_flag: Option<bool>,
}

/// `Configuration`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Configuration {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) r#type: Option<Reference>,
    pub(crate) serial_number: Option<String>,
    pub(crate) company: Option<Reference>,
    pub(crate) site: Option<Reference>,
    pub(crate) contact: Option<Reference>,
    pub(crate) active_flag: Option<bool>,
}

/// `CompanySite`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Site {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) primary_address_flag: Option<bool>,
    pub(crate) inactive_flag: Option<bool>,
}

/// Of a site that is looked up by its id: whether it is active.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Activity {
    pub(crate) id: i64,
    pub(crate) inactive_flag: Option<bool>,
}
