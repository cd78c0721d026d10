//! What a host can know before anything is entered: the texts of the settings form, the permissions, the draft's fields.

use psa_contract::{
    ConnectorDescription, InputField, Operation, Pacing, SettingDescription, SettingKind,
    SettingSupplier,
};

use crate::draft::LONGEST_REFERENCE;
use crate::permission::RIGHTS;
use crate::settings::{API_VERSION, CLIENT_ID, COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY, SITE};
use crate::text::LONGEST_SUMMARY_UTF16_UNITS;

/// The connector's description, always the same.
#[must_use]
pub fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "ConnectWise PSA".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operations: OPERATIONS.to_vec(),
        settings: settings(),
        permissions: RIGHTS.iter().map(|right| right.describe()).collect(),
        input_fields: input_fields(),
        // About 1,000 requests a minute were seen to be answered before a 429 (recorded behaviour). The rest is left to other
        // integrations of the tenant.
        pacing: Pacing {
            concurrent_requests: Some(16),
            requests: Some(800),
            seconds: Some(60),
        },
        board_label: Some("Service Board".to_owned()),
        vendor_domains: ["myconnectwise.net", "connectwisedev.com"]
            .map(str::to_owned)
            .into(),
        properties: Vec::new(),
    }
}

/// The functions that this connector has.
pub(crate) const OPERATIONS: [Operation; 6] = [
    Operation::Verify,
    Operation::ListCompanies,
    Operation::ListBoardMetadata,
    Operation::CheckTicket,
    Operation::CreateTicket,
    Operation::GetTicket,
];

/// A setting: name, label, kind, help, example.
type Row = (
    &'static str,
    &'static str,
    SettingKind,
    &'static str,
    &'static str,
);

const SETTINGS: [Row; 6] = [
    (
        SITE,
        "Site",
        SettingKind::Host,
        "The host of your region's API, or of your own server. The address in your browser's bar will do: \
         na.myconnectwise.net becomes api-na.myconnectwise.net.",
        "api-na.myconnectwise.net",
    ),
    (
        COMPANY_ID,
        "Company ID",
        SettingKind::Text,
        "What you type as Company when you sign in to ConnectWise PSA, in the same case.",
        "examplemsp",
    ),
    (
        PUBLIC_KEY,
        "Public Key",
        SettingKind::Text,
        "System > Members > API Members > the member > API Keys > + .",
        "AbCdEfGhIjKlMnOp",
    ),
    (
        PRIVATE_KEY,
        "Private Key",
        SettingKind::Secret,
        "Shown once, when the pair of keys is made. If it was not kept, make a new pair.",
        "QrStUvWxYz012345",
    ),
    (
        CLIENT_ID,
        "Client ID",
        SettingKind::Secret,
        "From developer.connectwise.com. It belongs to the vendor of the integration, once for all its customers.",
        "00000000-0000-0000-0000-000000000000",
    ),
    (
        API_VERSION,
        "API Version",
        SettingKind::Text,
        "Pins the version of the API's model. Empty: the newest that the server has.",
        "2025.16",
    ),
];

fn settings() -> Vec<SettingDescription> {
    SETTINGS
        .iter()
        .map(|(name, label, kind, help, example)| SettingDescription {
            name: (*name).to_owned(),
            label: (*label).to_owned(),
            help: (*help).to_owned(),
            kind: *kind,
            choices: Vec::new(),
            is_required: *name != API_VERSION,
            supplied_by: match *name {
                CLIENT_ID | API_VERSION => SettingSupplier::Platform,
                _ => SettingSupplier::Customer,
            },
            example: Some((*example).to_owned()),
        })
        .collect()
}

/// A field of the draft, whether it is required, and the most characters it takes; zero: no limit known.
const DRAFT_FIELDS: [(&str, bool, usize); 18] = [
    ("company-id", true, 0),
    ("board-id", false, 0),
    ("status-id", false, 0),
    ("type-id", false, 0),
    ("subtype-id", false, 0),
    ("item-id", false, 0),
    ("priority-id", false, 0),
    ("severity", false, 0),
    ("impact", false, 0),
    ("site-id", false, 0),
    ("contact-id", false, 0),
    ("source-id", false, 0),
    ("summary", true, LONGEST_SUMMARY_UTF16_UNITS),
    ("description", false, 0),
    ("details", false, 0),
    ("internal-note", false, 0),
    ("reference", false, LONGEST_REFERENCE),
    ("vendor-fields", false, 0),
];

fn input_fields() -> Vec<InputField> {
    DRAFT_FIELDS
        .iter()
        .map(|(name, is_required, length)| InputField {
            operation: Operation::CreateTicket,
            name: (*name).to_owned(),
            is_required: *is_required,
            maximum_length: u32::try_from(*length).ok().filter(|length| *length > 0),
            maximum_count: None,
            allowed: Vec::new(),
        })
        .collect()
}
