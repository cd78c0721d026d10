//! What holds of the pages of tickets and of a company's lists, whatever was answered.

use psa_contract::{
    AssetPage, ContactPage, ContactQuery, SitePage, TicketPage, TicketQuery, TicketSelection,
};

use crate::functions::COMPANY;
use crate::vendor::Vendor;
use crate::{results, rules};

/// What was selected, and nothing else: each once, by ascending id, no more than asked for.
pub(crate) fn tickets(vendor: &Vendor, query: &TicketQuery, page: &TicketPage) -> String {
    ascending(page.tickets.iter().map(|ticket| &ticket.id));
    cursor(vendor, page.next_cursor.as_deref());
    assert!(page.tickets.len() <= query.limit.unwrap_or(100) as usize);
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
    ascending(page.contacts.iter().map(|contact| &contact.id));
    cursor(vendor, page.next_cursor.as_deref());
    for contact in &page.contacts {
        assert_eq!(contact.company_id, COMPANY);
        let is = |email: &String| {
            let asked = query.email.as_ref();
            asked.is_none_or(|asked| asked.to_lowercase() == email.trim().to_lowercase())
        };
        assert!(query.email.is_none() || contact.emails.iter().any(is));
    }
    format!("{page:?}")
}

pub(crate) fn assets(vendor: &Vendor, page: &AssetPage) -> String {
    ascending(page.assets.iter().map(|asset| &asset.id));
    cursor(vendor, page.next_cursor.as_deref());
    format!("{page:?}")
}

pub(crate) fn sites(vendor: &Vendor, page: &SitePage) -> String {
    ascending(page.sites.iter().map(|site| &site.id));
    cursor(vendor, page.next_cursor.as_deref());
    format!("{page:?}")
}

fn ascending<'a>(ids: impl Iterator<Item = &'a String>) {
    let ids: Vec<i64> = ids.map(|id| id.parse().expect("a number")).collect();
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
}

fn cursor(vendor: &Vendor, cursor: Option<&str>) {
    rules::no_secret(vendor, "the cursor", cursor.unwrap_or_default());
}
