//! The exchanges of a case, rewritten for an access token that was kept, is refused, and is renewed.

use psa_contract::{Failure, FailureKind, Request, Response};
use serde_json::Value;

use crate::canary::other_value;
use crate::fault::{Fault, StatusBody};
use crate::token::{Token, tokens};
use psa_recording::Case;
use psa_recording::{Exchange, RecordedBody, Role};

/// How old the answer is that the host kept. So short a time fits every connector that lets it be kept at all.
pub(crate) const KEPT_SECONDS: u32 = 1;

/// What the PSA does with a token that it refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Server {
    /// It was kept: the next one is another, and accepted.
    Accepts,
    /// It was kept: the next one is another, and refused as well.
    RefusesAgain,
    /// It was kept: the next one is the same.
    GivesTheSame,
    /// It was not kept.
    Fresh,
}

impl Server {
    pub(crate) const ALL: [(Self, &str); 4] = [
        (Self::Accepts, "renewed"),
        (Self::RefusesAgain, "renewed-and-refused"),
        (Self::GivesTheSame, "renewed-to-the-same"),
        (Self::Fresh, "fresh"),
    ];
}

/// A case, and which exchange of it is the request for the token.
pub(crate) struct Script<'a> {
    exchanges: &'a [Exchange],
    token: usize,
    values: Vec<Token>,
}

impl<'a> Script<'a> {
    pub(crate) fn new(case: &'a Case, token: usize) -> Self {
        Self {
            exchanges: &case.exchanges,
            token,
            values: tokens(&case.exchanges, token, &case.settings),
        }
    }

    pub(crate) fn is_token_request(&self, request: &Request) -> bool {
        let recorded = &self.exchanges[self.token].request;
        let (url, _) = request.url.split_once('?').unwrap_or((&request.url, ""));
        recorded.method == request.method && recorded.url == url
    }

    /// Whether a request has the token in a header.
    pub(crate) fn carries(&self, index: usize) -> bool {
        let headers = &self.exchanges[index].request.headers;
        index != self.token
            && headers.iter().any(|(_, header)| {
                let holds = |token: &Token| {
                    header
                        .as_ref()
                        .is_some_and(|header| header.contains(&token.value))
                };
                self.values.iter().any(holds)
            })
    }

    /// From this exchange on, what carries the recorded token is refused.
    pub(crate) fn refusing_from(&self, first: usize, server: Server) -> Vec<Exchange> {
        let mut script = self.with_token_requests(server);
        for (index, exchange) in self.exchanges.iter().enumerate() {
            if index == self.token {
                continue;
            }
            if index < first || !self.carries(index) {
                script.push(exchange.clone());
                continue;
            }
            script.push(refused(exchange));
            match server {
                Server::Accepts => script.push(self.renewed(exchange)),
                Server::RefusesAgain => script.push(refused(&self.renewed(exchange))),
                Server::GivesTheSame | Server::Fresh => {}
            }
        }
        script
    }

    /// A write whose answer is lost, and the look-ups after it, which are refused until they carry the renewed token.
    pub(crate) fn refusing_the_look_up(&self, write: usize, found: &Response) -> Vec<Exchange> {
        let mut script = self.with_token_requests(Server::Accepts);
        for index in (0..=write).filter(|index| *index != self.token) {
            script.push(self.exchanges[index].clone());
        }
        if let Some(write) = script.last_mut() {
            write.answer = Err(Failure {
                kind: FailureKind::TimedOut,
                message: "made up by the conformance kit".to_owned(),
                may_have_acted: true,
            });
        }
        let before = self.exchanges.iter().take(write);
        for look_up in before.filter(|it| it.role == Some(Role::LookUp)) {
            script.push(refused(look_up));
            let mut again = self.renewed(look_up);
            again.answer = Ok(found.clone());
            script.push(again);
        }
        script
    }

    /// The first of them, and the one that renews.
    fn with_token_requests(&self, server: Server) -> Vec<Exchange> {
        let fresh = &self.exchanges[self.token];
        let mut kept = fresh.clone();
        if let Ok(response) = &mut kept.answer {
            response.age_seconds = Some(KEPT_SECONDS);
        }
        match server {
            Server::Fresh => vec![fresh.clone()],
            Server::GivesTheSame => vec![kept, fresh.clone()],
            Server::Accepts | Server::RefusesAgain => vec![kept, self.renewed(fresh)],
        }
    }

    /// The exchange with other credentials, in the request and in its answer.
    fn renewed(&self, exchange: &Exchange) -> Exchange {
        let mut renewed = exchange.clone();
        let request = &mut renewed.request;
        for (_, header) in &mut request.headers {
            *header = header
                .as_deref()
                .map(|header| self.with_other_values(header));
        }
        match &mut request.body {
            RecordedBody::Absent => {}
            RecordedBody::Json(body) => self.replace(body),
            RecordedBody::Form(fields) => {
                for (_, value) in fields {
                    *value = self.with_other_values(value);
                }
            }
            RecordedBody::Bytes(bytes) => {
                if let Ok(text) = std::str::from_utf8(bytes) {
                    *bytes = self.with_other_values(text).into_bytes();
                }
            }
        }
        if let Ok(response) = &mut renewed.answer
            && let Ok(mut body) = serde_json::from_slice(response.body.as_bytes())
        {
            self.replace(&mut body);
            response.body = body.to_string().as_str().into();
        }
        renewed
    }

    fn replace(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.with_other_values(text),
            Value::Array(elements) => elements.iter_mut().for_each(|it| self.replace(it)),
            Value::Object(members) => members.values_mut().for_each(|it| self.replace(it)),
            _ => {}
        }
    }

    fn with_other_values(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, token| {
            text.replace(&token.value, &other_value(&token.value))
        })
    }
}

fn refused(exchange: &Exchange) -> Exchange {
    let answer = Fault::Status(401, StatusBody::Json).apply(&exchange.answer);
    Exchange {
        answer,
        ..exchange.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use psa_recording::Case;

    const CASE: &str = r#"{
      "docs": "d", "provenance": "composed", "operation": "create-ticket", "settings": {},
      "input": {"company-id": "1", "summary": "s", "reference": "r"},
      "base-url": "https://a.example",
      "request-headers": {"authorization": "Bearer abcdefgh01"},
      "exchanges": [
        {"role": "credential", "request": {"method": "POST", "path": "/token", "headers": {"authorization": null}},
          "response": {"status": 200, "json": {"access_token": "abcdefgh01", "token_type": "Bearer"}}},
        {"role": "look-up", "request": {"method": "GET", "path": "/look-up"}, "response": {"status": 200, "json": []}},
        {"role": "write", "request": {"method": "POST", "path": "/write"}, "response": {"status": 201, "json": {}}}
      ],
      "rounds": 3, "expect": {"ok": {}}
    }"#;

    /// Path, credential that it carries, and what is answered: `401`, or `200 abcdefgh01 (1 s)` for a token.
    fn shown(script: &[Exchange]) -> Vec<String> {
        let shown = |exchange: &Exchange| {
            let path = exchange.request.url.rsplit('/').next().unwrap_or_default();
            let carries = exchange
                .request
                .headers
                .iter()
                .find_map(|(_, it)| it.clone());
            let answer = match &exchange.answer {
                Ok(response) => {
                    let body: Value =
                        serde_json::from_slice(response.body.as_bytes()).unwrap_or_default();
                    let token = body["access_token"].as_str().unwrap_or_default();
                    format!("{} {token} {:?}", response.status, response.age_seconds)
                }
                Err(failure) => failure.kind.name().to_owned(),
            };
            format!("{path} {}: {answer}", carries.unwrap_or_default())
        };
        script.iter().map(shown).collect()
    }

    #[test]
    fn the_token_is_refused_from_one_request_on_and_another_is_accepted() {
        let case = Case::parse("f", CASE).expect("a case");
        let script = Script::new(&case, 0);
        assert_eq!(
            [0, 1, 2].map(|index| script.carries(index)),
            [false, true, true]
        );
        let (kept, fresh) = (
            "token : 200 abcdefgh01 Some(1)",
            "token : 200 abcdefgh01 None",
        );
        let of = |text: &str| text.replace("other", &other_value("abcdefgh01"));
        let refused_write = "write Bearer abcdefgh01: 401  None";
        let look_up = "look-up Bearer abcdefgh01: 200  None";
        assert_eq!(
            shown(&script.refusing_from(2, Server::Accepts)),
            [
                kept,
                &of("token : 200 other None"),
                look_up,
                refused_write,
                &of("write Bearer other: 201  None")
            ]
        );
        assert_eq!(
            shown(&script.refusing_from(2, Server::RefusesAgain)),
            [
                kept,
                &of("token : 200 other None"),
                look_up,
                refused_write,
                &of("write Bearer other: 401  None")
            ]
        );
        assert_eq!(
            shown(&script.refusing_from(2, Server::GivesTheSame)),
            [kept, fresh, look_up, refused_write]
        );
        assert_eq!(
            shown(&script.refusing_from(1, Server::Fresh)),
            [fresh, "look-up Bearer abcdefgh01: 401  None", refused_write]
        );
        let found = Fault::Status(403, StatusBody::Empty).apply(&case.exchanges[1].answer);
        assert_eq!(
            shown(&script.refusing_the_look_up(2, &found.expect("a response"))),
            [
                kept,
                &of("token : 200 other None"),
                look_up,
                "write Bearer abcdefgh01: timed-out",
                "look-up Bearer abcdefgh01: 401  None",
                &of("look-up Bearer other: 403  None"),
            ]
        );
    }
    #[test]
    fn after_a_write_every_look_up_is_refused_until_it_carries_the_renewed_token() {
        let look_up = r#"{"role": "look-up", "request": {"method": "GET", "path": "/look-up"}"#;
        let second = look_up.replace("/look-up", "/by-text");
        let answer = r#", "response": {"status": 200, "json": []}},"#;
        let text = CASE.replace(look_up, &format!("{second}{answer}\n        {look_up}"));
        let case = Case::parse("f", &text).expect("a case");
        let script = Script::new(&case, 0);
        let found = Fault::Status(403, StatusBody::Empty).apply(&case.exchanges[1].answer);
        let shown = shown(&script.refusing_the_look_up(3, &found.expect("a response")));
        let new = other_value("abcdefgh01");
        let expected = ["by-text", "look-up"].map(|path| {
            [
                format!("{path} Bearer abcdefgh01: 401  None"),
                format!("{path} Bearer {new}: 403  None"),
            ]
        });
        assert_eq!(shown[5..], expected.concat());
    }
}
