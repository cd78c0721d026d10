//! Cutting a range of ids into windows that can be asked for at the same time. Pure arithmetic.
//!
//! A window as wide as a page holds at most a page of rows, so it is one request for certain. Where ids are sparse a wider
//! one is a guess from what was seen so far; one that turns out to hold more than a page is read on from its last row.

/// Ids above `after` and up to `through`; None is unbounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Ids above it.
    pub after: Option<i64>,
    /// Ids up to it.
    pub through: Option<i64>,
}

/// A wider window is filled to this share of a page on average, so that few overflow.
const FILL_PERCENT: i64 = 80;
/// More in one round than any host keeps in flight only holds memory.
const MOST_WINDOWS: usize = 16;

impl Window {
    /// Every id.
    pub const ALL: Self = Self {
        after: None,
        through: None,
    };

    /// What is left of it above the rows with these ids. None: nothing, or there are none of them.
    ///
    /// Ids have to ascend within the window: a server, or something before it, that ignores the condition or the order
    /// would otherwise make this read for ever, or leave rows out.
    pub(super) fn above(self, ids: &[i64]) -> Result<Option<Self>, String> {
        let beyond = |id: &&i64| self.through.is_some_and(|through| **id > through);
        let strange =
            super::out_of_order(self.after, ids).or_else(|| ids.iter().find(beyond).copied());
        if let Some(id) = strange {
            return Err(super::misplaced(id));
        }
        let after = ids.last().copied();
        let is_at_end = after.is_none() || after == self.through;
        Ok((!is_at_end).then_some(Self { after, ..self }))
    }
}

/// What is known of a range after its first rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) rows: usize,
    /// How many ids they stretch over.
    pub(super) ids: i64,
}

/// The next windows of the ids above `after` and up to `newest` that hold about `wanted` more rows.
pub(super) fn next_windows(
    after: i64,
    newest: i64,
    wanted: usize,
    seen: Seen,
    page_size: usize,
) -> Vec<Window> {
    let width = width(seen, page_size);
    let count = wanted
        .div_ceil(rows_per_window(width, seen, page_size))
        .clamp(1, MOST_WINDOWS);
    let mut windows = Vec::new();
    let mut start = after;
    while windows.len() < count && start < newest {
        let end = start.saturating_add(width).min(newest);
        windows.push(Window {
            after: Some(start),
            through: Some(end),
        });
        start = end;
    }
    windows
}

fn width(seen: Seen, page_size: usize) -> i64 {
    let page = i64::try_from(page_size).unwrap_or(i64::MAX);
    let rows = i64::try_from(seen.rows).unwrap_or(i64::MAX).max(1);
    let fill = page.saturating_mul(FILL_PERCENT).saturating_div(100);
    seen.ids
        .max(1)
        .saturating_mul(fill)
        .checked_div(rows)
        .unwrap_or(page)
        .max(page)
}

fn rows_per_window(width: i64, seen: Seen, page_size: usize) -> usize {
    let rows = i64::try_from(seen.rows).unwrap_or(i64::MAX);
    let expected = width
        .saturating_mul(rows)
        .checked_div(seen.ids.max(1))
        .unwrap_or(1);
    usize::try_from(expected)
        .unwrap_or(1)
        .clamp(1, page_size.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_adjoin_and_end_at_the_newest_id() {
        for (seen, newest, wanted, expected) in [
            // Dense: as wide as a page.
            (Seen { rows: 10, ids: 10 }, 35, 100, vec![10, 20, 30, 35]),
            // Sparse: wider.
            (
                Seen { rows: 10, ids: 100 },
                250,
                100,
                vec![10, 90, 170, 250],
            ),
            // No more than is wanted.
            (Seen { rows: 10, ids: 10 }, 35, 5, vec![10, 20]),
            (Seen { rows: 0, ids: 0 }, 10, 5, vec![10]),
        ] {
            let windows = next_windows(10, newest, wanted, seen, 10);
            let mut ends = vec![10];
            for window in &windows {
                assert_eq!(window.after, ends.last().copied());
                ends.extend(window.through);
            }
            assert_eq!(ends, expected, "{seen:?}");
        }
        let seen = Seen { rows: 1, ids: 1 };
        assert_eq!(next_windows(0, i64::MAX, usize::MAX, seen, 10).len(), 16);
    }

    #[test]
    fn rows_outside_a_window_are_a_fault() {
        let window = Window {
            after: Some(5),
            through: Some(9),
        };
        for (ids, expected) in [
            (vec![6, 7], Ok(Some(7))),
            (vec![6, 9], Ok(None)),
            (vec![], Ok(None)),
            (vec![5], Err("found 5")),
            (vec![7, 6], Err("found 6")),
            (vec![10], Err("found 10")),
        ] {
            let rest = window.above(&ids);
            match expected {
                Ok(after) => assert_eq!(rest.map(|it| it.and_then(|it| it.after)), Ok(after)),
                Err(fault) => assert!(rest.expect_err("a fault").ends_with(fault)),
            }
        }
    }
}
