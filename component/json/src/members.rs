//! Reading a record member by member. Each of these functions names a member by the PSA's word for it.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::value::{Json, Part};

/// A record of the PSA, read from its members.
pub trait FromJson: Sized {
    /// Reads what it needs. What is wrong is kept by the members; what is returned then is not used.
    fn from_members(members: &mut Members) -> Self;
}

/// Reads a record member by member and keeps the first fault: "expected a text in `name`, found a number".
pub struct Members<'a> {
    json: Json<'a>,
    fault: Option<String>,
}

impl<'a> Members<'a> {
    /// Reads a record from a value that is one: [`Json::fault_of_record`].
    ///
    /// # Errors
    /// The first member that is not what it has to be, and how.
    pub fn read<T: FromJson>(json: Json<'a>) -> Result<T, String> {
        let mut members = Self { json, fault: None };
        let record = T::from_members(&mut members);
        match members.fault {
            None => Ok(record),
            Some(fault) => Err(fault),
        }
    }

    /// Reads a record within this one; one that is absent or no record has no members.
    pub fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.json;
        self.json = outer.member(name);
        let value = read(self);
        self.json = outer;
        value
    }

    /// A text that may be absent.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let value = self.json.member(name);
        let text = value.as_text().map(str::to_owned);
        if text.is_none() && !value.is_null() {
            self.wrong("a text", name, value);
        }
        text
    }

    /// The same where a member of another kind is as good as none.
    #[must_use]
    pub fn text_if_any(&self, name: &str) -> Option<String> {
        self.json.member(name).as_text().map(str::to_owned)
    }

    /// A text that a record is useless without.
    pub fn required_text(&mut self, name: &str) -> String {
        let text = self.text(name);
        if text.is_none() {
            self.wrong("a text", name, Json::NULL);
        }
        text.unwrap_or_default()
    }

    /// An integer that may be absent.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let value = self.json.member(name);
        let number = value.as_integer();
        if number.is_none() && !value.is_null() {
            self.wrong("an integer", name, value);
        }
        number
    }

    /// An integer that a record is useless without.
    pub fn required_integer(&mut self, name: &str) -> i64 {
        let number = self.integer(name);
        if number.is_none() {
            self.wrong("an integer", name, Json::NULL);
        }
        number.unwrap_or_default()
    }

    /// A flag that may be absent.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.json.member(name);
        let flag = value.as_flag();
        if flag.is_none() && !value.is_null() {
            self.wrong("a flag", name, value);
        }
        flag
    }

    /// A flag that is not set is false.
    pub fn is(&mut self, name: &str) -> bool {
        self.flag(name).unwrap_or(false)
    }

    /// A list that may be absent; null where it is.
    pub fn list(&mut self, name: &str) -> Json<'a> {
        let value = self.json.member(name);
        if !matches!(value.part(), Part::List(_) | Part::Null) {
            self.wrong("an array", name, value);
        }
        value
    }

    /// Keeps the first fault, of a member that is nothing of what was expected.
    pub fn wrong(&mut self, expected: &str, name: &str, found: Json) {
        if self.fault.is_none() {
            let found = found.kind();
            self.fault = Some(["expected ", expected, " in `", name, "`, found ", found].concat());
        }
    }
}
