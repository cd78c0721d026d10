//! Where the answer to a list has its rows, by what the case says of it, and the same answer with other rows.

use psa_recording::{Exchange, Role};
use serde_json::{Value, json};

/// A list, and by which member its rows are told apart.
pub(crate) struct ListRows {
    before: Vec<String>,
    key: String,
    body: Value,
}

impl ListRows {
    /// Of a list that says what its rows need: the first member that it names is their key.
    pub(crate) fn of(exchange: &Exchange) -> Option<Self> {
        if exchange.role != Some(Role::List) {
            return None;
        }
        let response = exchange.answer.as_ref().ok()?;
        let is_of_a_row = |pattern: &&String| pattern.contains("*/");
        let pattern = exchange.required.iter().find(is_of_a_row)?;
        let (before, key) = pattern.split_once("*/")?;
        let before = before.split_terminator('/').map(str::to_owned).collect();
        let rows = Self {
            before,
            key: key.to_owned(),
            body: serde_json::from_slice(response.body.as_bytes()).ok()?,
        };
        (list(&rows.before, &mut rows.body.clone()).is_some() && !rows.key.contains('/'))
            .then_some(rows)
    }

    pub(crate) fn rows(&self) -> Vec<Value> {
        let mut body = self.body.clone();
        list(&self.before, &mut body).cloned().unwrap_or_default()
    }

    /// The body with other rows.
    pub(crate) fn body_with(&self, rows: Vec<Value>) -> Vec<u8> {
        let mut body = self.body.clone();
        if let Some(list) = list(&self.before, &mut body) {
            *list = rows;
        }
        body.to_string().into_bytes()
    }

    /// The body with so many rows, of which those that are missing are the last one with another key.
    pub(crate) fn body_with_count(&self, count: usize) -> Option<Vec<u8>> {
        let mut rows = self.rows();
        rows.truncate(count);
        let last = rows.last()?.clone();
        for number in rows.len()..count {
            rows.push(self.with_key_after(&last, number)?);
        }
        Some(self.body_with(rows))
    }

    /// The row with a key that is so much after its own. None: the key is neither a number nor a text.
    pub(crate) fn with_key_after(&self, row: &Value, number: usize) -> Option<Value> {
        let mut row = row.clone();
        let key = row.get_mut(&self.key)?;
        *key = match &*key {
            Value::Number(first) => json!(first.as_u64()?.checked_add(number as u64)?),
            Value::String(first) => json!(format!("{first}-{number:06}")),
            _ => return None,
        };
        Some(row)
    }

    /// A row's key, as the contract writes ids.
    pub(crate) fn key(&self, row: &Value) -> Option<String> {
        match row.get(&self.key)? {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(text.clone()),
            _ => None,
        }
    }
}

fn list<'a>(before: &[String], body: &'a mut Value) -> Option<&'a mut Vec<Value>> {
    let mut holder = body;
    for name in before {
        holder = holder.get_mut(name)?;
    }
    holder.as_array_mut()
}
