//! Filtering again what the PSA has filtered: servers do not honour every filter, and compare in their own ways.

use psa_contract::{Asset, AssetQuery, Company, CompanyQuery, Contact, ContactQuery};

use crate::error::Error;
use crate::status::unexpected;
use crate::text::equals_ignoring_case;

/// Whether a company is one that was asked for. `ids` are those that the query names, read: none of them, all.
#[must_use]
pub fn keeps_company(query: &CompanyQuery, ids: &[i64], company: &Company) -> bool {
    let search = query.search.as_deref().unwrap_or_default().trim();
    let search = search.to_lowercase();
    let texts = [Some(&company.name), company.identifier.as_ref()];
    let mut texts = texts.into_iter().flatten();
    (company.is_active || query.include_inactive)
        && (ids.is_empty() || ids.iter().any(|id| id.to_string() == company.id))
        && texts.any(|text| text.to_lowercase().contains(&search))
        && is_one_of(&query.statuses, company.status.as_slice())
        && is_one_of(&query.types, &company.types)
}

/// Whether one of those found is one of the names. No names: all are.
fn is_one_of(names: &[String], found: &[String]) -> bool {
    let is_named = |it: &String| names.iter().any(|name| equals_ignoring_case(it, name));
    names.is_empty() || found.iter().any(is_named)
}

/// Whether a contact is one that was asked for.
#[must_use]
pub fn keeps_contact(query: &ContactQuery, contact: &Contact) -> bool {
    let mut emails = contact.emails.iter();
    let wanted = query.email.as_deref();
    wanted.is_none_or(|wanted| emails.any(|it| equals_ignoring_case(it, wanted)))
}

/// Whether an asset is one that was asked for.
#[must_use]
pub fn keeps_asset(query: &AssetQuery, asset: &Asset) -> bool {
    let is = |wanted: &Option<String>, found: Option<&String>| {
        let found = found.map(String::as_str).unwrap_or_default();
        let wanted = wanted.as_deref();
        wanted.is_none_or(|wanted| equals_ignoring_case(found, wanted))
    };
    is(&query.name, Some(&asset.name)) && is(&query.serial_number, asset.serial_number.as_ref())
}

/// Those rows of a company that are its own. `company_of` is the company that a row shows.
///
/// # Errors
/// `unexpected-response`: a row does not show its company. If it were left out, it might be missing. `doing` completes
/// "cannot …".
pub fn rows_of_company<T>(
    doing: &str,
    mut rows: Vec<T>,
    company: i64,
    company_of: fn(&T) -> Option<i64>,
) -> Result<Vec<T>, Error> {
    if rows.iter().any(|row| company_of(row).is_none()) {
        let fault = "expected every row to name its company";
        return Err(unexpected(doing, fault));
    }
    rows.retain(|row| company_of(row) == Some(company));
    Ok(rows)
}

/// The rows that bear exactly one of these references. Databases compare without case and without spaces at the end, so rows
/// are compared again. `reference_of` is the reference that a row shows in the PSA's `member`.
///
/// # Errors
/// The fault of the answer: a row that was found by its reference and does not show it may be the ticket, and one that bears
/// another was not asked for.
pub fn bearing<T>(
    rows: Vec<T>,
    references: &[String],
    member: &str,
    reference_of: fn(&T) -> Option<&String>,
) -> Result<Vec<T>, String> {
    let mut bearing = Vec::new();
    for row in rows {
        let Some(text) = reference_of(&row) else {
            return Err(format!("expected a text in `{member}`, found null"));
        };
        let is_similar = |it: &String| text.trim_end().eq_ignore_ascii_case(it);
        if references.contains(text) {
            bearing.push(row);
        } else if !references.iter().any(is_similar) {
            return Err(format!(
                "expected only tickets with the reference in `{member}`"
            ));
        }
    }
    Ok(bearing)
}

#[cfg(test)]
mod tests;
