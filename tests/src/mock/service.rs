//! What a vendor's mock has to say; the rest is the same for all of them.

use bytes::Bytes;

use super::answer::Answer;
use super::asked::Asked;
use super::misbehaviour::Endless;

/// A PSA: its tenants, and how it answers. Nothing misbehaves in here.
pub trait Service: Send + 'static {
    /// The tenant that the credentials of a request name, right or wrong. None: there are none, or they cannot be read.
    fn tenant_of(asked: &Asked) -> Option<String>;

    /// The headers that every answer has, of the request with this number.
    fn headers(number: u64) -> Vec<(&'static str, String)>;

    /// Answers a request; a write changes the state.
    fn answer(&mut self, asked: &Asked, body: &Bytes) -> Answer;

    /// The refusal of a request too many, with this `Retry-After`: seconds or a date.
    fn too_many_requests(retry_after: Option<&str>) -> Answer;

    /// The page that was asked for, of a list that does not end.
    fn endless_page(asked: &Asked, pages: Endless) -> Answer;
}
