//! What stands for a tenant, its rows and its server in the tests of the toolkit.

use psa_contract::{Failure, FailureKind, Request, Response};

use crate::exchange::{HttpResult, HttpSend, Subject, Tenant};
use crate::pages::Row;
use crate::secrets::Secrets;
use crate::status::{Refusal, code_of};

/// A tenant of no vendor.
pub(crate) struct Plain(pub(crate) Secrets);

impl Tenant for Plain {
    fn secrets(&self) -> &Secrets {
        &self.0
    }

    fn refusal(&self, subject: &Subject, response: &Response) -> Refusal {
        Refusal {
            message: response.body.to_text().into_owned(),
            ..Refusal::new(subject.judge(code_of(response.status)))
        }
    }
}

/// A tenant without secrets.
pub(crate) fn plain() -> Plain {
    Plain(Secrets::default())
}

/// A row of nothing but its id.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub(crate) struct Number {
    pub(crate) id: i64,
}

impl Row for Number {
    fn id(&self) -> i64 {
        self.id
    }
}

pub(crate) fn response(status: u16, body: &str) -> Response {
    Response {
        status,
        body: body.into(),
        ..Response::default()
    }
}

/// No answer in time.
pub(crate) fn failure(may_have_acted: bool) -> HttpResult {
    Err(Failure {
        kind: FailureKind::TimedOut,
        message: "no answer".to_owned(),
        may_have_acted,
    })
}

/// Calls with a server that gives these answers in turn. The result, and what was sent: `R` for a read, `W` for a write.
pub(crate) fn with_answers<T>(
    answers: Vec<HttpResult>,
    call: impl FnOnce(&mut HttpSend) -> T,
) -> (T, String) {
    let mut sent = String::new();
    let mut answers = answers.into_iter();
    let mut send = |requests: &mut [Request]| {
        let letters = requests
            .iter()
            .map(|it| if it.is_write { 'W' } else { 'R' });
        sent.extend(letters);
        answers.next().into_iter().collect()
    };
    let result = call(&mut send);
    (result, sent)
}
