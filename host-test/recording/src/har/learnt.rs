//! The secrets that a recording itself tells of: what is a credential in one place must not stay in another.

use std::cell::RefCell;

use serde_json::Value;

use crate::har::credential;
use crate::har::numbers::numbers_in;
use crate::har::secrets::Scrubber;

/// What was learnt, in the order of finding.
pub(super) struct Learnt<'a> {
    /// Knows the settings, which keep their own placeholders.
    scrubber: &'a Scrubber,
    has_placeholders: bool,
    values: RefCell<Vec<String>>,
}

impl<'a> Learnt<'a> {
    pub(super) fn new(scrubber: &'a Scrubber, has_placeholders: bool) -> Self {
        Self {
            scrubber,
            has_placeholders,
            values: RefCell::default(),
        }
    }

    /// Adds what is secret in the value of a credential.
    pub(super) fn add_credential(&self, name: &str, value: &str) {
        for secret in credential::secrets_of(name, value) {
            self.add(&secret);
        }
    }

    pub(super) fn add(&self, value: &str) {
        let value = value.trim();
        let is_known = self.values.borrow().iter().any(|known| known == value);
        let is_placeholder = self.has_placeholders && value.contains("{{");
        if !is_known && !is_placeholder && self.scrubber.is_news(value) {
            self.values.borrow_mut().push(value.to_owned());
        }
    }

    /// A scrubber that knows all of it.
    pub(super) fn scrubber(&self, document: &Value) -> Scrubber {
        let highest = numbers_in(&document.to_string()).into_iter().max();
        let first = highest.unwrap_or(0) + 1;
        self.scrubber
            .with_learnt(self.values.borrow().clone(), first)
    }
}
