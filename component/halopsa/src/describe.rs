//! What a form shows before anything is entered.

use psa_contract::{ConnectorDescription, Pacing, SettingKind};
use psa_toolkit::ServiceDesk as _;
use psa_toolkit::input::input_fields;
use psa_toolkit::settings::{SettingRow, descriptions};

use crate::HaloPsa;
use crate::draft::FIELDS;
use crate::permissions::PERMISSIONS;
use crate::settings::{
    AUTHORISATION_SERVER, CLIENT_ID, CLIENT_SECRET, NOTE_OUTCOME, RESOURCE_SERVER, TENANT,
    VENDOR_DOMAINS,
};

/// Halo takes 500 requests in 3 minutes (Fair Use Policy) from all integrations of a tenant together.
const PACING: Pacing = Pacing {
    concurrent_requests: Some(8),
    requests: Some(400),
    seconds: Some(180),
};

/// What a customer enters.
pub(crate) const SETTINGS: [SettingRow; 6] = [
    SettingRow::new(
        RESOURCE_SERVER,
        "Resource Server",
        SettingKind::Host,
        "Configuration > Integrations > HaloPSA API > API Details. In HaloITSM the page is HaloITSM API.",
        "https://example.halopsa.com/api",
    ),
    SettingRow::new(
        AUTHORISATION_SERVER,
        "Authorisation Server",
        SettingKind::Host,
        "On the same page. Needed only if its host is not that of the Resource Server. If it is shown without /auth, enter it \
         with /token behind it.",
        "https://example.halopsa.com/auth",
    )
    .optional(),
    SettingRow::new(
        TENANT,
        "Tenant",
        SettingKind::Text,
        "On the same page. Needed only if the Resource Server is in a domain of your own and the page shows a tenant.",
        "example",
    )
    .optional(),
    SettingRow::new(
        CLIENT_ID,
        "Client ID",
        SettingKind::Secret,
        "Configuration > Integrations > HaloPSA API > View Applications: the application's Details. Choose the Login Type Agent \
         first: changing it changes the id and the secret.",
        "00000000-0000-0000-0000-000000000000",
    ),
    SettingRow::new(
        CLIENT_SECRET,
        "Client Secret",
        SettingKind::Secret,
        "On the same page. Shown once, when the application is made.",
        "00000000-0000-0000-0000-000000000000-00000000-0000-0000-0000-000000000000",
    ),
    SettingRow::new(
        NOTE_OUTCOME,
        "Outcome of notes",
        SettingKind::Text,
        "The name or id of the outcome for private notes, if yours is not the stock one (id 7): Configuration > Tickets > Actions.",
        "Private Note",
    )
    .optional(),
];

pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "HaloPSA".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operations: HaloPsa::OPERATIONS.to_vec(),
        settings: descriptions(&SETTINGS),
        permissions: PERMISSIONS.iter().map(|it| it.describe()).collect(),
        input_fields: input_fields(&FIELDS),
        pacing: PACING,
        board_label: Some("Team".to_owned()),
        vendor_domains: VENDOR_DOMAINS.split(' ').map(str::to_owned).collect(),
        properties: Vec::new(),
    }
}
