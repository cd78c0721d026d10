//! What is changed in results and errors.

use psa_contract::{
    ChangedTicket, ConnectorDescription, ConnectorError, ContactPage, ErrorCode, InputField,
    Operation, PermissionState, StatusChange, Ticket, Verification,
};
use psa_toolkit::Error;

pub(crate) fn description(mut description: ConnectorDescription) -> ConnectorDescription {
    // Whoever calls it is told that there is no such function.
    if cfg!(feature = "describes-a-function-that-it-lacks") {
        description.operations.push(Operation::AttachAsset);
    }
    // A ticket with it is refused.
    if cfg!(feature = "describes-a-field-that-it-refuses") {
        let fields = &mut description.input_fields;
        let of_tickets = |field: &InputField| field.operation == Operation::CreateTicket;
        if let Some(last) = fields.iter().rposition(of_tickets) {
            let refused = InputField {
                name: "vendor-fields".to_owned(),
                maximum_length: None,
                ..fields[last].clone()
            };
            fields.insert(last + 1, refused);
        }
    }
    // Nobody knows in how long a time they may be sent.
    if cfg!(feature = "describes-pacing-without-a-window") {
        description.pacing.seconds = None;
    }
    description
}

pub(crate) fn verification(mut verification: Verification, token: &str) -> Verification {
    // A result is shown, and kept in logs.
    if cfg!(feature = "leaks-the-token-in-a-result") {
        verification.account = Some(format!("signed in with {token}"));
    }
    // What nobody asked about makes a page of rights to grant.
    if cfg!(feature = "checks-what-nobody-needs") {
        for check in &mut verification.checks {
            if check.state == PermissionState::Unknown {
                check.state = PermissionState::Granted;
                check.message = None;
            }
        }
    }
    verification
}

pub(crate) fn contacts(mut page: ContactPage) -> ContactPage {
    // As where two pages overlap.
    if cfg!(feature = "lists-a-contact-twice") {
        page.contacts.extend(page.contacts.last().cloned());
    }
    page
}

/// What became of a ticket that was merged makes no difference.
pub(crate) fn merged_ticket(change: &StatusChange, error: &Error) -> Option<ChangedTicket> {
    let is_merged = error.code == ErrorCode::Conflict;
    (cfg!(feature = "takes-a-merged-ticket-for-a-closed-one") && is_merged).then(|| ChangedTicket {
        ticket: Ticket {
            id: change.ticket_id.clone(),
            merged_into_id: error.ticket_ids.first().cloned(),
            ..Ticket::default()
        },
        is_changed: false,
    })
}

pub(crate) fn error(error: Error, client_secret: &str, token: &str) -> Error {
    let mut error: ConnectorError = error.into_inner();
    // The ticket may have been opened all the same.
    if cfg!(feature = "calls-doubt-rejected") && error.code == ErrorCode::OutcomeUnknown {
        error.code = ErrorCode::Rejected;
        error.retry_after_seconds = None;
    }
    // It is shown to whoever reads the message.
    if cfg!(feature = "leaks-the-key-in-an-error") && error.http_status == Some(401) {
        error.message += &format!(" to the secret {client_secret}");
    }
    // A token is as good as the client secret while it lives.
    if cfg!(feature = "leaks-the-token-in-an-error") && !token.is_empty() {
        error.message += &format!(" to the token {token}");
    }
    // No field of the contract has an underscore in its name.
    if cfg!(feature = "names-a-wrong-field") {
        for fault in &mut error.field_errors {
            fault.field = fault.field.take().map(|field| field.replace('-', "_"));
        }
    }
    Error::from(error)
}
