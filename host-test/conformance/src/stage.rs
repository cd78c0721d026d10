//! HTTP as the kit plays it: the answers of a case, with one of them replaced, and what a look-up finds after a write.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use psa_contract::{Failure, FailureKind, Request, Response};

use psa_contract::http::{Answer, Answers, Http, refusal};
use psa_recording::matching::is_recorded;
use psa_recording::{Exchange, Role};

/// A stage. Clones share one state: the kit keeps one while a call has the other.
#[derive(Clone)]
pub(crate) struct Stage(Arc<Mutex<State>>);

/// A request, and where its answer came from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) request: Request,
    /// The index of the exchange that answered it. None: it is recorded nowhere, or once too often.
    pub(crate) exchange: Option<usize>,
    /// Its status. None: there was no response.
    pub(crate) status: Option<u16>,
    /// Whether a host had kept the answer.
    pub(crate) is_kept: bool,
    /// What it is for: what the case says of it or, if it is not recorded, of a request to the same address.
    pub(crate) role: Option<Role>,
}

impl Sent {
    /// Whether it changes something in the PSA. The case says so: a connector may say otherwise.
    pub(crate) fn is_write(&self) -> bool {
        self.role == Some(Role::Write)
    }

    /// Method and address, for a report.
    pub(crate) fn shown(&self) -> String {
        let (url, _) = self
            .request
            .url
            .split_once('?')
            .unwrap_or((&self.request.url, ""));
        format!("{} {url}", self.request.method)
    }
}

struct State {
    exchanges: Vec<Exchange>,
    used: Vec<bool>,
    replaced: Option<(usize, Answer)>,
    after_write: Option<Response>,
    has_written: bool,
    unrecorded_lists: bool,
    rounds: Vec<Vec<Sent>>,
}

impl Stage {
    /// The exchanges of a case, as they are recorded.
    pub(crate) fn new(exchanges: &[Exchange]) -> Self {
        Self(Arc::new(Mutex::new(State {
            used: vec![false; exchanges.len()],
            exchanges: exchanges.to_vec(),
            replaced: None,
            after_write: None,
            has_written: false,
            unrecorded_lists: false,
            rounds: Vec::new(),
        })))
    }

    /// With another answer in one exchange.
    pub(crate) fn replacing(self, exchange: usize, answer: Answer) -> Self {
        self.lock().replaced = Some((exchange, answer));
        self
    }

    /// With this for every look-up that follows a write.
    pub(crate) fn answering_after_write(self, response: &Response) -> Self {
        self.lock().after_write = Some(response.clone());
        self
    }

    /// With an empty list for a request whose path is that of a recorded one.
    pub(crate) fn with_no_more_rows(self) -> Self {
        self.lock().unrecorded_lists = true;
        self
    }

    /// What was sent, in rounds.
    pub(crate) fn rounds(&self) -> Vec<Vec<Sent>> {
        self.lock().rounds.clone()
    }

    /// The exchanges that nothing asked for.
    pub(crate) fn left_over(&self) -> Vec<usize> {
        let state = self.lock();
        (0..state.used.len())
            .filter(|index| !state.used[*index])
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves plain lists behind, which stay readable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Http for Stage {
    fn send(&mut self, requests: Vec<Request>, _deadline: Instant) -> Answers<'_> {
        let mut state = self.lock();
        let mut round = Vec::with_capacity(requests.len());
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            let (mut answer, exchange) = state.answer(&request);
            if let Ok(response) = &mut answer {
                let may_be_kept = request.reuse_seconds >= response.age_seconds;
                response.age_seconds = response.age_seconds.filter(|_| may_be_kept);
            }
            let role = state.role(&request, exchange);
            state.has_written |= role == Some(Role::Write);
            let response = answer.as_ref().ok();
            round.push(Sent {
                status: response.map(|it| it.status),
                is_kept: response.is_some_and(|it| it.age_seconds.is_some()),
                request,
                exchange,
                role,
            });
            answers.push(answer);
        }
        state.rounds.push(round);
        drop(state);
        Box::pin(std::future::ready(answers))
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> (Answer, Option<usize>) {
        if let Some(failure) = refusal(request) {
            return (Err(failure), None);
        }
        let matching = |exchange: &Exchange| is_recorded(&exchange.request, request);
        // What a look-up finds after a write is what the case says of it, not what it found before.
        if self.has_written
            && let Some(response) = &self.after_write
            && let Some(look_up) = self
                .exchanges
                .iter()
                .position(|exchange| exchange.role == Some(Role::LookUp) && matching(exchange))
        {
            return (Ok(response.clone()), Some(look_up));
        }
        let free = (0..self.exchanges.len())
            .find(|index| !self.used[*index] && matching(&self.exchanges[*index]));
        let Some(index) = free else {
            return (self.unrecorded(request), None);
        };
        self.used[index] = true;
        let answer = match &self.replaced {
            Some((replaced, answer)) if *replaced == index => answer.clone(),
            _ => self.exchanges[index].answer.clone(),
        };
        (answer, Some(index))
    }

    /// A request that is not recorded is for what those to its address are for. If none is recorded either, the request
    /// itself says whether it writes.
    fn role(&self, request: &Request, exchange: Option<usize>) -> Option<Role> {
        if let Some(index) = exchange {
            return self.exchanges[index].role;
        }
        let (url, _) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let recorded = self
            .exchanges
            .iter()
            .find(|it| it.request.method == request.method && it.request.url == url);
        match recorded {
            Some(exchange) => exchange.role,
            None => request.is_write.then_some(Role::Write),
        }
    }

    fn unrecorded(&self, request: &Request) -> Answer {
        let path = request.url.split('?').next().unwrap_or_default();
        let is_list = |exchange: &&Exchange| {
            exchange.role == Some(Role::List) && exchange.request.url == path
        };
        if self.unrecorded_lists
            && let Some(Ok(response)) = self
                .exchanges
                .iter()
                .find(is_list)
                .map(|exchange| &exchange.answer)
        {
            let mut response = response.clone();
            response.body = without_rows(response.body.as_bytes()).into();
            return Ok(response);
        }
        Err(Failure {
            kind: FailureKind::Unreachable,
            message: "the case records no such request".to_owned(),
            may_have_acted: false,
        })
    }
}

/// The same body with every list of it emptied.
fn without_rows(body: &[u8]) -> Vec<u8> {
    match serde_json::from_slice(body) {
        Ok(serde_json::Value::Object(mut members)) => {
            for value in members.values_mut() {
                match value {
                    serde_json::Value::Array(rows) => rows.clear(),
                    serde_json::Value::Bool(more) => *more = false,
                    _ => {}
                }
            }
            serde_json::Value::Object(members).to_string().into_bytes()
        }
        _ => b"[]".to_vec(),
    }
}
