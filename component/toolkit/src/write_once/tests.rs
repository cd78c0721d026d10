use super::*;
use crate::exchange::{Call, HttpResult, exchange_one};
use crate::stand_in::{Plain, failure, plain, response, with_answers};
use psa_contract::Named;

struct Ticketing<'a> {
    tenant: &'a Plain,
    has_reference: bool,
}

impl<'a> Write<'a> for Ticketing<'a> {
    type Record = Vec<i64>;

    fn has_reference(&self) -> bool {
        self.has_reference
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Vec<i64>>, Error> {
        let answer = exchange_one(self.tenant, send, Call::get("look it up", "https://a/?"));
        let ids: Vec<i64> = answer.read()?;
        if ids.len() > 1 {
            return Err(Error::new(ErrorCode::Conflict, "there are several"));
        }
        Ok(Some(ids).filter(|ids| !ids.is_empty()))
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        let call = Call::post("open the ticket", "https://a/").write();
        Ok(exchange_one(self.tenant, send, call))
    }

    fn read(&self, answer: &Answer) -> Result<Vec<i64>, Error> {
        answer.read()
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        response.body.to_text().starts_with("refused")
    }

    fn was_declined(&self, response: &Response) -> bool {
        response.body.to_text().starts_with("declined")
    }
}

fn run(
    has_reference: bool,
    answers: Vec<HttpResult>,
) -> (Result<Written<Vec<i64>>, Error>, String) {
    let tenant = plain();
    let mut writer = Ticketing {
        tenant: &tenant,
        has_reference,
    };
    with_answers(answers, |send| write_once(&mut writer, send))
}

#[test]
fn a_write_is_sent_once_at_most() {
    let ok = |body: &str| Ok(response(200, body));
    for (has_reference, answers, expected, trace) in [
        (true, vec![ok("[7]")], Ok(Written::Found(vec![7])), "R"),
        (
            true,
            vec![ok("[]"), ok("[8]")],
            Ok(Written::Created(vec![8])),
            "RW",
        ),
        (false, vec![ok("[8]")], Ok(Written::Created(vec![8])), "W"),
        (true, vec![failure(true)], Err(ErrorCode::Unavailable), "R"),
        (
            true,
            vec![ok("[]"), Ok(response(400, ""))],
            Err(ErrorCode::Rejected),
            "RW",
        ),
        (
            true,
            vec![ok("[]"), Ok(response(401, ""))],
            Err(ErrorCode::Unauthorized),
            "RW",
        ),
        (
            true,
            vec![ok("[]"), Ok(response(500, "refused"))],
            Err(ErrorCode::Unavailable),
            "RW",
        ),
        // Looked up all the same; if that finds nothing or there is no reference, the PSA is believed.
        (
            true,
            vec![ok("[]"), Ok(response(500, "declined")), ok("[]")],
            Err(ErrorCode::Unavailable),
            "RWR",
        ),
        (
            true,
            vec![ok("[]"), Ok(response(500, "declined")), ok("[9]")],
            Ok(Written::Found(vec![9])),
            "RWR",
        ),
        (
            true,
            vec![ok("[]"), Ok(response(500, "declined")), failure(true)],
            Err(ErrorCode::OutcomeUnknown),
            "RWR",
        ),
        (
            false,
            vec![Ok(response(500, "declined"))],
            Err(ErrorCode::Unavailable),
            "W",
        ),
        // A success is no refusal, whatever it says.
        (
            false,
            vec![ok("declined")],
            Err(ErrorCode::OutcomeUnknown),
            "W",
        ),
        (
            true,
            vec![ok("[]"), failure(false)],
            Err(ErrorCode::Unavailable),
            "RW",
        ),
        (
            true,
            vec![ok("[]"), failure(true), ok("[9]")],
            Ok(Written::Found(vec![9])),
            "RWR",
        ),
        (
            true,
            vec![ok("[]"), Ok(response(500, "")), ok("[9]")],
            Ok(Written::Found(vec![9])),
            "RWR",
        ),
        (
            true,
            vec![ok("[]"), Ok(response(302, "")), ok("[]")],
            Err(ErrorCode::OutcomeUnknown),
            "RWR",
        ),
        (
            true,
            vec![ok("[]"), Ok(response(408, "")), ok("[]")],
            Err(ErrorCode::OutcomeUnknown),
            "RWR",
        ),
        (
            true,
            vec![ok("[]"), ok("<html>"), ok("[]")],
            Err(ErrorCode::OutcomeUnknown),
            "RWR",
        ),
        (
            true,
            vec![ok("[]"), failure(true), failure(true)],
            Err(ErrorCode::OutcomeUnknown),
            "RWR",
        ),
        (true, vec![ok("[]")], Err(ErrorCode::OutcomeUnknown), "RWR"),
        (
            false,
            vec![Ok(response(500, ""))],
            Err(ErrorCode::OutcomeUnknown),
            "W",
        ),
        (
            true,
            vec![ok("[]"), failure(true), ok("[8, 9]")],
            Err(ErrorCode::Conflict),
            "RWR",
        ),
    ] {
        let (found, sent) = run(has_reference, answers);
        assert_eq!(sent, trace);
        assert_eq!(found.map_err(|error| error.code), expected, "{trace}");
    }
}

#[test]
fn in_doubt_the_longest_wait_that_was_asked_for_counts() {
    let after = |status, seconds: &str| {
        Ok(Response {
            headers: vec![("retry-after".to_owned(), seconds.to_owned())],
            ..response(status, "")
        })
    };
    let none = || Ok(response(200, "[]"));
    for (answers, expected) in [
        (vec![none(), after(503, "5"), none()], 60),
        (vec![none(), after(503, "90"), none()], 90),
        (vec![none(), after(503, "90"), after(429, "120")], 120),
    ] {
        let error = run(true, answers).0.expect_err("in doubt");
        assert_eq!(error.retry_after_seconds, Some(expected));
        assert_eq!(error.http_status, Some(503));
    }
}

fn ticket(id: &str, company: Option<&str>) -> Ticket {
    Ticket {
        id: id.to_owned(),
        number: id.to_owned(),
        company: company.map(|id| Named {
            id: id.to_owned(),
            name: None,
        }),
        ..Ticket::default()
    }
}

#[test]
fn a_ticket_without_its_company_is_not_known_to_be_the_one() {
    let found = vec![ticket("7", None)];
    let found = one_ticket_of("2", found, Ticket::clone, "open it", &Secrets::default());
    let error = found.expect_err("no company");
    assert_eq!(error.code, ErrorCode::UnexpectedResponse);
}

#[test]
fn a_reference_on_another_companys_ticket_or_on_several_is_a_conflict() {
    for (found, expected) in [
        (vec![], Ok(None)),
        (vec![ticket("7", Some("2"))], Ok(Some("7"))),
        (vec![ticket("7", Some("3"))], Err(vec!["7"])),
        (
            vec![ticket("7", Some("2")), ticket("8", Some("2"))],
            Err(vec!["7", "8"]),
        ),
    ] {
        let secrets = Secrets::default();
        let found = one_ticket_of("2", found, Ticket::clone, "open the ticket", &secrets);
        match expected {
            Ok(id) => {
                let found = found.expect("no conflict").map(|ticket| ticket.id);
                assert_eq!(found.as_deref(), id);
            }
            Err(ids) => {
                let error = found.expect_err("a conflict");
                assert_eq!(
                    (error.code, error.ticket_ids.clone()),
                    (
                        ErrorCode::Conflict,
                        ids.into_iter().map(str::to_owned).collect()
                    )
                );
            }
        }
    }
}
