use super::*;
use crate::stand_in::{failure, plain, response, with_answers};

/// The number in an answer. A 9 is a record that can no longer be changed.
fn number(answer: &Answer) -> Result<i64, Error> {
    match answer.read()? {
        9 => Err(Error::new(ErrorCode::Conflict, "it was merged")),
        number => Ok(number),
    }
}

#[test]
fn a_change_is_sent_once_and_judged_by_what_is_there_afterwards() {
    let ok = |body: &str| Ok(response(200, body));
    let status = |status| Ok(response(status, ""));
    for (answers, expected, trace) in [
        // The answer shows it, changed or not.
        (vec![ok("2")], Ok(2), "W"),
        (vec![ok("1")], Ok(1), "W"),
        // It is left out of the answer of a success.
        (vec![ok("null"), ok("2")], Ok(2), "WR"),
        (vec![ok("null"), ok("1")], Ok(1), "WR"),
        (
            vec![ok("null"), status(500)],
            Err(ErrorCode::OutcomeUnknown),
            "WR",
        ),
        // In doubt.
        (vec![status(500), ok("2")], Ok(2), "WR"),
        (vec![failure(true), ok("3")], Ok(3), "WR"),
        (vec![ok("<html>"), ok("2")], Ok(2), "WR"),
        (
            vec![failure(true), ok("1")],
            Err(ErrorCode::OutcomeUnknown),
            "WR",
        ),
        (
            vec![ok("<html>"), ok("1")],
            Err(ErrorCode::OutcomeUnknown),
            "WR",
        ),
        (
            vec![status(408), status(503)],
            Err(ErrorCode::OutcomeUnknown),
            "WR",
        ),
        (vec![status(504), ok("9")], Err(ErrorCode::Conflict), "WR"),
        // It was not carried out.
        (vec![status(400)], Err(ErrorCode::Rejected), "W"),
        (vec![status(403)], Err(ErrorCode::Forbidden), "W"),
        (vec![failure(false)], Err(ErrorCode::Unavailable), "W"),
        // The answer itself says that nothing was written.
        (
            vec![Ok(response(500, "refused"))],
            Err(ErrorCode::Unavailable),
            "W",
        ),
    ] {
        let tenant = plain();
        // Sets a number to 2; the answer to the write may leave it out.
        let mut setting = Steps {
            tenant: &tenant,
            write: &|| Call::post("set it", "https://a/").write(),
            shown: &|answer| answer.read(),
            read: &|| Call::get("read it", "https://a/"),
            state: &number,
            is_made: &|number| *number != 1,
            wrote_nothing: |response| response.body.to_text() == "refused",
        };
        let (result, sent) = with_answers(answers, |send| change_once(&mut setting, send));
        if let Err(error) = &result {
            let waits = error.retry_after_seconds.unwrap_or(0) >= 60;
            assert_eq!(waits, error.code == ErrorCode::OutcomeUnknown, "{error:?}");
        }
        assert_eq!(result.map_err(|error| error.code), expected, "{trace}");
        assert_eq!(sent, trace);
    }
}
