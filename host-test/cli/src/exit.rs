//! Exit codes, and the table of them in `--help`.

use psa_host::contract::ErrorCode;

pub(crate) const SUCCESS: u8 = 0;
pub(crate) const DEFECT: u8 = 1;
pub(crate) const USAGE: u8 = 2;
pub(crate) const NOT_A_CONNECTOR: u8 = 3;
pub(crate) const NOT_PRINTED: u8 = 4;
pub(crate) const PERMISSION_MISSING: u8 = 30;
pub(crate) const OBJECTIONS: u8 = 31;
pub(crate) const NO_SUCH_TICKET: u8 = 32;
pub(crate) const CHOICE_NEEDED: u8 = 33;
pub(crate) const FOUND_CLOSED: u8 = 34;
pub(crate) const TENANTS_NOT_READY: u8 = 35;
pub(crate) const LIMIT_REACHED: u8 = 40;
pub(crate) const NOT_CONFORMANT: u8 = 41;

/// Of a conformance kit.
pub(crate) fn of_conformance(is_conformant: bool) -> u8 {
    if is_conformant {
        SUCCESS
    } else {
        NOT_CONFORMANT
    }
}

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

/// What to do about it.
pub(crate) fn what_to_do(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidSettings => "correct the settings that it names",
        ErrorCode::InvalidInput => "correct the arguments that it names",
        ErrorCode::Unauthorized => "replace the credentials",
        ErrorCode::Forbidden => "grant the permission that it names",
        ErrorCode::NotFound => "a record that an argument names does not exist",
        ErrorCode::Rejected => "the PSA rejected the request; nothing was written",
        ErrorCode::RateLimited => "wait for the time it gives, then repeat",
        ErrorCode::Unavailable => "repeat later",
        ErrorCode::Denied => "this host blocked a request; the message names the rule",
        ErrorCode::OutcomeUnknown => "it may have been written: repeat with the same --reference",
        ErrorCode::Conflict => "a person must decide: other tickets have the reference",
        ErrorCode::UnexpectedResponse => "the response was not understood: report it",
        ErrorCode::Unsupported => "the connector does not have this function; nothing was sent",
    }
}

/// The table, as text.
pub(crate) fn table() -> String {
    let mut rows: Vec<(u8, String)> = vec![
        (SUCCESS, "success".to_owned()),
        (
            DEFECT,
            "a defect of the connector or of this program: report it".to_owned(),
        ),
        (
            USAGE,
            "an argument, a settings file or the recording is wrong".to_owned(),
        ),
        (
            NOT_A_CONNECTOR,
            "the component cannot be loaded, or is refused".to_owned(),
        ),
        (
            NOT_PRINTED,
            "the result cannot be written to standard output; standard error says what was done"
                .to_owned(),
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
            "verify: a permission is missing".to_owned(),
        ),
        (
            OBJECTIONS,
            "check-ticket: the ticket would not be accepted".to_owned(),
        ),
        (
            NO_SUCH_TICKET,
            "ticket: it does not exist, or these credentials cannot see it".to_owned(),
        ),
        (
            CHOICE_NEEDED,
            "a name matches no record or several, or several statuses are possible: choose one"
                .to_owned(),
        ),
        (
            FOUND_CLOSED,
            "create-ticket: the reference is on a closed ticket, which was left closed".to_owned(),
        ),
        (
            TENANTS_NOT_READY,
            "verify --all-tenants: a tenant is not ready".to_owned(),
        ),
        (
            LIMIT_REACHED,
            "the connector exceeded a limit of this host".to_owned(),
        ),
        (
            NOT_CONFORMANT,
            "conform: the connector broke a rule; conform-host: the host broke a duty".to_owned(),
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
            NOT_PRINTED,
            PERMISSION_MISSING,
            OBJECTIONS,
            NO_SUCH_TICKET,
            CHOICE_NEEDED,
            FOUND_CLOSED,
            TENANTS_NOT_READY,
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
