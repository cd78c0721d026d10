//! What is sent again, and after how long. Nothing is sent and no clock is read here.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, SystemTime};

use psa_contract::{Body, FailureKind, Request, Response};

use crate::live::Retries;
use crate::live::fault::Fault;

/// How one attempt ended.
pub(crate) type Attempt = Result<Response, Fault>;

/// Whether the request may be sent again after this attempt, budgets aside.
pub(crate) fn may_be_sent_again(request: &Request, attempt: &Attempt) -> bool {
    match attempt {
        // A response to a write is an answer, whatever it says: a gateway's 503 does not tell what happened behind it.
        Ok(response) => !request.is_write && is_passing(response),
        Err(fault) => {
            fault.is_passing
                && fault.failure.kind == FailureKind::Unreachable
                && (!request.is_write || !fault.failure.may_have_acted)
        }
    }
}

/// Whether the server may answer better a moment later.
fn is_passing(response: &Response) -> bool {
    match response.status {
        429 | 502 | 503 | 504 => true,
        500 => is_about_time(&response.body),
        _ => false,
    }
}

/// Some servers answer 500 if their database took too long, where a gateway would answer 504; only the words tell. A web page
/// holds such words in its scripts.
fn is_about_time(body: &Body) -> bool {
    const WORDS: [&str; 4] = ["timeout", "time-out", "time out", "timed out"];
    let text = body.to_text().to_ascii_lowercase();
    !text.trim_start().starts_with('<') && WORDS.iter().any(|words| text.contains(words))
}

/// How long to wait before sending again, after this many attempts. None: the server asks for longer than
/// [`Retries::longest_pause`].
pub(crate) fn pause(
    attempt: &Attempt,
    attempts: u32,
    retries: &Retries,
    now: SystemTime,
    random: u64,
) -> Option<Duration> {
    let response = attempt.as_ref().ok();
    if let Some(asked) = response.and_then(|response| asked(response, now)) {
        return (asked <= retries.longest_pause).then_some(asked);
    }
    Some(match response {
        Some(response) if response.status == 429 => {
            doubled(retries.rate_limit_pause, attempts, retries)
        }
        _ => backoff(attempts, retries, random),
    })
}

/// How long all requests of the tenant are held back after this response: the server counts them together. None: they are
/// not.
pub(crate) fn hold(
    response: &Response,
    attempts: u32,
    retries: &Retries,
    now: SystemTime,
) -> Option<Duration> {
    (response.status == 429).then(|| match asked(response, now) {
        Some(asked) => asked.min(retries.longest_pause),
        None => doubled(retries.rate_limit_pause, attempts, retries),
    })
}

/// What Retry-After asks for: seconds, or a date, which is compared with the server's own clock if it is known.
pub(crate) fn asked(response: &Response, now: SystemTime) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()) {
        // More digits than fit are longer than anyone waits.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let now = response
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date.trim()).ok())
        .unwrap_or(now);
    Some(date.duration_since(now).unwrap_or_default())
}

/// A number that no server can foresee, for the length of a pause.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Exponential, with full jitter: calls that failed together do not come back together.
fn backoff(attempts: u32, retries: &Retries, random: u64) -> Duration {
    let longest = doubled(retries.first_pause, attempts, retries);
    let share = u32::try_from(random >> 32).unwrap_or(u32::MAX);
    longest.mul_f64(f64::from(share) / f64::from(u32::MAX))
}

/// The pause, doubled with each attempt after the first.
fn doubled(pause: Duration, attempts: u32, retries: &Retries) -> Duration {
    let doublings = attempts.saturating_sub(1).min(31);
    pause
        .saturating_mul(1_u32 << doublings)
        .min(retries.longest_pause)
}

#[cfg(test)]
mod tests {
    use psa_contract::Failure;

    use super::*;

    fn response(status: u16, headers: &[(&str, &str)]) -> Attempt {
        Ok(Response {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Response::default()
        })
    }

    fn failure(kind: FailureKind, may_have_acted: bool, is_passing: bool) -> Attempt {
        Err(Fault {
            failure: Failure {
                kind,
                message: String::new(),
                may_have_acted,
            },
            is_passing,
        })
    }

    fn request(method: &str, is_write: bool) -> Request {
        Request {
            method: method.to_owned(),
            url: "https://a.example/".to_owned(),
            is_write,
            ..Request::default()
        }
    }

    #[test]
    fn reads_are_sent_again_where_it_may_help_and_writes_only_where_the_server_cannot_have_acted() {
        /// How it ended, whether a read is sent again, whether a write is.
        type Row = (Attempt, bool, bool);
        let mut rows: Vec<Row> = vec![
            (failure(FailureKind::Unreachable, false, true), true, true),
            // No server of the contract's does this; in doubt a write is never repeated.
            (failure(FailureKind::Unreachable, true, true), true, false),
            // A certificate for another name stays one.
            (
                failure(FailureKind::Unreachable, false, false),
                false,
                false,
            ),
            (failure(FailureKind::Denied, false, false), false, false),
            (failure(FailureKind::TimedOut, true, true), false, false),
            (failure(FailureKind::TimedOut, false, true), false, false),
            (failure(FailureKind::Interrupted, true, true), false, false),
            (failure(FailureKind::TooLarge, true, true), false, false),
        ];
        for status in [429, 502, 503, 504] {
            rows.push((response(status, &[]), true, false));
        }
        for status in [
            200, 201, 204, 301, 304, 400, 401, 403, 404, 408, 409, 425, 500, 501, 505,
        ] {
            rows.push((response(status, &[]), false, false));
        }
        for (body, is_about_time) in [
            (
                r#"{"message": "A timeout has occured. Please try again."}"#,
                true,
            ),
            (
                r#"{"message": "Timeout expired. The timeout period elapsed."}"#,
                true,
            ),
            (r#"{"message": "Execution timed out"}"#, true),
            (r#"{"message": "Error converting value."}"#, false),
            ("<html><script>setTimeout(f)</script></html>", false),
        ] {
            let response = Response {
                status: 500,
                body: body.into(),
                ..Response::default()
            };
            rows.push((Ok(response), is_about_time, false));
        }
        for (attempt, of_reads, of_writes) in rows {
            // The method does not count: a query may be a POST.
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
                for (is_write, expected) in [(false, of_reads), (true, of_writes)] {
                    let found = may_be_sent_again(&request(method, is_write), &attempt);
                    assert_eq!(found, expected, "{method} {is_write} {attempt:?}");
                }
            }
        }
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        let now = httpdate::parse_http_date("Sun, 22 Nov 2026 07:00:00 GMT").expect("a date");
        /// Retry-After, Date, the pause that is asked for.
        type Case<'a> = (&'a str, Option<&'a str>, Option<u64>);
        let cases: &[Case<'_>] = &[
            ("0", None, Some(0)),
            ("7", None, Some(7)),
            (" 7 ", None, Some(7)),
            ("99999999999999999999999", None, Some(u64::MAX)),
            ("Sun, 22 Nov 2026 07:00:30 GMT", None, Some(30)),
            ("Sunday, 22-Nov-26 07:00:30 GMT", None, Some(30)),
            ("Sun Nov 22 07:00:30 2026", None, Some(30)),
            // The server's clock is ten minutes behind.
            (
                "Sun, 22 Nov 2026 06:50:30 GMT",
                Some("Sun, 22 Nov 2026 06:50:00 GMT"),
                Some(30),
            ),
            ("Sun, 22 Nov 2026 07:00:30 GMT", Some("rubbish"), Some(30)),
            ("Sun, 22 Nov 2026 06:59:00 GMT", None, Some(0)),
            ("", None, None),
            ("-1", None, None),
            ("1.5", None, None),
            ("soon", None, None),
        ];
        for (retry_after, date, expected) in cases {
            let mut headers = vec![("retry-after", *retry_after)];
            headers.extend(date.map(|date| ("date", date)));
            let found = asked(&response(429, &headers).expect("a response"), now);
            assert_eq!(found, expected.map(Duration::from_secs), "{retry_after}");
        }
        assert_eq!(asked(&response(429, &[]).expect("a response"), now), None);
    }

    #[test]
    fn pauses_follow_the_server_and_else_grow_up_to_their_limit() {
        let retries = Retries::default();
        let failed = failure(FailureKind::Unreachable, false, true);
        let busy = response(429, &[("retry-after", "60")]);
        let busy_for_long = response(429, &[("retry-after", "61")]);
        let busy_without_a_time = response(429, &[]);
        let busy_for_a_while = response(429, &[("retry-after", "soon")]);
        let unavailable = response(503, &[]);
        for (attempt, attempts, random, expected) in [
            (&failed, 1, u64::MAX, Some(500)),
            (&failed, 1, u64::MAX / 2, Some(250)),
            (&failed, 1, 0, Some(0)),
            (&failed, 2, u64::MAX, Some(1_000)),
            (&failed, 4, u64::MAX, Some(4_000)),
            (&failed, 8, u64::MAX, Some(60_000)),
            (&failed, u32::MAX, u64::MAX, Some(60_000)),
            (&unavailable, 1, u64::MAX, Some(500)),
            (&busy, 1, 0, Some(60_000)),
            (&busy_for_long, 1, 0, None),
            (&busy_without_a_time, 1, 0, Some(30_000)),
            (&busy_without_a_time, 2, 0, Some(60_000)),
            (&busy_without_a_time, 3, 0, Some(60_000)),
            (&busy_for_a_while, 1, 0, Some(30_000)),
        ] {
            let found = pause(attempt, attempts, &retries, SystemTime::now(), random);
            let found = found.map(|pause| u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
            assert_eq!(found, expected, "{attempts} {random}");
        }
    }

    #[test]
    fn a_429_holds_the_tenant_back_for_the_time_it_asks_for_and_no_longer_than_a_pause() {
        let retries = Retries::default();
        for (status, retry_after, attempts, expected) in [
            (429, Some("7"), 1, Some(7)),
            (429, Some("0"), 1, Some(0)),
            (429, Some("3600"), 1, Some(60)),
            (429, None, 1, Some(30)),
            (429, Some("soon"), 2, Some(60)),
            (503, Some("7"), 1, None),
            (200, None, 1, None),
        ] {
            let headers: Vec<_> = retry_after
                .map(|it| ("retry-after", it))
                .into_iter()
                .collect();
            let response = response(status, &headers).expect("a response");
            let found = hold(&response, attempts, &retries, SystemTime::now());
            assert_eq!(
                found,
                expected.map(Duration::from_secs),
                "{status} {retry_after:?}"
            );
        }
    }
}
