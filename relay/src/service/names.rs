//! The names of a PSA's companies, to find the one that a source means.

use std::collections::HashMap;

use psa_contract::Company;

use crate::tenant::PsaCompany;

/// How many companies with similar names are proposed.
const NEAR: usize = 5;

/// What a company of a source might be in the PSA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// In the source's words.
    pub company: String,
    /// The one whose name is the same but for case and white space.
    pub exact: Option<PsaCompany>,
    /// Those whose names are nearly the same.
    pub near: Vec<PsaCompany>,
}

/// The companies of a PSA, by name.
#[derive(Clone, Debug, Default)]
pub struct CompanyNames {
    companies: Vec<(PsaCompany, Vec<String>)>,
    by_name: HashMap<String, Vec<usize>>,
}

impl CompanyNames {
    /// Of these companies.
    #[must_use]
    pub fn of(companies: &[Company]) -> Self {
        let mut names = Self::default();
        for (place, company) in companies.iter().enumerate() {
            let same = names.by_name.entry(plain(&company.name)).or_default();
            same.push(place);
            let target = PsaCompany {
                id: company.id.clone(),
                name: company.name.clone(),
            };
            names.companies.push((target, words(&company.name)));
        }
        names
    }

    /// The first company. None: there is none.
    #[must_use]
    pub fn first(&self) -> Option<PsaCompany> {
        self.companies.first().map(|(company, _)| company.clone())
    }

    /// The one company whose name is the same but for case and white space. Of two with one name a person chooses.
    #[must_use]
    pub fn exact(&self, name: &str) -> Option<PsaCompany> {
        match self.by_name.get(&plain(name)).map(Vec::as_slice) {
            Some([place]) => Some(self.companies.get(*place)?.0.clone()),
            _ => None,
        }
    }

    /// Companies whose names hold all words of this one, or the other way round.
    #[must_use]
    pub fn near(&self, name: &str) -> Vec<PsaCompany> {
        let words = words(name);
        let within = |some: &[String], all: &[String]| {
            !some.is_empty() && some.iter().all(|word| all.contains(word))
        };
        let near = self
            .companies
            .iter()
            .filter(|(_, others)| within(&words, others) || within(others, &words));
        near.take(NEAR)
            .map(|(company, _)| company.clone())
            .collect()
    }

    /// What a company of a source might be.
    #[must_use]
    pub fn proposal(&self, company: &str) -> Proposal {
        Proposal {
            company: company.to_owned(),
            exact: self.exact(company),
            near: self.near(company),
        }
    }
}

pub(super) fn plain(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Without the words that say what kind of company it is.
fn words(name: &str) -> Vec<String> {
    const KINDS: [&str; 10] = [
        "inc", "llc", "ltd", "gmbh", "corp", "co", "company", "limited", "the", "and",
    ];
    name.split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && !KINDS.contains(&word.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_near_whatever_kind_of_company_it_is() {
        let company = |id: &str, name: &str| Company {
            id: id.to_owned(),
            name: name.to_owned(),
            identifier: None,
            status: None,
            is_active: true,
            types: Vec::new(),
            properties: Vec::new(),
        };
        let names = CompanyNames::of(&[
            company("1", "Example Dental, Inc."),
            company("2", "Example Dental of Ohio"),
            company("3", "Bright Smiles"),
        ]);
        let near = |name| {
            let near = names.near(name);
            near.into_iter().map(|it| it.id).collect::<Vec<_>>()
        };
        assert_eq!(near("example dental LLC"), ["1", "2"]);
        assert_eq!(near("Smiles"), ["3"]);
        assert!(near("Inc").is_empty());
        assert_eq!(
            names.exact(" BRIGHT  smiles").map(|it| it.id).as_deref(),
            Some("3")
        );
        let doubled = CompanyNames::of(&[company("1", "Acme"), company("2", "ACME")]);
        assert_eq!(doubled.exact("acme"), None, "a person chooses");
    }
}
