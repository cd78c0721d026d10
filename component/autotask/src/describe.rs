//! What a host can know before anything is entered: the texts of the settings form, the permissions, the fields.

use psa_contract::{ConnectorDescription, Pacing, SettingKind};
use psa_toolkit::ServiceDesk;
use psa_toolkit::input::input_fields;
use psa_toolkit::settings::{SettingRow, descriptions};

use crate::Autotask;
use crate::draft::FIELDS;
use crate::permissions::PERMISSIONS;
use crate::settings::{INTEGRATION_CODE, SECRET, USER_NAME, ZONE};

/// The connector's description, always the same.
pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "Autotask PSA".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operations: Autotask::OPERATIONS.to_vec(),
        settings: descriptions(&SETTINGS),
        permissions: PERMISSIONS.iter().map(|it| it.describe()).collect(),
        input_fields: input_fields(&FIELDS),
        // Half of what all integrations of a tenant share (Developer Help, "Thresholds and limits"). Of three requests at once
        // for one entity the third is slowed down, and a fourth refused (ibid., "Thread limiting").
        pacing: Pacing {
            concurrent_requests: Some(2),
            requests: Some(5_000),
            seconds: Some(3_600),
        },
        board_label: Some("Queue".to_owned()),
        vendor_domains: vec!["autotask.net".to_owned()],
        properties: Vec::new(),
    }
}

/// What is entered.
pub(crate) const SETTINGS: [SettingRow; 4] = [
    SettingRow::new(
        USER_NAME,
        "Username (Key)",
        SettingKind::Text,
        "Admin > Organization Settings & Users > Resources/Users (HR) > Resources/Users > New API User: Generate Key. It \
         looks like an e-mail address.",
        "ab1c2d3e4f5g6h7@example.com",
    ),
    SettingRow::new(
        SECRET,
        "Password (Secret)",
        SettingKind::Secret,
        "Beside the Username (Key): Generate Secret. Copy it before you save: it is shown only once.",
        "0x$0~0X0*0x#0@0X0$0x~0X0*",
    ),
    SettingRow::new(
        INTEGRATION_CODE,
        "API Tracking Identifier",
        SettingKind::Secret,
        "Of the integration's vendor, who has it from Datto: select that vendor as Integration Vendor at the API user. \
         For an integration of your own, select Custom (Internal Integration) there, and copy the identifier that \
         Autotask shows.",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0",
    )
    .of_platform(),
    SettingRow::new(
        ZONE,
        "Zone",
        SettingKind::Host,
        "Leave it empty: the zone is looked up by the username. Otherwise paste the address in your browser's bar: \
         ww5.autotask.net becomes webservices5.autotask.net.",
        "webservices5.autotask.net",
    )
    .optional(),
];
