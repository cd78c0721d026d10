//! `create-ticket` against a server that commits or not and fails in any way at any point: no call writes twice, and with
//! a reference repeated until it succeeds there is exactly one ticket. Calls do not overlap, and a write that is committed
//! is committed before the next request, which is what the contract asks for.

use proptest::prelude::*;
use psa_host::contract::{Failure, FailureKind, Request, Response, TicketDraft};
use psa_recording::Input;
use psa_tests::{CONNECTWISE, few, settings};
use serde_json::{Value, json};

/// How the server answers one request.
#[derive(Clone, Debug)]
enum Fate {
    /// As it should.
    Good,
    /// The request is carried out, or is not, and the answer is another.
    Bad { is_committed: bool, answer: Answer },
}

#[derive(Clone, Debug)]
enum Answer {
    Status(u16, &'static str),
    Broken(&'static str),
    Failure(FailureKind),
}

#[derive(Default)]
struct Server {
    tickets: Vec<Value>,
    /// Writes that came in, whether committed or not.
    writes: usize,
    fates: Vec<Fate>,
}

impl Server {
    fn answer(&mut self, requests: &[Request]) -> Vec<Result<Response, Failure>> {
        assert_eq!(
            requests.len(),
            1,
            "what must be ordered goes into two rounds"
        );
        vec![self.answer_one(&requests[0])]
    }

    fn answer_one(&mut self, request: &Request) -> Result<Response, Failure> {
        let fate = self.fates.pop().unwrap_or(Fate::Good);
        let is_write = request.method == "POST";
        self.writes += usize::from(is_write);
        match fate {
            Fate::Good if is_write => Ok(response(201, self.commit(request).to_string())),
            Fate::Good => Ok(response(200, self.find(request).to_string())),
            Fate::Bad {
                is_committed,
                answer,
            } => {
                // Nothing that says that it was declined, or that it never left, was carried out.
                if is_write && is_committed && answer.may_have_acted() {
                    self.commit(request);
                }
                answer.give()
            }
        }
    }

    fn commit(&mut self, request: &Request) -> Value {
        let body = request.body.as_ref().expect("a body").as_bytes();
        let mut ticket: Value = serde_json::from_slice(body).expect("JSON");
        ticket["id"] = json!(7_000 + self.tickets.len());
        self.tickets.push(ticket.clone());
        ticket
    }

    /// As the PSA compares: without case.
    fn find(&self, request: &Request) -> Value {
        let (_, query) = request.url.split_once('?').expect("a query");
        let conditions = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "conditions")
            .map(|(_, value)| value.into_owned())
            .expect("conditions");
        let reference = conditions
            .strip_prefix("externalXRef=\"")
            .and_then(|rest| rest.strip_suffix('"'))
            .expect("a look-up by reference");
        let bears_it = |ticket: &&Value| {
            ticket["externalXRef"]
                .as_str()
                .is_some_and(|other| other.eq_ignore_ascii_case(reference))
        };
        self.tickets.iter().filter(bears_it).cloned().collect()
    }
}

impl Answer {
    fn may_have_acted(&self) -> bool {
        match self {
            Self::Status(status, _) => *status < 400 || *status == 408 || *status >= 500,
            Self::Broken(_) => true,
            Self::Failure(kind) => !matches!(kind, FailureKind::Denied | FailureKind::Unreachable),
        }
    }

    fn give(&self) -> Result<Response, Failure> {
        match self {
            Self::Status(status, body) => Ok(response(*status, (*body).to_owned())),
            Self::Broken(body) => Ok(response(201, (*body).to_owned())),
            Self::Failure(kind) => Err(Failure {
                kind: *kind,
                message: "made up".to_owned(),
                may_have_acted: self.may_have_acted(),
            }),
        }
    }
}

fn response(status: u16, body: String) -> Response {
    Response {
        status,
        headers: Vec::new(),
        body: body.into(),
        age_seconds: None,
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    let statuses = vec![
        202, 204, 301, 302, 307, 400, 401, 403, 404, 405, 408, 409, 415, 429, 500, 502, 503, 504,
        599,
    ];
    let bodies = vec![
        "",
        "{}",
        "[7000]",
        "null",
        "<html></html>",
        "{\"id\":",
        "{\"id\":\"7000\"}",
        "Cannot route",
    ];
    let answer = prop_oneof![
        (
            prop::sample::select(statuses),
            prop::sample::select(bodies.clone())
        )
            .prop_map(|(status, body)| Answer::Status(status, body)),
        prop::sample::select(bodies).prop_map(Answer::Broken),
        prop::sample::select(FailureKind::ALL.to_vec()).prop_map(Answer::Failure),
    ];
    prop_oneof![
        Just(Fate::Good),
        (any::<bool>(), answer).prop_map(|(is_committed, answer)| Fate::Bad {
            is_committed,
            answer
        }),
    ]
}

fn draft(reference: Option<&str>) -> TicketDraft {
    TicketDraft {
        company_id: "250".to_owned(),
        summary: "Blocked: bad.example.com".to_owned(),
        reference: reference.map(str::to_owned),
        ..TicketDraft::default()
    }
}

/// One call, and how many writes it sent.
fn call(server: &mut Server, draft: &TicketDraft) -> (Result<Value, Value>, usize) {
    let before = server.writes;
    let send = &mut |requests: &[Request]| server.answer(requests);
    let result = CONNECTWISE.call_natively(&settings(), &Input::CreateTicket(draft.clone()), send);
    (result, server.writes - before)
}

proptest! {
    #![proptest_config(few(600))]

    #[test]
    fn a_reference_repeated_until_success_is_one_ticket(fates in prop::collection::vec(fate(), 0..12)) {
        let mut server = Server { fates, ..Server::default() };
        let draft = TicketDraft { company_id: "250".to_owned(), ..draft(Some("alert-4711")) };
        // The ticket of another reference, which the PSA takes for the same one.
        server.tickets.push(json!({"id": 1, "summary": "", "company": {"id": 9}, "externalXRef": "ALERT-4711"}));
        let mut calls = 0;
        let ticket = loop {
            calls += 1;
            prop_assert!(calls < 20, "no success though the server has recovered");
            let (result, writes) = call(&mut server, &draft);
            prop_assert!(writes <= 1, "{writes} writes in one call");
            match result {
                Ok(created) => break created["ticket"]["id"].clone(),
                Err(error) if writes == 1 => {
                    prop_assert!(error["code"] != json!("unexpected-response"), "{error}");
                    if error["code"] == json!("outcome-unknown") {
                        prop_assert!(error["retry-after-seconds"].as_u64() >= Some(60), "{error}");
                    }
                }
                Err(error) => prop_assert!(error["code"] != json!("outcome-unknown"), "nothing was sent: {error}"),
            }
        };
        prop_assert_eq!(server.tickets.len(), 2, "{:?}", server.tickets);
        prop_assert_eq!(ticket, json!(server.tickets[1]["id"].to_string()));
    }

    /// Whoever calls without a reference must be told where a ticket may have been opened.
    #[test]
    fn without_a_reference_nothing_is_hidden(fate in fate()) {
        let mut server = Server { fates: vec![fate.clone()], ..Server::default() };
        let (result, writes) = call(&mut server, &draft(None));
        prop_assert_eq!(writes, 1);
        let is_open = server.tickets.len() == 1;
        match result {
            Ok(_) => prop_assert!(is_open, "{fate:?}"),
            Err(error) => {
                let is_unknown = error["code"] == json!("outcome-unknown");
                prop_assert!(is_unknown || !is_open, "{fate:?}: {error}");
                prop_assert!(error["code"] != json!("unexpected-response"), "{fate:?}: {error}");
            }
        }
    }
}
