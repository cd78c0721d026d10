//! The date of an HTTP header, without a clock: only the difference of two of them is ever used.

use crate::text::{has_form, number};

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send (RFC 9110, 5.6.7).
/// Nothing wraps: the year has four digits.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if !has_form(text, "???, 00 ??? 0000 00:00:00 GMT") {
        return None;
    }
    let part = |start: usize, end: usize, least: i64, most: i64| {
        let number = number(text.get(start..end)?)?;
        (least..=most).contains(&number).then_some(number)
    };
    let name = text.get(8..11)?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let month = i64::try_from(month).ok()?;
    let days = days_since_1970(part(12, 16, 1970, 9999)?, month, part(5, 7, 1, 31)?);
    let hours = days.wrapping_mul(24).wrapping_add(part(17, 19, 0, 23)?);
    let minutes = hours.wrapping_mul(60).wrapping_add(part(20, 22, 0, 59)?);
    Some(minutes.wrapping_mul(60).wrapping_add(part(23, 25, 0, 60)?))
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The days of the months before each month, in a year without a leap day.
const DAYS_BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let leap_days = |years: i64| {
        years
            .wrapping_div(4)
            .wrapping_sub(years.wrapping_div(100))
            .wrapping_add(years.wrapping_div(400))
    };
    // A year's own leap day counts from March on.
    let years_with_leap_day = if month >= 2 {
        year
    } else {
        year.wrapping_sub(1)
    };
    let before = usize::try_from(month)
        .ok()
        .and_then(|month| DAYS_BEFORE.get(month))
        .copied()
        .unwrap_or(0);
    year.wrapping_sub(1970)
        .wrapping_mul(365)
        .wrapping_add(leap_days(years_with_leap_day))
        .wrapping_sub(leap_days(1969))
        .wrapping_add(before)
        .wrapping_add(day)
        .wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates_are_read_in_the_one_form_that_is_allowed() {
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 29 Feb 2024 12:00:00 GMT", Some(1_709_208_000)),
            ("Fri, 01 Mar 2024 00:00:00 GMT", Some(1_709_251_200)),
            ("Sun, 22 Nov 2026 00:00:30 GMT", Some(1_795_305_630)),
            ("Sun, 06 Nov 1994 08:49:37 UTC", None),
            ("Sun, 06 Foo 1994 08:49:37 GMT", None),
            ("Sun, 00 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1969 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49 GMT", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }
}
