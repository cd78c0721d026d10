//! Limits and cursors of lists: where a page starts, bound to the query and the tenant that it belongs to.

use psa_contract::{CompanyQuery, FieldError};

use crate::error::field_error;
use crate::text::number;

/// Tells one query of one tenant from another: FNV-1a of everything but the limit and the cursor. Add no secret.
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of an operation for a tenant, by the host and whatever else tells one tenant from another.
    #[must_use]
    pub fn new(tenant: &[&str]) -> Self {
        tenant
            .iter()
            .fold(Self(0xcbf2_9ce4_8422_2325), |it, text| it.text(text))
    }

    /// Of a query for companies.
    #[must_use]
    pub fn of_companies(tenant: &[&str], query: &CompanyQuery) -> Self {
        let which = if query.include_inactive {
            "all"
        } else {
            "active"
        };
        Self::new(tenant)
            .text(query.search.as_deref().unwrap_or_default().trim())
            .text(which)
            .list(&query.ids)
            .list(&query.statuses)
            .list(&query.types)
    }

    /// And of a text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        // The byte 0xff is in no UTF-8 text, so that two texts in a row are told from their concatenation.
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    /// And of a list of texts.
    #[must_use]
    pub fn list<T: AsRef<str>>(self, texts: &[T]) -> Self {
        let start = self.text(&texts.len().to_string());
        texts.iter().fold(start, |it, text| it.text(text.as_ref()))
    }

    /// The cursor of a page that goes on at these numbers.
    #[must_use]
    pub fn cursor(&self, numbers: &[i64]) -> String {
        let mut cursor = self.0.to_string();
        for number in numbers {
            cursor = format!("{cursor}-{number}");
        }
        cursor
    }

    /// The numbers of a cursor of the page before. None: there is none; one that is of another query is among the faults.
    pub fn read<const COUNT: usize>(
        &self,
        cursor: Option<&str>,
        faults: &mut Vec<FieldError>,
    ) -> Option<[i64; COUNT]> {
        let cursor = cursor.filter(|cursor| !cursor.is_empty())?;
        let numbers = self.numbers(cursor);
        if numbers.is_none() {
            faults.push(field_error(
                "cursor",
                "it belongs to another query or other settings; start again without a cursor",
            ));
        }
        numbers
    }

    fn numbers<const COUNT: usize>(&self, cursor: &str) -> Option<[i64; COUNT]> {
        let mut rest = cursor.strip_prefix(&self.0.to_string())?;
        let mut numbers = [0; COUNT];
        for place in &mut numbers {
            rest = rest.strip_prefix('-')?;
            // An id is above zero, but what a server has given out is taken back.
            let sign = if rest.starts_with('-') { 1 } else { 0 };
            let length = rest
                .get(sign..)?
                .find('-')
                .map_or(rest.len(), |length| length.saturating_add(sign));
            let (text, after) = rest.split_at_checked(length)?;
            *place = match text.strip_prefix('-') {
                Some(digits) => number(digits)?.checked_neg()?,
                None => number(text)?,
            };
            rest = after;
        }
        rest.is_empty().then_some(numbers)
    }
}

/// How many rows to return: `default` if none is asked for, never more than `largest`. Zero is among the faults.
pub fn limit(
    asked: Option<u32>,
    default: usize,
    largest: usize,
    faults: &mut Vec<FieldError>,
) -> usize {
    if asked == Some(0) {
        faults.push(field_error(
            "limit",
            "it is zero; set it to 1 or more, or leave it out",
        ));
    }
    asked
        .map_or(default, |limit| usize::try_from(limit).unwrap_or(largest))
        .min(largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(search: &str) -> Fingerprint {
        Fingerprint::new(&["psa.example.com"]).text(search)
    }

    #[test]
    fn a_cursor_is_good_for_its_own_query_only() {
        for numbers in [[7, 1], [-7, 12], [0, -3]] {
            let cursor = of("a").cursor(&numbers);
            let mut faults = Vec::new();
            assert_eq!(
                of("a").read(Some(&cursor), &mut faults),
                Some(numbers),
                "{cursor}"
            );
            assert!(faults.is_empty());
            for (query, cursor) in [
                (of("b"), cursor.clone()),
                (of("a"), format!("{cursor}x")),
                (of("a"), format!("{cursor}-1")),
                (of("a"), format!("-{cursor}")),
                (of("a"), "nonsense".to_owned()),
            ] {
                let mut faults = Vec::new();
                assert_eq!(
                    query.read::<2>(Some(&cursor), &mut faults),
                    None,
                    "{cursor}"
                );
                assert_eq!(faults.len(), 1, "{cursor}");
            }
        }
        let mut faults = Vec::new();
        assert_eq!(of("a").read::<1>(Some(""), &mut faults), None);
        assert!(faults.is_empty());
        assert_ne!(
            Fingerprint::new(&["ab", "c"]).cursor(&[]),
            Fingerprint::new(&["a", "bc"]).cursor(&[])
        );
    }

    #[test]
    fn a_limit_is_kept_within_bounds() {
        for (asked, expected, faults) in [
            (None, 100, 0),
            (Some(5), 5, 0),
            (Some(5_000), 1_000, 0),
            (Some(0), 0, 1),
        ] {
            let mut found = Vec::new();
            assert_eq!(limit(asked, 100, 1_000, &mut found), expected);
            assert_eq!(found.len(), faults);
        }
    }
}
