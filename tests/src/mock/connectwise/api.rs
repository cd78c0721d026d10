//! Where the API is, and the URL under which a request found it.

use crate::mock::Asked;

/// The API's path on every server.
const API: &str = "/v4_6_release/apis/3.0";

impl Asked {
    /// What follows the API's base path; None for a request that is not to the API.
    #[must_use]
    pub fn api_path(&self) -> Option<&str> {
        self.path.strip_prefix(API)
    }

    /// The URL under which this request found the API.
    pub(super) fn base(&self) -> String {
        format!("https://{}{API}", self.authority)
    }
}
