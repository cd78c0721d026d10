//! The members that a ticket may have in a request, by the API's names. A member that is not here is refused.
//!
//! Source: the published schema `Ticket` (2026.4).

/// The type of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// At most so many UTF-16 units.
    Text(usize),
    Reference,
    Flag,
    Integer,
    Number,
    /// One of these names; null is allowed.
    OneOf(&'static [&'static str]),
    /// A list or a record that is taken as it is.
    Any,
}

/// The name as the API spells it, and its type. Names compare without case, as the PSA's JSON reader does.
pub(super) fn member(name: &str) -> Option<(&'static str, Type)> {
    TYPES.iter().find_map(|(kind, names)| {
        let found = names.iter().find(|own| own.eq_ignore_ascii_case(name));
        found.map(|own| (*own, *kind))
    })
}

/// What a client may send that is not kept: only the server sets these.
pub(super) fn is_read_only(name: &str) -> bool {
    [
        "id",
        "_info",
        "closedFlag",
        "closedDate",
        "closedBy",
        "recordType",
    ]
    .contains(&name)
}

const UNBOUNDED: usize = usize::MAX;

const TYPES: &[(Type, &[&str])] = &[
    (Type::Any, &["integratorTags", "_info", "customFields"]),
    (
        Type::Flag,
        &[
            "allowAllClientsPortalView",
            "customerUpdatedFlag",
            "automaticEmailContactFlag",
            "automaticEmailResourceFlag",
            "automaticEmailCcFlag",
            "processNotifications",
            "skipCallback",
            "closedFlag",
            "approved",
            "isInSla",
            "hasChildTicket",
            "hasMergedChildTicketFlag",
            "predecessorClosedFlag",
            "lagNonworkingDaysFlag",
            "requestForChangeFlag",
        ],
    ),
    (
        Type::Integer,
        &[
            "id",
            "knowledgeBaseCategoryId",
            "knowledgeBaseSubCategoryId",
            "resolveMinutes",
            "resPlanMinutes",
            "respondMinutes",
            "escalationLastUpdateMinutes",
            "knowledgeBaseLinkId",
            "parentTicketId",
            "predecessorId",
            "lagDays",
            "duration",
            "escalationLevel",
            "minutesBeforeWaiting",
            "respondedSkippedMinutes",
            "resplanSkippedMinutes",
            "minutesWaiting",
        ],
    ),
    (
        Type::Number,
        &[
            "budgetHours",
            "actualHours",
            "estimatedExpenseCost",
            "estimatedExpenseRevenue",
            "estimatedProductCost",
            "estimatedProductRevenue",
            "estimatedTimeCost",
            "estimatedTimeRevenue",
            "billingAmount",
            "hourlyRate",
            "subBillingAmount",
            "respondedHours",
            "resplanHours",
            "resolutionHours",
        ],
    ),
    (
        Type::OneOf(&[
            "Activity",
            "ProjectIssue",
            "KnowledgeBaseArticle",
            "ProjectTicket",
            "ServiceTicket",
            "Time",
        ]),
        &["knowledgeBaseLinkType"],
    ),
    (
        Type::OneOf(&["ActualRates", "FixedFee", "NotToExceed", "OverrideRate"]),
        &["billingMethod", "subBillingMethod"],
    ),
    (
        Type::OneOf(&["Billable", "DoNotBill", "NoCharge", "NoDefault"]),
        &["billTime", "billExpenses", "billProducts"],
    ),
    (
        Type::OneOf(&["Low", "Medium", "High"]),
        &["severity", "impact"],
    ),
    (
        Type::OneOf(&["ProjectIssue", "ProjectTicket", "ServiceTicket"]),
        &["recordType"],
    ),
    (Type::OneOf(&["Ticket", "Phase"]), &["predecessorType"]),
    (
        Type::Reference,
        &[
            "board",
            "status",
            "workRole",
            "workType",
            "company",
            "site",
            "country",
            "contact",
            "type",
            "subType",
            "item",
            "team",
            "owner",
            "priority",
            "serviceLocation",
            "source",
            "opportunity",
            "agreement",
            "location",
            "department",
            "sla",
            "currency",
            "mergedParentTicket",
        ],
    ),
    (Type::Text(100), &["summary", "externalXRef"]),
    (Type::Text(1000), &["automaticEmailCc"]),
    (Type::Text(12), &["zip"]),
    (Type::Text(15), &["contactPhoneExtension"]),
    (Type::Text(156), &["siteName"]),
    (Type::Text(20), &["contactPhoneNumber"]),
    (Type::Text(250), &["contactEmailAddress"]),
    (
        Type::Text(50),
        &[
            "addressLine1",
            "addressLine2",
            "city",
            "stateIdentifier",
            "poNumber",
        ],
    ),
    (Type::Text(62), &["contactName"]),
    (
        Type::Text(UNBOUNDED),
        &[
            "requiredDate",
            "agreementType",
            "initialDescription",
            "initialInternalAnalysis",
            "initialResolution",
            "initialDescriptionFrom",
            "contactEmailLookup",
            "closedDate",
            "closedBy",
            "subDateAccepted",
            "dateResolved",
            "dateResplan",
            "dateResponded",
            "respondByGoalUTC",
            "resplanGoalUTC",
            "resolutionGoalUTC",
            "resources",
            "estimatedStartDate",
            "mobileGuid",
            "slaStatus",
            "escalationStartDateUTC",
            "respondedBy",
            "resplanBy",
            "resolvedBy",
        ],
    ),
];
