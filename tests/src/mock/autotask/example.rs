//! What an invented tenant has: companies, contacts, locations, assets, and the choosers of a ticket.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

/// The fields of each entity that can be asked for.
pub(super) const ENTITIES: [(&str, &[&str]); 7] = [
    (
        "Companies",
        &[
            "id",
            "companyName",
            "companyNumber",
            "companyType",
            "isActive",
            "parentCompanyID",
        ],
    ),
    (
        "Contacts",
        &[
            "id",
            "firstName",
            "lastName",
            "emailAddress",
            "emailAddress2",
            "emailAddress3",
            "phone",
            "companyID",
            "companyLocationID",
            "primaryContact",
            "isActive",
        ],
    ),
    (
        "CompanyLocations",
        &["id", "name", "companyID", "isPrimary", "isActive"],
    ),
    (
        "ConfigurationItems",
        &[
            "id",
            "referenceTitle",
            "serialNumber",
            "configurationItemType",
            "companyID",
            "companyLocationID",
            "contactID",
            "isActive",
        ],
    ),
    (
        "Tickets",
        &[
            "id",
            "ticketNumber",
            "title",
            "description",
            "companyID",
            "queueID",
            "status",
            "priority",
            "issueType",
            "subIssueType",
            "source",
            "contactID",
            "companyLocationID",
            "configurationItemID",
            "externalID",
            "resolution",
            "createDate",
            "lastActivityDate",
            "completedDate",
            "assignedResourceID",
            "assignedResourceRoleID",
            "dueDateTime",
            "ticketCategory",
            "ticketType",
            "userDefinedFields",
        ],
    ),
    (
        "TicketNotes",
        &[
            "id",
            "ticketID",
            "title",
            "description",
            "noteType",
            "publish",
            "createDateTime",
        ],
    ),
    (
        "TicketAdditionalConfigurationItems",
        &["id", "ticketID", "configurationItemID"],
    ),
];

/// Fields that hold a text.
pub(super) const TEXTS: [&str; 13] = [
    "companyName",
    "companyNumber",
    "firstName",
    "lastName",
    "emailAddress",
    "emailAddress2",
    "emailAddress3",
    "name",
    "referenceTitle",
    "serialNumber",
    "title",
    "externalID",
    "description",
];

pub(super) fn rows() -> HashMap<&'static str, BTreeMap<i64, Map<String, Value>>> {
    let record = |value: Value| value.as_object().cloned().unwrap_or_default();
    let by_id = |values: Vec<Value>| {
        let rows = values
            .into_iter()
            .map(|value| (value["id"].as_i64().unwrap_or_default(), record(value)));
        rows.collect::<BTreeMap<_, _>>()
    };
    HashMap::from([
        (
            "Companies",
            BTreeMap::from([
                (0, company(0, "Riverside MSP")),
                (250, company(250, "Riverside Dental")),
                (251, company(251, "Harbor Legal LLP")),
            ]),
        ),
        (
            "Contacts",
            by_id(vec![
                json!({"id": 31, "firstName": "Anna", "lastName": "Reyes", "emailAddress": "anna@riverside-dental.example", "companyID": 250, "companyLocationID": 71, "primaryContact": true, "isActive": 1}),
                json!({"id": 32, "firstName": "Ben", "lastName": "Okafor", "emailAddress": "ben@riverside-dental.example", "companyID": 250, "isActive": 0}),
            ]),
        ),
        (
            "CompanyLocations",
            by_id(vec![
                json!({"id": 71, "name": "Main Street", "companyID": 250, "isPrimary": true, "isActive": true}),
            ]),
        ),
        (
            "ConfigurationItems",
            by_id(vec![
                json!({"id": 901, "referenceTitle": "FRONTDESK-01", "serialNumber": "SN-0001", "configurationItemType": 3, "companyID": 250, "isActive": true}),
                json!({"id": 902, "referenceTitle": "ELSEWHERE-01", "serialNumber": "SN-0002", "configurationItemType": 3, "companyID": 251, "isActive": true}),
            ]),
        ),
    ])
}

pub(super) fn company(id: i64, name: &str) -> Map<String, Value> {
    let company = json!({"id": id, "companyName": name, "companyNumber": "", "companyType": 1, "isActive": true});
    company.as_object().cloned().unwrap_or_default()
}

/// Of each chooser: value, label, the value of another chooser that it goes under, whether it is the default, whether it is
/// active.
type Values = &'static [(i64, &'static str, &'static str, bool, bool)];

/// The choosers of an entity.
pub(super) fn choosers(entity: &str) -> &'static [(&'static str, Values)] {
    match entity {
        "Tickets" => &[
            (
                "queueID",
                &[
                    (8, "Monitoring Alert", "", false, true),
                    (5, "Client Portal", "", false, true),
                    (6, "Post Sale", "", false, false),
                ],
            ),
            (
                "status",
                &[
                    (1, "New", "", true, true),
                    (8, "In Progress", "", false, true),
                    (7, "Waiting Customer", "", false, true),
                    (14, "Old", "", false, false),
                    (5, "Complete", "", false, true),
                ],
            ),
            (
                "priority",
                &[
                    (4, "Critical", "", false, true),
                    (1, "High", "", false, true),
                    (2, "Medium", "", true, true),
                    (3, "Low", "", false, true),
                ],
            ),
            (
                "issueType",
                &[
                    (4, "Upgrade", "", false, true),
                    (10, "Security", "", false, true),
                ],
            ),
            (
                "subIssueType",
                &[
                    (11, "Server", "4", false, true),
                    (21, "Malware", "10", false, true),
                ],
            ),
            (
                "source",
                &[
                    (-1, "Client Portal", "", false, true),
                    (8, "Monitoring Alert", "", false, true),
                ],
            ),
        ],
        "Companies" => &[(
            "companyType",
            &[
                (1, "Customer", "", false, true),
                (2, "Lead", "", false, true),
            ],
        )],
        "ConfigurationItems" => &[(
            "configurationItemType",
            &[(3, "Workstation", "", false, true)],
        )],
        _ => &[],
    }
}
