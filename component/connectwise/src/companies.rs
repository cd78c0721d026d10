//! `list-companies`: the customers these credentials can see, each exactly once, by ascending id. The cursor is the last id
//! that was covered, so a page that loses rows to a local filter does not lose the place.

mod query;

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::pages::{Found, Gather, List, read_all, read_range};
use psa_toolkit::{Error, HttpSend};

use self::query::Request;
use crate::api::rows;
use crate::settings::Settings;
use crate::wire::{self, is};

/// Keeps a URL under 2,000 characters (Developer Guide, "Conditions").
const IDS_PER_REQUEST: usize = 100;

/// One page of the companies that match.
pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let request = Request::parse(settings, query)?;
    let asked = &request.asked;
    let mut found = if asked.what.is_empty() {
        let (after, limit) = (asked.start(), asked.limit);
        read_range(settings, send, &request.listing, rows, after, limit)?
    } else {
        read_ids(settings, &request, send)?
    };
    let next_cursor = asked.next_cursor(found.continue_after);
    found.rows.retain(|row| request.keeps(row));
    Ok(CompanyPage {
        companies: found.rows.into_iter().map(company).collect(),
        next_cursor,
    })
}

/// The ids named, in chunks that fit into a URL, in one round.
fn read_ids(
    settings: &Settings,
    request: &Request,
    send: &mut HttpSend,
) -> Result<Found<wire::Company>, Error> {
    let asked = &request.asked;
    let (remaining, continue_after) = asked.ahead(&asked.what, asked.limit);
    let mut lists: Vec<List<wire::Company>> = remaining
        .chunks(IDS_PER_REQUEST)
        .map(|chunk| {
            let ids: Vec<String> = chunk.iter().map(i64::to_string).collect();
            let condition = format!("id in ({})", ids.join(","));
            List::new(request.listing.clone().with(condition), rows).only(chunk.to_vec())
        })
        .collect();
    let mut gathered: Vec<&mut dyn Gather> = Vec::new();
    for list in &mut lists {
        gathered.push(list);
    }
    read_all(settings, send, &mut gathered);
    let mut rows = Vec::new();
    for list in lists {
        rows.extend(list.into_rows()?);
    }
    Ok(Found {
        rows,
        continue_after,
    })
}

fn company(company: wire::Company) -> Company {
    let is_active = !is(company.deleted_flag) && !company.has_inactive_status();
    let types = company.types.into_iter();
    Company {
        id: company.id.to_string(),
        identifier: company.identifier,
        name: company.name,
        status: company.status.and_then(|status| status.name),
        is_active,
        types: types.filter_map(|it| it.name).collect(),
        properties: Vec::new(),
    }
}
