//! Exit codes, and the table of them in `--help`.

use psa_host::contract::ErrorCode;

pub(crate) const SUCCESS: u8 = 0;
pub(crate) const DEFECT: u8 = 1;
pub(crate) const USAGE: u8 = 2;
pub(crate) const NOT_A_CONNECTOR: u8 = 3;
pub(crate) const PERMISSION_MISSING: u8 = 30;
pub(crate) const OBJECTIONS: u8 = 31;
pub(crate) const NO_SUCH_TICKET: u8 = 32;
pub(crate) const CHOICE_NEEDED: u8 = 33;
pub(crate) const FOUND_CLOSED: u8 = 34;
pub(crate) const LIMIT_REACHED: u8 = 40;
pub(crate) const NOT_CONFORMANT: u8 = 41;

/// The connector's own errors, one code each.
pub(crate) fn of_error(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::InvalidSettings => 10,
        ErrorCode::InvalidInput => 11,
        ErrorCode::Unauthorized => 12,
        ErrorCode::Forbidden => 13,
        ErrorCode::NotFound => 14,
        ErrorCode::Rejected => 15,
        ErrorCode::RateLimited => 16,
        ErrorCode::Unavailable => 17,
        ErrorCode::Denied => 18,
        ErrorCode::OutcomeUnknown => 19,
        ErrorCode::Conflict => 20,
        ErrorCode::UnexpectedResponse => 21,
        ErrorCode::Unsupported => 22,
    }
}

/// What whoever gets the code does next.
pub(crate) fn what_to_do(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidSettings => "correct the settings that are named",
        ErrorCode::InvalidInput => "correct the arguments that are named",
        ErrorCode::Unauthorized => "replace the credentials",
        ErrorCode::Forbidden => "grant the permission that is named",
        ErrorCode::NotFound => "a record named in the arguments does not exist",
        ErrorCode::Rejected => "the PSA declined the ticket; nothing was written",
        ErrorCode::RateLimited => "wait as long as it says, then repeat",
        ErrorCode::Unavailable => "repeat later",
        ErrorCode::Denied => "this host forbade a request; the message names the rule",
        ErrorCode::OutcomeUnknown => {
            "a ticket may have been opened: repeat with the same --reference"
        }
        ErrorCode::Conflict => "a person must decide: the reference is on other tickets",
        ErrorCode::UnexpectedResponse => "the PSA's answer was not understood: report it",
        ErrorCode::Unsupported => "this connector does not have that function; nothing was sent",
    }
}

/// The table, as text.
pub(crate) fn table() -> String {
    let mut rows: Vec<(u8, String)> = vec![
        (SUCCESS, "done".to_owned()),
        (
            DEFECT,
            "a defect of the connector or of this program: report it".to_owned(),
        ),
        (
            USAGE,
            "an argument, a setting's file or the recording is wrong, or does not fit".to_owned(),
        ),
        (
            NOT_A_CONNECTOR,
            "the component cannot be loaded, or is refused".to_owned(),
        ),
    ];
    rows.extend(ErrorCode::ALL.iter().map(|code| {
        (
            of_error(*code),
            format!("{}: {}", code.name(), what_to_do(*code)),
        )
    }));
    rows.extend([
        (
            PERMISSION_MISSING,
            "verify: a needed permission is missing".to_owned(),
        ),
        (
            OBJECTIONS,
            "check-ticket: the ticket would not be accepted".to_owned(),
        ),
        (
            NO_SUCH_TICKET,
            "ticket: there is no such ticket, or it may not be seen".to_owned(),
        ),
        (
            CHOICE_NEEDED,
            "a name fits no record or several, or several statuses are possible: choose one"
                .to_owned(),
        ),
        (
            FOUND_CLOSED,
            "create-ticket: the reference is on a closed ticket, which was left closed".to_owned(),
        ),
        (
            LIMIT_REACHED,
            "a limit of this host stopped the connector".to_owned(),
        ),
        (
            NOT_CONFORMANT,
            "conform: the connector broke a rule".to_owned(),
        ),
    ]);
    let lines: Vec<_> = rows
        .iter()
        .map(|(code, meaning)| format!("  {code:>2}  {meaning}"))
        .collect();
    format!("Exit codes:\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_end_has_a_code_of_its_own() {
        let mut codes = vec![
            SUCCESS,
            DEFECT,
            USAGE,
            NOT_A_CONNECTOR,
            PERMISSION_MISSING,
            OBJECTIONS,
            NO_SUCH_TICKET,
            CHOICE_NEEDED,
            FOUND_CLOSED,
            LIMIT_REACHED,
            NOT_CONFORMANT,
        ];
        codes.extend(ErrorCode::ALL.iter().map(|code| of_error(*code)));
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
        assert_eq!(table().lines().count(), count + 1);
    }
}
