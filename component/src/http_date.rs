//! The date of an HTTP header, without a clock: only the difference of two of them is ever used.

use crate::text::find;

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send (RFC 9110, 5.6.7).
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (_, date) = find(text.trim(), ", ")?;
    let mut parts = date.split(' ');
    let day = number(parts.next()?, 1, 31)?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let year = number(parts.next()?, 1970, 9999)?;
    let mut time = parts.next()?.split(':');
    let hour = number(time.next()?, 0, 23)?;
    let minute = number(time.next()?, 0, 59)?;
    let second = number(time.next()?, 0, 60)?;
    if parts.next()? != "GMT" || parts.next().is_some() || time.next().is_some() {
        return None;
    }
    let days = days_since_1970(year, i64::try_from(month).ok()?, day);
    Some(
        days.saturating_mul(86_400)
            .saturating_add(hour.saturating_mul(3_600))
            .saturating_add(minute.saturating_mul(60))
            .saturating_add(second),
    )
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The days of the months before each month, in a year without a leap day.
const DAYS_BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let leap_days = |years: i64| {
        years
            .saturating_div(4)
            .saturating_sub(years.saturating_div(100))
            .saturating_add(years.saturating_div(400))
    };
    // A year's own leap day counts from March on.
    let years_with_leap_day = if month >= 2 {
        year
    } else {
        year.saturating_sub(1)
    };
    let before = usize::try_from(month)
        .ok()
        .and_then(|month| DAYS_BEFORE.get(month))
        .copied()
        .unwrap_or(0);
    year.saturating_sub(1970)
        .saturating_mul(365)
        .saturating_add(leap_days(years_with_leap_day))
        .saturating_sub(leap_days(1969))
        .saturating_add(before)
        .saturating_add(day)
        .saturating_sub(1)
}

fn number(text: &str, least: i64, most: i64) -> Option<i64> {
    let is_number = text.chars().all(|digit| digit.is_ascii_digit());
    let number = text.parse::<i64>().ok()?;
    (is_number && (least..=most).contains(&number)).then_some(number)
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
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49 GMT", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }
}
