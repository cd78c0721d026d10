//! A query of `list-companies`, read: what the server is asked, what is compared here, and where a page starts.

use psa_contract::CompanyQuery;

use crate::condition::{
    TextFilter, any_of, containing, contains_without_case, equals_without_case,
};
use crate::error::{Error, field_error, invalid_input};
use crate::listing::Listing;
use crate::permission::COMPANIES;
use crate::settings::Settings;
use crate::sort::{by_number, sort_by};
use crate::text::{number, record_id};
use crate::wire;

const DOING: &str = "list companies";
const DEFAULT_LIMIT: usize = 1_000;
const LARGEST_LIMIT: usize = 10_000;

/// A query that has been read.
pub(crate) struct Request {
    pub(crate) listing: Listing,
    pub(crate) limit: usize,
    pub(crate) after: Option<i64>,
    /// Ascending. None: all.
    pub(crate) ids: Option<Vec<i64>>,
    pub(crate) include_inactive: bool,
    /// What the server was asked in a wider form, or not at all.
    search: Option<String>,
    statuses: Vec<String>,
    types: Vec<String>,
}

pub(crate) fn parse(settings: &Settings, query: &CompanyQuery) -> Result<Request, Error> {
    let mut faults = Vec::new();
    if query.limit == Some(0) {
        faults.push(field_error(
            "limit",
            "it is zero; ask for at least one, or for none given",
        ));
    }
    let limit = query
        .limit
        .map_or(DEFAULT_LIMIT, |limit| {
            usize::try_from(limit).unwrap_or(LARGEST_LIMIT)
        })
        .min(LARGEST_LIMIT);
    let mut ids: Vec<i64> = Vec::new();
    for id in &query.ids {
        match record_id(id) {
            Some(id) => ids.push(id),
            None => faults.push(field_error(
                "ids",
                "one of them is not a number; company ids are numbers",
            )),
        }
    }
    sort_by(&mut ids, |id| by_number(*id));
    ids.dedup();
    let cursor = query.cursor.as_deref().unwrap_or_default();
    let mut after = None;
    if !cursor.is_empty() {
        let fingerprint = fingerprint(settings, query);
        after = cursor
            .strip_prefix(&fingerprint)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(last_id);
        if after.is_none() {
            faults.push(field_error(
                "cursor",
                "it belongs to another query or other settings; start again without a cursor",
            ));
        }
    }
    if !faults.is_empty() {
        return Err(invalid_input(DOING, faults));
    }
    let mut request = Request {
        listing: Listing {
            doing: DOING.to_owned(),
            right: Some(&COMPANIES),
            path: "/company/companies".to_owned(),
            fields: "id,identifier,name,status/name,deletedFlag,types",
            conditions: Vec::new(),
            child_conditions: None,
        },
        limit,
        after,
        ids: (!query.ids.is_empty()).then_some(ids),
        include_inactive: query.include_inactive,
        search: None,
        statuses: Vec::new(),
        types: Vec::new(),
    };
    request.add_filters(query);
    Ok(request)
}

impl Request {
    /// What the server can compare it compares; the rest is kept for [`Request::keeps`].
    fn add_filters(&mut self, query: &CompanyQuery) {
        if !query.include_inactive {
            self.listing.conditions.push("deletedFlag=false".to_owned());
        }
        let search = query.search.as_deref().unwrap_or_default().trim();
        if !search.is_empty() {
            let (condition, is_wider) = containing(&["name", "identifier"], search);
            self.listing.conditions.push(condition);
            self.search = is_wider.then(|| search.to_owned());
        }
        match any_of("status/name", &query.statuses) {
            TextFilter::Condition(condition) => self.listing.conditions.push(condition),
            TextFilter::Local => self.statuses = query.statuses.clone(),
            TextFilter::None => {}
        }
        // `types` is a child array: in `conditions` it is a 400 ApiFindCondition.
        match any_of("types/name", &query.types) {
            TextFilter::Condition(condition) => self.listing.child_conditions = Some(condition),
            TextFilter::Local => self.types = query.types.clone(),
            TextFilter::None => {}
        }
    }

    pub(crate) fn keeps(&self, company: &wire::Company) -> bool {
        let is_found = self.search.as_deref().is_none_or(|search| {
            contains_without_case(&company.name, search)
                || company
                    .identifier
                    .as_deref()
                    .is_some_and(|identifier| contains_without_case(identifier, search))
        });
        let one_of = |names: &[String], name: &str| {
            names.is_empty() || names.iter().any(|other| equals_without_case(name, other))
        };
        let status = company.status.as_deref();
        let has_type =
            self.types.is_empty() || company.types.iter().any(|name| one_of(&self.types, name));
        (self.include_inactive || !company.is_deleted)
            && is_found
            && one_of(&self.statuses, status.unwrap_or_default())
            && has_type
    }
}

/// The id in a cursor. An id of ConnectWise is above zero, but what a server has given out is taken back.
fn last_id(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(digits) => number(digits)?.checked_neg(),
        None => number(text),
    }
}

/// Tells one query of one tenant from another: FNV-1a of everything but the limit and the cursor. No secret goes in.
pub(crate) fn fingerprint(settings: &Settings, query: &CompanyQuery) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        // The byte 0xff is in no UTF-8 text, so that two texts in a row are told from their concatenation.
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    add(&settings.site.authority);
    add(&settings.company_id);
    add(query.search.as_deref().unwrap_or_default().trim());
    add(if query.include_inactive {
        "all"
    } else {
        "active"
    });
    for list in [&query.ids, &query.statuses, &query.types] {
        add(&list.len().to_string());
        list.iter().for_each(|text| add(text));
    }
    hash.to_string()
}
