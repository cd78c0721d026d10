//! What can go wrong on command, and for which requests or connections.

use std::collections::VecDeque;
use std::time::Duration;

use super::answer::Answer;
use super::asked::Asked;

/// What becomes of one request in place of an ordinary answer.
#[derive(Clone, Debug)]
pub enum Misbehaviour {
    /// Acts and answers after so long, also where the client has gone away by then.
    Delay(Duration),
    /// Ends the connection without having acted.
    DropBeforeReading,
    /// Acts, then ends the connection without an answer.
    DropAfterCommitting,
    /// Acts, then ends the connection when half of the body is out.
    DropInBody,
    /// Ends the connection at once, and acts after so long.
    CommitLate(Duration),
    /// HTTP/2's own word that a request was not processed (`REFUSED_STREAM`). Over HTTP/1.1 as
    /// [`Misbehaviour::DropBeforeReading`]. Does not act.
    RefuseStream,
    /// 429 without having acted, with this `Retry-After`: seconds or a date.
    TooManyRequests(Option<String>),
    /// 502 with a gateway's page, without having acted.
    BadGateway,
    /// 502 with a gateway's page, having acted.
    BadGatewayAfterCommitting,
    /// 503 with this `Retry-After`, without having acted.
    Unavailable(Option<String>),
    /// Acts, and answers with a body that never ends.
    EndlessBody,
    /// Acts, and answers with so many bytes of spaces, compressed to a thousandth by gzip.
    Bomb(u64),
    /// Answers a list with a page after which there is always another, without having acted.
    EndlessList(Endless),
    /// 302 to this URL, without having acted.
    Redirect(String),
    /// Answers a write as a read of the same path: 200 with the record as it was, without having acted.
    FalseSuccess,
    /// This, without having acted.
    Answer(Answer),
}

/// The pages of a list that does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endless {
    /// Full pages of rows that follow those of the page before.
    NewRows,
    /// The same full page, whatever is asked for.
    SameRows,
    /// Pages of one new row, each with a link to the next.
    OneRowAPage,
}

/// What becomes of one connection, before any request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionFault {
    /// Closed before a byte is exchanged.
    RefuseTls,
    /// Answers as a server that speaks no newer TLS than 1.0 and says so (alert `protocol_version`).
    OldTlsAlert,
    /// The same, but chooses TLS 1.0 although it was not offered.
    OldTlsHello,
    /// Speaks HTTP without TLS.
    PlainHttp,
    /// Presents a certificate for another name.
    CertificateOfAnother,
    /// Closed after the handshake, before a request is read.
    CloseAfterHandshake,
}

/// Which requests a [`Misbehaviour`] is for. By default every one, without end.
#[derive(Clone, Debug)]
pub struct When {
    method: Option<&'static str>,
    path_end: String,
    tenant: Option<String>,
    skip: usize,
    times: usize,
}

impl When {
    /// Requests of any method, to a path that ends like this: `/service/tickets`; empty for every path.
    #[must_use]
    pub fn any(path_end: &str) -> Self {
        Self {
            method: None,
            path_end: path_end.to_owned(),
            tenant: None,
            skip: 0,
            times: usize::MAX,
        }
    }

    /// Reads of such a path.
    #[must_use]
    pub fn get(path_end: &str) -> Self {
        Self {
            method: Some("GET"),
            ..Self::any(path_end)
        }
    }

    /// New records at such a path.
    #[must_use]
    pub fn post(path_end: &str) -> Self {
        Self {
            method: Some("POST"),
            ..Self::any(path_end)
        }
    }

    /// Changes of such a path.
    #[must_use]
    pub fn patch(path_end: &str) -> Self {
        Self {
            method: Some("PATCH"),
            ..Self::any(path_end)
        }
    }

    /// Only with the credentials of this tenant.
    #[must_use]
    pub fn of(mut self, tenant: &str) -> Self {
        self.tenant = Some(tenant.to_owned());
        self
    }

    /// Not the first so many.
    #[must_use]
    pub fn skip(mut self, skip: usize) -> Self {
        self.skip = skip;
        self
    }

    /// No more than so many.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Counts as it goes.
    fn takes(&mut self, asked: &Asked) -> bool {
        let is_meant = self.method.is_none_or(|method| method == asked.method)
            && asked.path.ends_with(&self.path_end)
            && (self.tenant.is_none() || self.tenant == asked.tenant);
        if !is_meant || self.times == 0 {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.times -= 1;
        true
    }
}

/// Decides about each request.
pub(super) type Decision = Box<dyn FnMut(&Asked) -> Option<Misbehaviour> + Send>;

/// What is to go wrong.
#[derive(Default)]
pub(super) struct Plan {
    decisions: Vec<Decision>,
    connections: VecDeque<ConnectionFault>,
}

impl Plan {
    pub(super) fn add(&mut self, mut when: When, misbehaviour: Misbehaviour) {
        self.add_decision(Box::new(move |asked| {
            when.takes(asked).then(|| misbehaviour.clone())
        }));
    }

    pub(super) fn add_decision(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    pub(super) fn add_connections(&mut self, fault: ConnectionFault, times: usize) {
        self.connections.extend((0..times).map(|_| fault));
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The first decision that has one.
    pub(super) fn for_request(&mut self, asked: &Asked) -> Option<Misbehaviour> {
        self.decisions
            .iter_mut()
            .find_map(|decision| decision(asked))
    }

    pub(super) fn for_connection(&mut self) -> Option<ConnectionFault> {
        self.connections.pop_front()
    }
}
