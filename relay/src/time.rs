//! Points in time: milliseconds since 1970, UTC. The clock itself is the caller's.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// Later by this much.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// Earlier by this much.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// How long after the other one. Zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let passed = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(passed).unwrap_or(0))
    }

    /// RFC 3339, UTC. None: it is not that.
    #[must_use]
    pub fn of_rfc3339(text: &str) -> Option<Self> {
        humantime::parse_rfc3339(text).ok().map(Self::of_system)
    }

    /// What the system's clock says.
    #[must_use]
    pub fn of_system(time: SystemTime) -> Self {
        let passed = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(millis(passed))
    }
}

/// RFC 3339, UTC, to the second.
impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed = Duration::from_millis(u64::try_from(self.0).unwrap_or(0));
        // The last second that the formatter can write: 9999-12-31T23:59:59Z.
        let passed = passed.min(Duration::from_secs(253_402_300_799));
        let time = UNIX_EPOCH + passed;
        write!(formatter, "{}", humantime::format_rfc3339_seconds(time))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_rfc_3339_and_never_overflow() {
        assert_eq!(Time(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Time(1_795_804_330_123).to_string(), "2026-11-27T18:32:10Z");
        assert_eq!(
            Time::of_rfc3339("2026-11-27T18:32:10.123Z"),
            Some(Time(1_795_804_330_123))
        );
        assert_eq!(Time::of_rfc3339("yesterday"), None);
        assert_eq!(Time(i64::MAX).to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Time(i64::MAX).plus(Duration::MAX), Time(i64::MAX));
        assert_eq!(Time(5).since(Time(9)), Duration::ZERO);
    }
}
