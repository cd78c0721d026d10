//! Reading what the PSA answered: rows, a record, or an error. Which status means what is in `refusal.rs`.
//!
//! Lenient where the API is: unknown members, nulls and absent members pass. Strict where it matters: a body that is empty,
//! HTML, truncated or of another shape is `unexpected-response`, never an empty list.

use psa_contract::{ErrorCode, Response};

use crate::error::{Error, error, quote};
use crate::json::{
    FromJson, Json, Members, first_byte, is_html, place_of, without_byte_order_mark,
};
use crate::prelude::*;
use crate::refusal::unsent;
use crate::request::Answer;
use crate::settings::Settings;
use crate::text::contains;

/// Rows of a list, and whether the server says that there are more.
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) server_has_more: bool,
}

impl Answer {
    /// The rows of a list.
    pub(crate) fn rows<T: FromJson>(&self, settings: &Settings) -> Result<Page<T>, Error> {
        let list = self.list(settings)?;
        let mut rows = Vec::with_capacity(list.rows.len());
        for value in &list.rows {
            match Members::read(value) {
                Ok(row) => rows.push(row),
                Err(fault) => return Err(self.unreadable_row(settings, rows.len(), &fault)),
            }
        }
        Ok(Page {
            rows,
            server_has_more: list.server_has_more,
        })
    }

    /// The same where what the records hold does not matter.
    pub(crate) fn list(&self, settings: &Settings) -> Result<Page<Json<'_>>, Error> {
        let (response, json) = self.json(settings)?;
        let Json::List(rows) = json else {
            let fault = ["expected an array, found ", json.kind()].concat();
            return Err(self.unreadable(settings, &fault));
        };
        for (index, row) in rows.iter().enumerate() {
            if let Some(fault) = row.fault_of_record() {
                return Err(self.unreadable_row(settings, index, &fault));
            }
        }
        Ok(Page {
            rows,
            server_has_more: names_a_next_page(response),
        })
    }

    /// One record.
    pub(crate) fn record<T: FromJson>(&self, settings: &Settings) -> Result<T, Error> {
        let (_, json) = self.json(settings)?;
        match json.fault_of_record() {
            None => Members::read(&json),
            Some(fault) => Err(fault),
        }
        .map_err(|fault| self.unreadable(settings, &fault))
    }

    /// Whatever JSON a success holds.
    pub(crate) fn json(&self, settings: &Settings) -> Result<(&Response, Json<'_>), Error> {
        let response = match &self.result {
            Ok(response) if (200..300).contains(&response.status) => response,
            Ok(response) => return Err(self.refused(settings, response)),
            Err(failure) => return Err(unsent(settings, &self.subject.doing, failure)),
        };
        let body = without_byte_order_mark(&response.body);
        match Json::parse(body) {
            Ok(json) => Ok((response, json)),
            Err(fault) => {
                let fault = ["expected JSON, found ", &what_came(body, &fault)].concat();
                Err(self.unreadable(settings, &fault))
            }
        }
    }

    fn unreadable_row(&self, settings: &Settings, index: usize, fault: &str) -> Error {
        let number = index.saturating_add(1).to_string();
        self.unreadable(settings, &["row ", &number, ": ", fault].concat())
    }

    /// A success that is not what was asked for.
    pub(crate) fn unreadable(&self, settings: &Settings, fault: &str) -> Error {
        let message = [
            "cannot ",
            &self.subject.doing,
            ": ",
            &quote(settings, fault),
        ]
        .concat();
        let error = error(ErrorCode::UnexpectedResponse, message);
        match &self.result {
            Ok(response) => error
                .hint(hint_for(&response.body))
                .of_response(settings, response),
            Err(_) => error,
        }
    }
}

/// Whether the header `Link` has a `rel="next"`. Only this one fact is taken from it: its URL is never followed, since a
/// link to another host would carry the keys there. Some versions send it empty or naming the page just read
/// (recorded behaviour), so it is a hint that costs one more request, never an order.
fn names_a_next_page(response: &Response) -> bool {
    response
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("link"))
        .any(|(_, value)| contains(value, "rel=\"next\"") || contains(value, "rel=next"))
}

fn what_came(body: &[u8], fault: &serde_json::Error) -> String {
    match first_byte(body) {
        None => "an empty body".to_owned(),
        Some(b'<') => "a web page (HTML)".to_owned(),
        _ if fault.is_eof() => {
            let length = body.len().to_string();
            ["JSON that ends too early, after ", &length, " bytes"].concat()
        }
        _ => ["text that is not JSON from ", &place_of(fault), " on"].concat(),
    }
}

fn hint_for(body: &[u8]) -> &'static str {
    if is_html(body) {
        "the site answers with a web page where the API is due: check the site (on the cloud it starts with api-), and that \
         no proxy answers in its place"
    } else {
        "the PSA, or something between, answered what this connector does not understand: repeat once, then report it with \
         the request id"
    }
}
