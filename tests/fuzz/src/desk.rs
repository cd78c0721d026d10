//! The settings of a tenant that does not exist, and the `send` that gives the answers and looks at each request.

use psa_contract::{Failure, Request, Response, Setting};

use crate::answers::Answers;

/// The public key, the private key, the client id, the credential made of them, and what is in it, with the company.
pub(crate) const SECRETS: [&str; 5] = [
    "PubKeyOfExample1",
    "PrivKeyOfExample",
    "6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30",
    "ZXhhbXBsZW1zcCtQdWJLZXlPZkV4YW1wbGUxOlByaXZLZXlPZkV4YW1wbGU=",
    "PubKeyOfExample1:PrivKeyOfExample",
];

/// More than any input of a few kilobytes should ask for.
const MOST_ROUNDS: usize = 1_000;

pub(crate) fn settings() -> Vec<Setting> {
    [
        ("site", "na.myconnectwise.net"),
        ("company-id", "examplemsp"),
        ("public-key", SECRETS[0]),
        ("private-key", SECRETS[1]),
        ("client-id", SECRETS[2]),
    ]
    .map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    })
    .to_vec()
}

/// A server, and what it was asked.
pub(crate) struct Desk {
    answers: Answers,
    origins: Vec<String>,
    rounds: usize,
    pub(crate) exchanges: Vec<Exchange>,
}

/// A request, and what came of it. None: the host had no result.
pub(crate) struct Exchange {
    pub(crate) is_write: bool,
    pub(crate) url: String,
    pub(crate) result: Option<Result<Response, Failure>>,
}

impl Desk {
    pub(crate) fn new(answers: Answers, origins: Vec<String>) -> Self {
        Self {
            answers,
            origins,
            rounds: 0,
            exchanges: Vec::new(),
        }
    }

    /// Where the server has no result for a request, the host returns none for those after it in the round either.
    pub(crate) fn send(&mut self, requests: &[Request]) -> Vec<Result<Response, Failure>> {
        self.rounds += 1;
        assert!(self.rounds <= MOST_ROUNDS, "it asks for ever");
        assert!(!requests.is_empty(), "a round without requests");
        let mut results = Vec::new();
        let mut is_cut = false;
        for request in requests {
            self.check(request);
            let result = self.answers.to(self.exchanges.len()).filter(|_| !is_cut);
            is_cut = result.is_none();
            self.exchanges.push(Exchange {
                is_write: request.is_write,
                url: request.url.clone(),
                result: result.clone(),
            });
            results.extend(result);
        }
        results
    }

    /// Whether every request went to the server and asked for nothing that it should not.
    fn check(&self, request: &Request) {
        let url = request.url.as_str();
        let at_origin = self.origins.iter().any(|origin| {
            url.strip_prefix(origin.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        });
        assert!(at_origin, "{url} is at none of {:?}", self.origins);
        assert!(
            url.bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'#'),
            "{url:?} is no URL"
        );
        assert!(matches!(request.method.as_str(), "GET" | "POST" | "PATCH"));
        assert_eq!(request.body.is_some(), request.method != "GET");
        assert_eq!(request.is_write, request.method != "GET");
        for (name, value) in &request.headers {
            assert!(
                value.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
                "the header {name} holds what no header may"
            );
        }
    }

    /// Whether the server repeated a secret.
    pub(crate) fn holds_a_secret(&self) -> bool {
        self.answers.holds_a_secret
    }
}

impl Exchange {
    /// The body of an answer with success.
    pub(crate) fn success(&self) -> Option<&[u8]> {
        match &self.result {
            Some(Ok(response)) if (200..300).contains(&response.status) => {
                Some(response.body.as_bytes())
            }
            _ => None,
        }
    }

    /// Whether the server may have written. A 5xx counts unless its body may be the one that says that it read no further
    /// than the request.
    pub(crate) fn may_have_acted(&self) -> bool {
        match &self.result {
            Some(Ok(response)) => match response.status {
                408 => true,
                400..500 => false,
                500..600 => !may_blame_the_request(response.body.as_bytes()),
                _ => true,
            },
            Some(Err(failure)) => failure.may_have_acted,
            None => true,
        }
    }

    /// Whether nothing can have been written.
    pub(crate) fn was_declined(&self) -> bool {
        match &self.result {
            Some(Ok(response)) => matches!(response.status, 400..=407 | 409..=499),
            Some(Err(failure)) => !failure.may_have_acted,
            None => false,
        }
    }
}

fn may_blame_the_request(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    ["Error converting value", "Could not find member", "\\"]
        .iter()
        .any(|words| text.contains(words))
}
