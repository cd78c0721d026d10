//! Whether the credentials are proved: that some read was answered, by the API.

use psa_contract::{ErrorCode, Operation};
use psa_toolkit::Error;
use psa_toolkit::body::is_web_page;
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::Answer;

use super::judgement::{Probe, Shown};
use crate::permissions::PERMISSIONS;
use crate::settings::CLIENT_ID;
use crate::wire::AnyRecord;

/// Whether no read was answered as the API answers; its error.
pub(super) fn wrong_site(answers: &[Answer]) -> Option<Error> {
    let mut refused = None;
    for answer in answers {
        let response = answer.result.as_ref().ok()?;
        let is_success = (200..300).contains(&response.status);
        if is_success && !is_web_page(&response.body) {
            return None;
        }
        let error = answer.records::<AnyRecord>().err()?;
        if error.code != ErrorCode::InvalidSettings && !is_success {
            return None;
        }
        refused = refused.or(Some(error));
    }
    refused
}

/// The error of a 401, if there is one in place of an answer.
pub(super) fn not_let_in(answers: &[Answer]) -> Option<Error> {
    let mut errors = answers.iter().filter_map(|it| it.success().err());
    errors.find(|it| it.code == ErrorCode::Unauthorized && it.http_status == Some(401))
}

/// Where no read was answered, nothing shows that the PSA accepts the credentials. If one is forbidden, the client id is the
/// first suspect: without a valid one some servers answer 403 to everything (recorded behaviour).
pub(super) fn nothing_proved(
    shown: &[Shown],
    answers: &[Answer],
    needed: &[Operation],
) -> Option<Error> {
    let is_answered = |it: &Shown| it.probe >= Probe::NoRows;
    if shown.iter().any(is_answered) {
        return None;
    }
    let is_forbidden = |it: &Shown| it.probe == Probe::Forbidden;
    let Some(forbidden) = shown.iter().position(is_forbidden) else {
        let first = answers.first()?.success().err()?;
        let message = format!(
            "{}; every read failed, so it is not known whether the keys are valid",
            first.message
        );
        return Some(
            Error::new(first.code, message)
                .hint(
                    "check the site: the server has none of the addresses of the API. Repeat later; if the result is the \
                     same, report it with the request id",
                )
                .field_errors(first.field_errors.clone())
                .decided_as(&first),
        );
    };
    let refused = answers.get(forbidden)?.success().err()?;
    let message = if shown.iter().all(is_forbidden) {
        "the PSA refuses every read with 403, whichever permission it needs"
    } else {
        "every read fails: the PSA refuses some with 403 and does not support the others"
    };
    let missing = PERMISSIONS.iter().filter(|it| it.is_needed_for(needed));
    let ids = missing.map(|it| it.id.to_owned()).collect();
    let error = Error::new(ErrorCode::Unauthorized, message)
        .hint(
            "check the client id first: a server that does not accept it refuses every request this way. If it is \
             correct, the API member's role has none of the permissions: grant them in System > Security Roles",
        )
        .field_errors(vec![field_error(CLIENT_ID, "it may be what the PSA rejects")])
        .permission_ids(ids)
        .decided_as(&refused);
    Some(error)
}
