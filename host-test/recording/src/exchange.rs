//! One request and what came back, as any recording holds it: the form that replay reads, whatever the file format.

use psa_contract::{Failure, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Proves the credentials.
    Credential,
    /// Reads one record of a detail, such as a ticket by its id.
    Detail,
    /// Asks which server is the right one.
    Discovery,
    /// Reads a list.
    List,
    /// Looks for what an earlier write may have left.
    LookUp,
    /// Tries out a right.
    Probe,
    /// Changes something.
    Write,
}

/// A request that is expected once, and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// None if the recording does not say.
    pub role: Option<Role>,
    /// What the request must be.
    pub request: RecordedRequest,
    /// What is answered.
    pub answer: Result<Response, Failure>,
    /// The members of the answer's JSON without which it cannot be used, as paths: `*/id`, `rows/*/name`. `*` is every
    /// element. Whatever is not named may be absent or null.
    pub required: Vec<String>,
    /// Whether the result does not need it: it is asked for beside others, to save a round.
    pub is_spare: bool,
    /// Of a write: what a look-up answers after it.
    pub look_up: Option<LookUpAnswers>,
}

/// What a look-up answers after a write of which it is in doubt whether it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct LookUpAnswers {
    /// Where it did happen.
    pub if_committed: Response,
    /// Where it did not.
    pub if_not_committed: Response,
}

/// What a request must be. Headers that are not named may be anything.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedRequest {
    /// Upper case.
    pub method: String,
    /// Absolute, without a query. Compared segment by segment after percent-decoding.
    pub url: String,
    /// Decoded names and values, in any order.
    pub query: Vec<(String, String)>,
    /// Names, compared without case, and values. None: the header must be absent.
    pub headers: Vec<(String, Option<String>)>,
    /// The body.
    pub body: RecordedBody,
}

/// What the body of a request must be.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordedBody {
    /// There must be none.
    Absent,
    /// It must be JSON of this value, in whatever order and spacing.
    Json(Value),
    /// It must be a form of these fields, in whatever order and encoding.
    Form(Vec<(String, String)>),
    /// It must be these bytes.
    Bytes(Vec<u8>),
}

impl Role {
    /// As in a file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Detail => "detail",
            Self::Discovery => "discovery",
            Self::List => "list",
            Self::LookUp => "look-up",
            Self::Probe => "probe",
            Self::Write => "write",
        }
    }
}
