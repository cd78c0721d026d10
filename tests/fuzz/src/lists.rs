//! What holds of the pages of tickets and of a company's lists, whatever was answered.

use psa_contract::{
    AssetPage, AssetQuery, ContactPage, ContactQuery, SitePage, SiteQuery, TicketPage, TicketQuery,
    TicketSelection,
};

use crate::vendor::Vendor;
use crate::{results, rules};

/// What was selected, and nothing else: each once, by ascending id, no more than asked for.
pub(crate) fn tickets(vendor: &Vendor, query: &TicketQuery, page: &TicketPage) -> String {
    ascending(page.tickets.iter().map(|ticket| &ticket.id), query.limit);
    cursor(vendor, page.next_cursor.as_deref());
    for ticket in &page.tickets {
        results::ticket(vendor, ticket);
        let company = ticket.company.as_ref().map(|company| &company.id);
        let is_selected = match &query.selection {
            TicketSelection::Ids(ids) => ids.contains(&ticket.id),
            TicketSelection::References(references) => {
                let reference = ticket.reference.as_ref();
                reference.is_some_and(|it| references.contains(it))
            }
            TicketSelection::OpenOfCompany(id) => {
                company == Some(id) && ticket.is_closed != Some(true)
            }
        };
        assert!(is_selected, "{ticket:?} was not asked for");
    }
    format!("{page:?}")
}

/// Of the company, and with the address that was asked for.
pub(crate) fn contacts(vendor: &Vendor, query: &ContactQuery, page: &ContactPage) -> String {
    ascending(page.contacts.iter().map(|contact| &contact.id), query.limit);
    cursor(vendor, page.next_cursor.as_deref());
    for contact in &page.contacts {
        assert_eq!(contact.company_id, vendor.ids.company);
        let mut emails = contact.emails.iter();
        assert!(query.email.is_none() || emails.any(|it| is_asked_for(&query.email, Some(it))));
    }
    format!("{page:?}")
}

/// With the name and the serial number that were asked for.
pub(crate) fn assets(vendor: &Vendor, query: &AssetQuery, page: &AssetPage) -> String {
    ascending(page.assets.iter().map(|asset| &asset.id), query.limit);
    cursor(vendor, page.next_cursor.as_deref());
    for asset in &page.assets {
        assert!(is_asked_for(&query.name, Some(&asset.name)), "{asset:?}");
        let serial_number = asset.serial_number.as_ref();
        assert!(
            is_asked_for(&query.serial_number, serial_number),
            "{asset:?}"
        );
    }
    format!("{page:?}")
}

pub(crate) fn sites(vendor: &Vendor, query: &SiteQuery, page: &SitePage) -> String {
    ascending(page.sites.iter().map(|site| &site.id), query.limit);
    cursor(vendor, page.next_cursor.as_deref());
    format!("{page:?}")
}

/// Each once, and no more than asked for.
fn ascending<'a>(ids: impl Iterator<Item = &'a String>, limit: Option<u32>) {
    let ids: Vec<i64> = ids.map(|id| id.parse().expect("a number")).collect();
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    assert!(ids.len() <= limit.unwrap_or(100) as usize, "{ids:?}");
}

/// Compared whole and without case.
fn is_asked_for(asked: &Option<String>, found: Option<&String>) -> bool {
    let found = found.map(|found| found.trim().to_lowercase());
    asked.is_none() || found == asked.as_ref().map(|asked| asked.to_lowercase())
}

fn cursor(vendor: &Vendor, cursor: Option<&str>) {
    rules::no_secret(vendor, "the cursor", cursor.unwrap_or_default());
}
