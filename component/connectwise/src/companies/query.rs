//! A query of `list-companies`, read: what the server is asked, what is compared here, and where a page starts.

use psa_contract::CompanyQuery;
use psa_toolkit::Error;
use psa_toolkit::query::{self, Asked};
use psa_toolkit::text::Ids;

use crate::api::Listing;
use crate::condition::{
    TextFilter, any_of, containing, contains_without_case, equals_without_case,
};
use crate::permissions::COMPANIES;
use crate::settings::Settings;
use crate::wire::{self, is};

/// A query that has been read.
pub(super) struct Request<'a> {
    /// The ids, the limit and the cursor.
    pub(super) asked: Asked<Vec<i64>, 1>,
    pub(super) listing: Listing<'a>,
    include_inactive: bool,
    /// What the server was asked in a wider form, or not at all.
    search: Option<&'a str>,
    statuses: &'a [String],
    types: &'a [String],
}

impl<'a> Request<'a> {
    pub(super) fn parse(settings: &'a Settings, query: &'a CompanyQuery) -> Result<Self, Error> {
        let mut request = Self {
            asked: query::companies(Ids::AboveZero, &settings.tenant(), query)?,
            listing: Listing {
                settings,
                doing: "list companies".to_owned(),
                permission: Some(&COMPANIES),
                path: "/company/companies".to_owned(),
                fields: "id,identifier,name,status/name,deletedFlag,types",
                conditions: Vec::new(),
                child_conditions: None,
            },
            include_inactive: query.include_inactive,
            search: None,
            statuses: &[],
            types: &[],
        };
        request.add_filters(query);
        Ok(request)
    }

    /// What the server can compare it compares; the rest is kept for [`Request::keeps`].
    fn add_filters(&mut self, query: &'a CompanyQuery) {
        let conditions = &mut self.listing.conditions;
        if !query.include_inactive {
            conditions.push("deletedFlag=false".to_owned());
        }
        let search = query.search.as_deref().unwrap_or_default().trim();
        if !search.is_empty() {
            let (condition, is_wider) = containing(&["name", "identifier"], search);
            conditions.push(condition);
            self.search = is_wider.then_some(search);
        }
        match any_of("status/name", &query.statuses) {
            TextFilter::Condition(condition) => conditions.push(condition),
            TextFilter::Local => self.statuses = &query.statuses,
            TextFilter::None => {}
        }
        // `types` is a child array: in `conditions` it is a 400 ApiFindCondition.
        match any_of("types/name", &query.types) {
            TextFilter::Condition(condition) => self.listing.child_conditions = Some(condition),
            TextFilter::Local => self.types = &query.types,
            TextFilter::None => {}
        }
    }

    pub(super) fn keeps(&self, company: &wire::Company) -> bool {
        let is_found = self.search.is_none_or(|search| {
            contains_without_case(&company.name, search)
                || contains_without_case(company.identifier.as_deref().unwrap_or_default(), search)
        });
        (self.include_inactive || !is(company.deleted_flag))
            && is_found
            && is_one_of(
                self.statuses,
                company.status.iter().filter_map(|it| it.name.as_deref()),
            )
            && is_one_of(
                self.types,
                company.types.iter().filter_map(|it| it.name.as_deref()),
            )
    }
}

/// Whether one of those found is one of the names. No names: all are.
fn is_one_of<'a>(names: &[String], mut found: impl Iterator<Item = &'a str>) -> bool {
    names.is_empty() || found.any(|name| names.iter().any(|it| equals_without_case(name, it)))
}
