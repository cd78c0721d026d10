//! `list-companies`: the customers these credentials can see, each exactly once, by ascending id.
//!
//! The first round asks for the first page and, where more than a page is wanted, for the highest id. Further rounds ask for
//! windows of ids, all of them in flight at once. The cursor is the last id that was covered, so a page that loses rows to
//! a local filter does not lose the place.

use psa_contract::{Company, CompanyPage, CompanyQuery};

use crate::condition::{
    TextFilter, any_of, containing, contains_without_case, equals_without_case,
};
use crate::error::{Error, field_error, invalid_input};
use crate::listing::{Listing, Window, page, read_all_that};
use crate::permission::COMPANIES;
use crate::prelude::*;
use crate::request::{HttpSend, LARGEST_PAGE, exchange};
use crate::settings::Settings;
use crate::sort::{by_number, sort_by};
use crate::text::record_id;
use crate::windows::{Seen, next_windows};
use crate::wire;

const DOING: &str = "list companies";
const DEFAULT_LIMIT: usize = 1_000;
const LARGEST_LIMIT: usize = 10_000;
/// Keeps a URL under 2,000 characters (Developer Guide, "Conditions").
const IDS_PER_REQUEST: usize = 100;
/// A table of ids this sparse is read on by the caller, with the cursor.
const MOST_ROUNDS: usize = 50;

/// One page of the companies that match.
///
/// # Errors
/// `invalid-input` for a limit of zero, an id that is not a number and a cursor of another query; otherwise what
/// [`crate::verify`] may return, and `forbidden`.
#[inline(never)]
pub fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let request = parse(settings, query)?;
    let found = match &request.ids {
        Some(ids) => read_ids(settings, &request, ids, send)?,
        None => read_range(settings, &request, send)?,
    };
    let companies = found
        .rows
        .into_iter()
        .filter(|company| request.keeps(company))
        .map(company)
        .collect();
    let next_cursor = found
        .continue_after
        .map(|id| format!("{}-{id}", fingerprint(settings, query)));
    Ok(CompanyPage {
        companies,
        next_cursor,
    })
}

/// A query that has been read.
struct Request {
    listing: Listing,
    limit: usize,
    after: Option<i64>,
    /// Ascending. None: all.
    ids: Option<Vec<i64>>,
    include_inactive: bool,
    /// What the server was asked in a wider form, or not at all.
    search: Option<String>,
    statuses: Vec<String>,
    types: Vec<String>,
}

/// Rows by ascending id, and the last id covered where there are more.
struct Found {
    rows: Vec<wire::Company>,
    continue_after: Option<i64>,
}

fn parse(settings: &Settings, query: &CompanyQuery) -> Result<Request, Error> {
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
            .and_then(|id| id.parse::<i64>().ok());
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
            TextFilter::Local => self.statuses.clone_from(&query.statuses),
            TextFilter::None => {}
        }
        // `types` is a child array: in `conditions` it is a 400 ApiFindCondition.
        match any_of("types/name", &query.types) {
            TextFilter::Condition(condition) => self.listing.child_conditions = Some(condition),
            TextFilter::Local => self.types.clone_from(&query.types),
            TextFilter::None => {}
        }
    }

    fn keeps(&self, company: &wire::Company) -> bool {
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

/// The ids named, in chunks that fit into a URL, in one round.
fn read_ids(
    settings: &Settings,
    request: &Request,
    ids: &[i64],
    send: &mut HttpSend,
) -> Result<Found, Error> {
    let mut remaining: Vec<i64> = ids
        .iter()
        .copied()
        .filter(|id| request.after.is_none_or(|after| *id > after))
        .collect();
    let has_more = remaining.len() > request.limit;
    remaining.truncate(request.limit);
    let listings: Vec<Listing> = remaining
        .chunks(IDS_PER_REQUEST)
        .map(|chunk| {
            let numbers: Vec<String> = chunk.iter().map(i64::to_string).collect();
            let mut listing = request.listing.clone();
            listing
                .conditions
                .push(format!("id in ({})", numbers.join(",")));
            listing
        })
        .collect();
    let mut rows = Vec::new();
    for list in read_all_that(settings, send, &listings, |id| remaining.contains(&id)) {
        rows.extend(list?);
    }
    Ok(Found {
        rows,
        continue_after: remaining.last().copied().filter(|_| has_more),
    })
}

/// Everything above the cursor, up to the limit.
fn read_range(settings: &Settings, request: &Request, send: &mut HttpSend) -> Result<Found, Error> {
    let start = Window {
        after: request.after,
        through: None,
    };
    let first_size = request.limit.min(LARGEST_PAGE);
    let mut calls = vec![request.listing.call(settings, start, first_size)];
    if request.limit > LARGEST_PAGE {
        calls.push(request.listing.newest(settings));
    }
    let mut answers = exchange(send, calls).into_iter();
    let Some(first) = answers.next() else {
        return Ok(Found {
            rows: Vec::new(),
            continue_after: None,
        });
    };
    let (rows, rest) = page::<wire::Company>(settings, &first, start, first_size)?;
    let (Some(rest), Some(answer)) = (rest, answers.next()) else {
        let covered = rest.and_then(|rest| rest.after);
        return Ok(limited(rows, covered, request.limit));
    };
    let newest = answer.rows::<wire::Company>(settings)?.rows;
    match newest.first().map(|row| row.id) {
        Some(newest) if rest.after.is_none_or(|after| newest >= after) => {
            read_windows(settings, request, send, rows, rest, newest)
        }
        // Taken at its word it would end the list early.
        _ => Err(answer.unreadable(settings, "expected the row with the highest id")),
    }
}

/// At most so many rows, and where to go on.
fn limited(mut rows: Vec<wire::Company>, covered: Option<i64>, limit: usize) -> Found {
    let mut continue_after = covered;
    if rows.len() > limit {
        rows.truncate(limit);
        continue_after = rows.last().map(|row| row.id);
    }
    Found {
        rows,
        continue_after,
    }
}

/// The rest of a range after its first page, window by window.
fn read_windows(
    settings: &Settings,
    request: &Request,
    send: &mut HttpSend,
    mut rows: Vec<wire::Company>,
    rest: Window,
    newest: i64,
) -> Result<Found, Error> {
    let first_id = rows.first().map_or(0, |row| row.id);
    let mut planned_through = rest.after.unwrap_or(0);
    let mut pending: Vec<Window> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        // Rows above an unfinished window do not count: those between would be missing.
        let covered = covered_through(&pending, planned_through);
        let have = rows.iter().filter(|row| row.id <= covered).count();
        if have >= request.limit || (pending.is_empty() && planned_through >= newest) {
            break;
        }
        if pending.is_empty() {
            let seen = Seen {
                rows: rows.len(),
                ids: planned_through.saturating_sub(first_id).saturating_add(1),
            };
            let wanted = request.limit.saturating_sub(have);
            pending = next_windows(planned_through, newest, wanted, seen);
            planned_through = pending
                .last()
                .and_then(|window| window.through)
                .unwrap_or(newest);
        }
        let calls = pending
            .iter()
            .map(|window| request.listing.call(settings, *window, LARGEST_PAGE))
            .collect();
        let answers = exchange(send, calls);
        let mut unfinished = Vec::new();
        for (window, answer) in pending.iter().zip(answers) {
            let (page, rest) = page(settings, &answer, *window, LARGEST_PAGE)?;
            rows.extend(page);
            unfinished.extend(rest);
        }
        pending = unfinished;
    }
    sort_by(&mut rows, |row| by_number(row.id));
    let covered = covered_through(&pending, planned_through);
    rows.retain(|row| row.id <= covered);
    let more = (covered < newest).then_some(covered);
    Ok(limited(rows, more, request.limit))
}

/// The id up to which nothing is missing.
fn covered_through(pending: &[Window], planned_through: i64) -> i64 {
    pending
        .iter()
        .filter_map(|window| window.after)
        .min()
        .unwrap_or(planned_through)
}

fn company(company: wire::Company) -> Company {
    Company {
        id: company.id.to_string(),
        identifier: company.identifier,
        name: company.name,
        status: company.status,
        is_active: !company.is_deleted,
        types: company.types,
    }
}

/// Tells one query of one tenant from another: FNV-1a of everything but the limit and the cursor. No secret goes in.
fn fingerprint(settings: &Settings, query: &CompanyQuery) -> String {
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
