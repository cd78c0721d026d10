//! What holds of the functions that change something of a ticket, whatever the server did: one write at most, none before the
//! ticket was read, no doubt that is hidden, and none that is made up.

use psa_contract::{CreatedNote, Creation, ErrorCode};

use crate::desk::Exchange;

/// `failed` is the code of the function's error. None: it succeeded.
pub(crate) fn check(exchanges: &[&Exchange], failed: Option<ErrorCode>) {
    let is_doubt = failed == Some(ErrorCode::OutcomeUnknown);
    let Some(place) = exchanges.iter().position(|exchange| exchange.is_write) else {
        assert!(
            !is_doubt,
            "nothing was written, and the outcome is not known"
        );
        assert_ne!(failed, Some(ErrorCode::Rejected), "nothing was written");
        return;
    };
    let (before, rest) = exchanges.split_at(place);
    assert!(!before.is_empty(), "written before anything was read");
    for read in before {
        assert!(read.success().is_some(), "written after a read that failed");
    }
    let Some((write, after)) = rest.split_first() else {
        return;
    };
    assert!(
        after.iter().all(|read| !read.is_write),
        "it was written twice"
    );
    if write.was_declined() {
        assert!(failed.is_some(), "declined, and a success all the same");
        assert!(!is_doubt, "doubt is made up");
        assert!(after.is_empty(), "what was declined is looked up");
    }
    if write.success().is_none() && write.may_have_acted() {
        let is_told = matches!(
            failed,
            None | Some(ErrorCode::OutcomeUnknown | ErrorCode::Conflict)
        );
        assert!(is_told, "doubt is hidden: {failed:?}");
    }
    assert_ne!(failed, Some(ErrorCode::UnexpectedResponse));
}

/// Whether this call did it is told: `is_changed` is of a success.
pub(crate) fn is_told(exchanges: &[&Exchange], is_changed: bool) {
    let is_written = exchanges.iter().any(|it| it.is_write);
    assert_eq!(is_changed, is_written, "what was changed is told wrong");
}

/// A note that was there bears the reference; one that this call wrote was not declined.
pub(crate) fn note(exchanges: &[&Exchange], has_reference: bool, note: &CreatedNote) {
    let is_written = exchanges
        .iter()
        .any(|it| it.is_write && it.success().is_some());
    match note.creation {
        Creation::Created => assert!(is_written, "no success, and a note that was created"),
        Creation::Found => assert!(has_reference, "found without a reference"),
    }
}
