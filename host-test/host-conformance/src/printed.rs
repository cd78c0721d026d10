//! What the host's program printed: the results of the three calls as JSON, one after another. Everything else on standard
//! output is left out of account, but searched for secrets.

use serde_json::{Deserializer, Value};

use crate::report::State;

/// The output of a host's program.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
    /// How it ended, in words.
    pub end: String,
}

/// What a call came to.
pub(crate) enum Result {
    Value(Value),
    /// With this code, if it has one.
    Error(String),
}

impl Printed {
    /// The results, in the order of the calls.
    pub(crate) fn results(&self) -> Vec<Result> {
        let mut results = Vec::new();
        let mut rest = self.output.as_str();
        while let Some(start) = start_of_json(rest) {
            rest = &rest[start..];
            let mut values = Deserializer::from_str(rest).into_iter::<Value>();
            match values.next() {
                Some(Ok(value)) => {
                    results.push(result(value));
                    rest = &rest[values.byte_offset()..];
                }
                _ => rest = &rest[1..],
            }
        }
        results
    }
}

/// Where an object begins that is the first thing in its line.
fn start_of_json(text: &str) -> Option<usize> {
    text.char_indices().find_map(|(at, letter)| {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        (letter == '{' && line.trim().is_empty()).then_some(at)
    })
}

fn result(value: Value) -> Result {
    let error = ["error", "err"].iter().find_map(|name| value.get(name));
    match error.filter(|error| !error.is_null()) {
        Some(error) => Result::Error(code(error)),
        None => Result::Value(value),
    }
}

/// Of an error, or an error that is only a code: `outcome-unknown`, however the language spells it.
fn code(error: &Value) -> String {
    let code = error
        .get("code")
        .unwrap_or(error)
        .as_str()
        .unwrap_or_default();
    let mut spelt = String::new();
    let mut is_after_lower_case = false;
    for letter in code.chars() {
        if letter.is_uppercase() && is_after_lower_case {
            spelt.push('-');
        }
        is_after_lower_case = letter.is_lowercase();
        spelt.push(if letter == '_' {
            '-'
        } else {
            letter.to_ascii_lowercase()
        });
    }
    spelt
}

/// The trials that the probe reports: duty, trial, and what it found. None: this is no list of companies.
pub(crate) fn trials(value: &Value) -> Option<Vec<(String, String, State)>> {
    let companies = ["ok", "value"]
        .iter()
        .find_map(|name| value.get(name))
        .unwrap_or(value);
    let companies = companies.get("companies")?.as_array()?;
    let trials = companies.iter().map(|company| {
        let text = |name: &str| company.get(name)?.as_str();
        let (duty, trial) = text("id")?.split_once('/')?;
        let state = match text("name")?.split_once(": ") {
            Some(("broken", seen)) => State::Broken(seen.to_owned()),
            Some(("not tested", why)) => State::NotTested(why.to_owned()),
            _ => State::Kept,
        };
        Some((duty.to_owned(), trial.to_owned(), state))
    });
    trials.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_found_in_whatever_form_they_are_printed() {
        let output = "host 1.0 {x}\n{\n  \"companies\": [{\"id\": \"in-order/16\", \"name\": \"broken: a: b\"}]\n}\n\
                      {\"error\": {\"code\": \"OUTCOME_UNKNOWN\"}}\n  {\"err\": {\"code\": \"outcomeUnknown\"}} \n{ no json\n{\"error\": \"Unavailable\"}";
        let printed = Printed {
            output: output.to_owned(),
            ..Printed::default()
        };
        let results = printed.results();
        let codes: Vec<&str> = results
            .iter()
            .filter_map(|result| match result {
                Result::Error(code) => Some(code.as_str()),
                Result::Value(_) => None,
            })
            .collect();
        assert_eq!(codes, ["outcome-unknown", "outcome-unknown", "unavailable"]);
        let Some(Result::Value(page)) = results.first() else {
            panic!("the list comes first");
        };
        let trials = trials(page).expect("companies");
        assert_eq!(trials.len(), 1);
        assert!(matches!(&trials[0].2, State::Broken(seen) if seen == "a: b"));
    }

    #[test]
    fn what_is_no_list_is_none() {
        for value in [
            "{}",
            r#"{"companies": 1}"#,
            r#"{"companies": [{"id": "x"}]}"#,
        ] {
            assert!(
                trials(&serde_json::from_str(value).expect("JSON")).is_none(),
                "{value}"
            );
        }
    }
}
