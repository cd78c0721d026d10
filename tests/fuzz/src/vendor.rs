//! What the rules have to know of a vendor beside its connector: the settings of a tenant that does not exist, and how its
//! answers are told apart.

use std::sync::LazyLock;

use autotask_psa::Autotask;
use connectwise_psa::ConnectWise;
use halopsa_psa::HaloPsa;
use psa_contract::{ConnectorDescription, Operation, Request, Setting};
use psa_toolkit::ServiceDesk as _;

use crate::answers::{Answer, good};
use crate::desk::Desk;
use crate::functions::{call, use_settings};

/// The records of the vendor's cases that the arguments name.
pub(crate) struct Ids {
    pub(crate) company: &'static str,
    pub(crate) ticket: &'static str,
    pub(crate) asset: &'static str,
    pub(crate) board: &'static str,
    pub(crate) status: &'static str,
    pub(crate) closed_status: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) subtype: &'static str,
    pub(crate) item: &'static str,
    pub(crate) priority: &'static str,
}

pub(crate) struct Vendor {
    /// Calls a function with the arguments that a number chooses.
    pub(crate) call: fn(&'static Vendor, Operation, u8, Desk),
    /// Parses settings, and uses good ones.
    pub(crate) use_settings: fn(&'static Vendor, &[Setting]),
    pub(crate) description: LazyLock<ConnectorDescription>,
    pub(crate) ids: Ids,
    settings: &'static [(&'static str, &'static str)],
    /// The settings with the first of the secrets, in their order.
    pub(crate) keys: &'static [&'static str],
    /// The one of them whose form is fixed.
    pub(crate) fixed_key: &'static str,
    /// What the bytes from 1 on stand for: keys, what is made of them, and the access token of `door`.
    pub(crate) secrets: &'static [&'static str],
    pub(crate) small_secrets: LazyLock<Vec<String>>,
    /// What is asked before everything else, by a part of its URL, and a good answer: an access token, a zone.
    door: Option<(&'static str, &'static str)>,
    /// Good answers to what is read before a ticket is opened, by a part of the URL. There is no ticket yet.
    reads: &'static [(&'static str, &'static str)],
    /// How the host of a ticket's address ends.
    pub(crate) browser: &'static str,
    /// Whether the body of a 5xx may say that the PSA declined the request.
    pub(crate) may_decline: fn(&str) -> bool,
}

/// The vendors, by the number that the first byte of an input holds.
pub(crate) static VENDORS: [Vendor; 3] = [
    Vendor {
        call: call::<ConnectWise>,
        use_settings: use_settings::<ConnectWise>,
        description: LazyLock::new(ConnectWise::describe),
        ids: Ids {
            company: "250",
            ticket: "7001",
            asset: "11",
            board: "5",
            status: "51",
            closed_status: "59",
            kind: "61",
            subtype: "72",
            item: "83",
            priority: "6",
        },
        settings: &[
            ("site", "na.myconnectwise.net"),
            ("company-id", "examplemsp"),
        ],
        keys: &["public-key", "private-key", "client-id"],
        fixed_key: "client-id",
        secrets: &CONNECTWISE,
        small_secrets: LazyLock::new(|| small(&CONNECTWISE)),
        door: None,
        reads: &[("", "[]")],
        browser: "na.myconnectwise.net",
        // It read no further than the request.
        may_decline: |body| {
            holds_one(
                body,
                &["Error converting value", "Could not find member", "\\"],
            )
        },
    },
    Vendor {
        call: call::<HaloPsa>,
        use_settings: use_settings::<HaloPsa>,
        description: LazyLock::new(HaloPsa::describe),
        ids: Ids {
            company: "12",
            ticket: "9499",
            asset: "3945",
            board: "27",
            status: "2",
            closed_status: "9",
            kind: "36",
            subtype: "101",
            item: "5",
            priority: "2",
        },
        settings: &[("resource-server", "example.halopsa.com")],
        keys: &["client-id", "client-secret"],
        fixed_key: "",
        secrets: &HALOPSA,
        small_secrets: LazyLock::new(|| small(&HALOPSA)),
        door: Some((
            "/token",
            "{\"access_token\":\"\u{3}\",\"token_type\":\"Bearer\"}",
        )),
        reads: &[
            ("/Tickets", r#"{"record_count":0,"tickets":[]}"#),
            ("/Status", r#"[{"id":2,"name":"New"}]"#),
            ("/Team", r#"[{"id":27,"name":"Alerts"}]"#),
            (
                "/Category",
                r#"[{"id":101,"value":"Hardware"},{"id":5,"value":"Printer"}]"#,
            ),
        ],
        browser: "example.halopsa.com",
        may_decline: |_| false,
    },
    Vendor {
        call: call::<Autotask>,
        use_settings: use_settings::<Autotask>,
        description: LazyLock::new(Autotask::describe),
        ids: Ids {
            company: "250",
            ticket: "7001",
            asset: "901",
            board: "8",
            status: "1",
            closed_status: "5",
            kind: "4",
            subtype: "11",
            item: "",
            priority: "2",
        },
        settings: &[("user-name", "user@example.com")],
        keys: &["secret", "integration-code"],
        fixed_key: "",
        secrets: &AUTOTASK,
        small_secrets: LazyLock::new(|| small(&AUTOTASK)),
        door: Some((
            "/zoneInformation",
            r#"{"url":"https://webservices5.autotask.net/ATServicesRest/"}"#,
        )),
        reads: &[
            (
                "/Tickets/query",
                r#"{"items":[],"pageDetails":{"count":0}}"#,
            ),
            (
                "/fields",
                r#"{"fields":[{"name":"status","picklistValues":[{"value":"1","label":"New"}]},{"name":"priority","picklistValues":[{"value":"2","label":"High","isDefaultValue":true}]},{"name":"queueID","picklistValues":[{"value":"8","label":"Alerts"}]},{"name":"issueType","picklistValues":[{"value":"4","label":"Security"}]},{"name":"subIssueType","picklistValues":[{"value":"11","label":"Malware","parentValue":"4"}]},{"name":"source","picklistValues":[]}]}"#,
            ),
        ],
        browser: ".autotask.net",
        may_decline: |body| holds_one(body, &["rrors", "\\"]),
    },
];

/// With the credential that is made of the keys, and what is in it.
const CONNECTWISE: [&str; 5] = [
    "PubKeyOfExample1",
    "PrivKeyOfExample",
    "6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30",
    "ZXhhbXBsZW1zcCtQdWJLZXlPZkV4YW1wbGUxOlByaXZLZXlPZkV4YW1wbGU=",
    "PubKeyOfExample1:PrivKeyOfExample",
];
const HALOPSA: [&str; 3] = ["ClientOfExample1", "SecretOfExample1", "TokenOfExample12"];
const AUTOTASK: [&str; 2] = ["SecretOfExample1", "CodeOfExample123"];

fn small(secrets: &[&str]) -> Vec<String> {
    secrets.iter().map(|it| it.to_ascii_lowercase()).collect()
}

fn holds_one(body: &str, words: &[&str]) -> bool {
    words.iter().any(|it| body.contains(it))
}

/// A good answer to what the vendor with this number is asked before everything else. None: it is asked for nothing.
#[must_use]
pub fn door(number: usize) -> Option<Answer> {
    let vendor = VENDORS.get(number)?;
    let (_, body) = vendor.door?;
    Some(good(body, vendor.secrets).0)
}

impl Vendor {
    /// The vendor that the first byte of an input chooses, and what is left of the byte for other choices.
    pub(crate) fn of(chosen: u8) -> (&'static Self, u8) {
        let count = VENDORS.len() as u8;
        (&VENDORS[usize::from(chosen % count)], chosen / count)
    }

    pub(crate) fn settings(&self) -> Vec<Setting> {
        let keys = self.keys.iter().zip(self.secrets);
        let all = self
            .settings
            .iter()
            .map(|(name, value)| (name, value))
            .chain(keys);
        all.map(|(name, value)| Setting {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        })
        .collect()
    }

    /// The access token that a good answer of `door` holds.
    pub(crate) fn token(&self) -> Option<&'static str> {
        let is_placed = self.door.is_some_and(|(_, body)| body.contains('\u{3}'));
        self.secrets.get(2).copied().filter(|_| is_placed)
    }

    /// Whether a text holds a secret, whatever its case.
    pub(crate) fn holds_a_secret(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        self.small_secrets
            .iter()
            .any(|secret| text.contains(secret))
    }

    pub(crate) fn is_door(&self, request: &Request) -> bool {
        self.door
            .is_some_and(|(part, _)| request.url.contains(part))
    }

    /// A good answer to a request that comes before everything else, or before the write of a ticket.
    pub(crate) fn good_answer(
        &self,
        request: &Request,
        is_before_write: bool,
    ) -> Option<&'static str> {
        let reads = if is_before_write && !request.is_write {
            self.reads
        } else {
            &[]
        };
        let mut all = self.door.iter().chain(reads);
        all.find(|(part, _)| request.url.contains(part))
            .map(|(_, body)| *body)
    }

    /// Whether a field of a draft is taken, and whether it has to be there.
    pub(crate) fn takes(&self, field: &str) -> (bool, bool) {
        let mut fields = self.description.input_fields.iter();
        let found = fields.find(|it| it.operation == Operation::CreateTicket && it.name == field);
        (found.is_some(), found.is_some_and(|it| it.is_required))
    }
}
