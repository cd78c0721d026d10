//! How a server cuts its lists into pages: some serve fewer rows than asked for, some send no `Link`.

use std::borrow::Cow;

use crate::mock::Answer;
use crate::mock::Asked;

/// The most rows of a page; a larger size is cut to it without a word.
pub(super) const LARGEST_PAGE: usize = 1000;
pub(super) const DEFAULT_PAGE: usize = 25;

/// What a tenant's server does with pages.
#[derive(Clone, Debug)]
pub struct Paging {
    /// The most rows of a page.
    pub largest_page: usize,
    /// Whether a list of several pages has a `Link` header.
    pub sends_links: bool,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            largest_page: LARGEST_PAGE,
            sends_links: true,
        }
    }
}

impl Paging {
    /// The request with the page size that it gets.
    pub(super) fn cut<'a>(&self, asked: &'a Asked) -> Cow<'a, Asked> {
        if page_size(asked) <= self.largest_page {
            return Cow::Borrowed(asked);
        }
        let mut cut = asked.clone();
        cut.query
            .retain(|(name, _)| !name.eq_ignore_ascii_case("pageSize"));
        let size = self.largest_page.to_string();
        cut.query.push(("pageSize".to_owned(), size));
        Cow::Owned(cut)
    }

    /// The answer as it leaves.
    pub(super) fn link(&self, mut answer: Answer) -> Answer {
        if !self.sends_links {
            answer.headers.retain(|(name, _)| *name != "link");
        }
        answer
    }
}

/// The page size that a request asks for.
pub(super) fn page_size(asked: &Asked) -> usize {
    let size = asked.query("pageSize");
    size.and_then(|text| text.parse().ok())
        .unwrap_or(DEFAULT_PAGE)
        .clamp(1, LARGEST_PAGE)
}
