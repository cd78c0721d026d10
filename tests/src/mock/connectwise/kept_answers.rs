//! Answers that are served again as they are: for measuring clients, where the server must not be what limits.
//!
//! Of reads only, and of none of tickets. What a test changes in a tenant would not be seen, so tests do without.

use std::collections::HashMap;

use crate::mock::Answer;
use crate::mock::Asked;

/// The answers by everything that they depend on.
#[derive(Default)]
pub(super) struct KeptAnswers(HashMap<String, Answer>);

impl KeptAnswers {
    /// The answer that was kept, or the one that `act` gives, which is kept where it may be.
    pub(super) fn answer(&mut self, asked: &Asked, act: impl FnOnce() -> Answer) -> Answer {
        if asked.method != "GET" || asked.path.contains("/service/tickets") {
            return act();
        }
        let who = [asked.header("authorization"), asked.header("clientid")];
        let name = format!(
            "{who:?} {} {} {:?}",
            asked.authority, asked.path, asked.query
        );
        // What is cloned is a reference to the body.
        self.0.entry(name).or_insert_with(act).clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const COMPANIES: &str = "/v4_6_release/apis/3.0/company/companies";
    const TICKETS: &str = "/v4_6_release/apis/3.0/service/tickets";

    #[test]
    fn a_read_is_answered_again_as_before_for_the_same_keys_and_query_only() {
        let mut kept = KeptAnswers::default();
        let companies = || asked("GET", COMPANIES, "1", "key");
        assert_eq!(body(&mut kept, &companies(), 1), "1");
        assert_eq!(body(&mut kept, &companies(), 2), "1");
        let others = [
            asked("GET", COMPANIES, "2", "key"),
            asked("GET", COMPANIES, "1", "other key"),
        ];
        for other in others {
            assert_eq!(body(&mut kept, &other, 3), "3", "{other:?}");
        }
    }

    #[test]
    fn writes_and_tickets_are_acted_on_each_time() {
        let mut kept = KeptAnswers::default();
        for acted_on in [
            asked("POST", COMPANIES, "1", "key"),
            asked("GET", TICKETS, "1", "key"),
        ] {
            assert_eq!(body(&mut kept, &acted_on, 1), "1");
            assert_eq!(body(&mut kept, &acted_on, 2), "2", "{acted_on:?}");
        }
    }

    fn body(kept: &mut KeptAnswers, asked: &Asked, number: i64) -> String {
        let answer = kept.answer(asked, || Answer::json(200, &json!(number)));
        String::from_utf8_lossy(&answer.body).into_owned()
    }

    fn asked(method: &str, path: &str, page: &str, key: &str) -> Asked {
        Asked {
            number: 1,
            method: method.to_owned(),
            authority: "localhost:1".to_owned(),
            path: path.to_owned(),
            query: vec![("page".to_owned(), page.to_owned())],
            headers: vec![("authorization".to_owned(), key.to_owned())],
            is_http2: false,
            tenant: None,
        }
    }
}
