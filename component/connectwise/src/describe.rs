//! What a host can know before anything is entered: the texts of the settings form, the permissions, the fields.

use psa_contract::{ConnectorDescription, Pacing, SettingKind};
use psa_toolkit::ServiceDesk;
use psa_toolkit::input::input_fields;
use psa_toolkit::settings::{SettingRow, descriptions};

use crate::draft::FIELDS;
use crate::permissions::PERMISSIONS;
use crate::settings::{API_VERSION, CLIENT_ID, COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY, SITE};
use crate::{ConnectWise, notes, ticket};

/// The connector's description, always the same.
pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "ConnectWise PSA".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operations: ConnectWise::OPERATIONS.to_vec(),
        settings: descriptions(&SETTINGS),
        permissions: PERMISSIONS.iter().map(|it| it.describe()).collect(),
        input_fields: input_fields(&[&FIELDS[..], &notes::FIELDS, &ticket::STATUS_FIELDS].concat()),
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

/// What is entered.
pub(crate) const SETTINGS: [SettingRow; 6] = [
    SettingRow::new(
        SITE,
        "Site",
        SettingKind::Host,
        "The host of your region's API, or your own server. You can paste the address from your browser: \
         na.myconnectwise.net becomes api-na.myconnectwise.net.",
        "api-na.myconnectwise.net",
    ),
    SettingRow::new(
        COMPANY_ID,
        "Company ID",
        SettingKind::Text,
        "What you enter as Company when you sign in to ConnectWise PSA, with the same upper and lower case.",
        "examplemsp",
    ),
    SettingRow::new(
        PUBLIC_KEY,
        "Public Key",
        SettingKind::Text,
        "System > Members > API Members > the member > API Keys > + .",
        "AbCdEfGhIjKlMnOp",
    ),
    SettingRow::new(
        PRIVATE_KEY,
        "Private Key",
        SettingKind::Secret,
        "Shown only once, when the pair of keys is created. If you no longer have it, create a new pair.",
        "QrStUvWxYz012345",
    ),
    SettingRow::new(
        CLIENT_ID,
        "Client ID",
        SettingKind::Secret,
        "From developer.connectwise.com. The vendor of the integration has one for all its customers.",
        "00000000-0000-0000-0000-000000000000",
    )
    .of_platform(),
    SettingRow::new(
        API_VERSION,
        "API Version",
        SettingKind::Text,
        "The version of the API's data model. Leave it empty for the newest that the server has.",
        "2025.16",
    )
    .optional()
    .of_platform(),
];
