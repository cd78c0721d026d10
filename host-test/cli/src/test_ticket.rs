//! A ticket that only proves that tickets can be opened, and says so to whoever finds it.

use std::time::{SystemTime, UNIX_EPOCH};

use psa_host::contract::TicketDraft;

const MARK: &str = "[TEST]";
const SUMMARY: &str = "Ticket of a connection test";
const EXPLANATION: &str = "This is a test: it shows that tickets can be opened through the interface. Nobody needs to do \
                           anything, and the ticket can be closed.";

/// The draft with its mark. Without a reference it gets one of its own, which no other ticket has, so that a doubtful
/// outcome can be looked up.
pub(crate) fn mark(mut draft: TicketDraft) -> TicketDraft {
    let summary = if draft.summary.is_empty() {
        SUMMARY
    } else {
        &draft.summary
    };
    draft.summary = format!("{MARK} {summary}");
    draft.description = Some(match draft.description.take() {
        Some(text) => format!("{EXPLANATION}\n\n{text}"),
        None => EXPLANATION.to_owned(),
    });
    draft.reference.get_or_insert_with(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since.map_or(0, |since| since.as_secs());
        format!("psa-host-test-{seconds}")
    });
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_ticket_says_so_and_can_be_looked_up() {
        let bare = mark(TicketDraft::default());
        assert_eq!(bare.summary, "[TEST] Ticket of a connection test");
        assert_eq!(bare.description.as_deref(), Some(EXPLANATION));
        assert!(
            bare.reference
                .is_some_and(|name| name.starts_with("psa-host-test-"))
        );

        let own = mark(TicketDraft {
            summary: "Blocked".to_owned(),
            description: Some("More".to_owned()),
            reference: Some("mine".to_owned()),
            ..TicketDraft::default()
        });
        assert_eq!(own.summary, "[TEST] Blocked");
        assert!(
            own.description
                .is_some_and(|text| text.ends_with("\n\nMore"))
        );
        assert_eq!(own.reference.as_deref(), Some("mine"));
    }
}
