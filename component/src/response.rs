//! Reading what the PSA answered: rows, a record, or an error. Which status means what is in `refusal.rs`.
//!
//! Lenient where the API is: unknown members, nulls and absent members pass. Strict where it matters: a body that is empty,
//! HTML, truncated or of another shape is `unexpected-response`, never an empty list.

use psa_contract::{ErrorCode, Response};
use psa_json::{
    Document, Fault, FromJson, Json, Members, first_byte, for_each_row, is_html,
    without_byte_order_mark,
};

use crate::error::{Error, error, quote};
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
        let mut rows = Vec::new();
        let server_has_more = self.read_rows(settings, &mut |row| {
            rows.push(Members::read(row)?);
            Ok(())
        })?;
        Ok(Page {
            rows,
            server_has_more,
        })
    }

    /// How many rows a list has, where what they hold does not matter.
    pub(crate) fn row_count(&self, settings: &Settings) -> Result<usize, Error> {
        let mut count = 0_usize;
        self.read_rows(settings, &mut |_| {
            count = count.saturating_add(1);
            Ok(())
        })?;
        Ok(count)
    }

    /// Reads the rows of a list one by one; whether the server says that there are more. The first that is wrong is the
    /// error, unless the whole is no JSON.
    fn read_rows(
        &self,
        settings: &Settings,
        read: &mut dyn FnMut(Json) -> Result<(), String>,
    ) -> Result<bool, Error> {
        let response = self.success(settings)?;
        let mut count = 0_usize;
        let mut fault = None;
        let whole = for_each_row(
            without_byte_order_mark(response.body.as_bytes()),
            &mut |row| {
                count = count.saturating_add(1);
                if fault.is_none() {
                    let read = row.fault_of_record().map_or_else(|| read(row), Err);
                    fault = read.err().map(|fault| (count, fault));
                }
            },
        );
        match (whole, fault) {
            (Err(fault), _) => Err(self.not_json(settings, response, &fault)),
            (Ok(Some(kind)), _) => {
                let fault = ["expected an array, found ", kind].concat();
                Err(self.unreadable(settings, &fault))
            }
            (Ok(None), Some((number, fault))) => {
                let fault = ["row ", &number.to_string(), ": ", &fault].concat();
                Err(self.unreadable(settings, &fault))
            }
            (Ok(None), None) => Ok(names_a_next_page(response)),
        }
    }

    /// One record.
    pub(crate) fn record<T: FromJson>(&self, settings: &Settings) -> Result<T, Error> {
        let document = self.json(settings)?;
        let json = document.value();
        json.fault_of_record()
            .map_or_else(|| Members::read(json), Err)
            .map_err(|fault| self.unreadable(settings, &fault))
    }

    /// Whatever JSON a success holds.
    pub(crate) fn json(&self, settings: &Settings) -> Result<Document<'_>, Error> {
        let response = self.success(settings)?;
        Document::parse(without_byte_order_mark(response.body.as_bytes()))
            .map_err(|fault| self.not_json(settings, response, &fault))
    }

    fn success(&self, settings: &Settings) -> Result<&Response, Error> {
        match &self.result {
            Ok(response) if (200..300).contains(&response.status) => Ok(response),
            Ok(response) => Err(self.refused(settings, response)),
            Err(failure) => Err(unsent(settings, &self.subject.doing, failure)),
        }
    }

    fn not_json(&self, settings: &Settings, response: &Response, fault: &Fault) -> Error {
        let came = what_came(without_byte_order_mark(response.body.as_bytes()), fault);
        self.unreadable(settings, &["expected JSON, found ", &came].concat())
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
                .hint(hint_for(response.body.as_bytes()))
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

fn what_came(body: &[u8], fault: &Fault) -> String {
    match first_byte(body) {
        None => "an empty body".to_owned(),
        Some(b'<') => "a web page (HTML)".to_owned(),
        _ if fault.is_end() => {
            let length = body.len().to_string();
            ["JSON that ends too early, after ", &length, " bytes"].concat()
        }
        _ => ["text that is not JSON from ", &fault.place(), " on"].concat(),
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
