//! How long things take: settling, back-off, notes, reopening.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The least settling time of a relay that talks to a real PSA.
pub const LEAST_SETTLING: Duration = Duration::from_secs(60);

/// How long things take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Timing {
    /// How long a write in doubt is left alone before the same call is repeated: by then the PSA has finished it.
    #[serde(with = "seconds")]
    pub settling: Duration,
    /// Notes about repeats are at least so far apart.
    #[serde(with = "seconds")]
    pub note_every: Duration,
    /// An event that comes again within this time is counted and not noted.
    #[serde(with = "seconds")]
    pub same_event_within: Duration,
    /// An alert that fires again within this time after its end reopens its ticket.
    #[serde(with = "seconds")]
    pub reopen_within: Duration,
    /// The shortest pause after a PSA that cannot be reached.
    #[serde(with = "seconds")]
    pub shortest_pause: Duration,
    /// The longest pause after a PSA that cannot be reached.
    #[serde(with = "seconds")]
    pub longest_pause: Duration,
    /// How long a tenant waits after a 429 that does not say how long.
    #[serde(with = "seconds")]
    pub rate_limited: Duration,
    /// How often the settings of a paused tenant are tried.
    #[serde(with = "seconds")]
    pub verify_every: Duration,
    /// How often all open tickets of a tenant are read, to see what technicians did.
    #[serde(with = "seconds")]
    pub watch_every: Duration,
    /// How often it is looked whether another program has set something up.
    #[serde(with = "seconds")]
    pub look_every: Duration,
    /// How long a call may take.
    #[serde(with = "seconds")]
    pub call_limit: Duration,
    /// How long a relay holds a tenant without saying so again.
    #[serde(with = "seconds")]
    pub lease: Duration,
    /// How long cases are kept after their end.
    #[serde(with = "seconds")]
    pub keep: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Self {
            settling: LEAST_SETTLING,
            note_every: minutes(15),
            same_event_within: minutes(60),
            reopen_within: minutes(24 * 60),
            shortest_pause: Duration::from_secs(5),
            longest_pause: minutes(15),
            rate_limited: Duration::from_secs(30),
            verify_every: minutes(5),
            watch_every: minutes(5),
            look_every: Duration::from_secs(2),
            call_limit: Duration::from_secs(120),
            lease: minutes(5),
            keep: minutes(30 * 24 * 60),
        }
    }
}

impl Timing {
    /// The pause after so many failures in a row: a random part of a span that doubles each time, "full jitter", so that cases
    /// which failed together do not come back together. The random number is at least 0 and below 1.
    #[must_use]
    pub fn pause(&self, failures: u32, random: f64) -> Duration {
        let doubled = 1_u32.checked_shl(failures.min(30)).unwrap_or(u32::MAX);
        let longest = self
            .shortest_pause
            .saturating_mul(doubled)
            .min(self.longest_pause.max(self.shortest_pause));
        let random = if random.is_finite() {
            random.clamp(0.0, 1.0)
        } else {
            1.0
        };
        let spread = longest.saturating_sub(self.shortest_pause);
        self.shortest_pause.saturating_add(spread.mul_f64(random))
    }

    /// When the same call may be repeated whose outcome is unknown.
    #[must_use]
    pub fn settled_after(&self, retry_after_seconds: Option<u32>) -> Duration {
        let asked = Duration::from_secs(retry_after_seconds.unwrap_or(0).into());
        self.settling.max(asked)
    }

    /// What is wrong with these times, for people. `is_trial`: the relay talks to a stand-in, so that settling may be short.
    ///
    /// # Errors
    /// A promise could not be kept with them.
    pub fn check(&self, is_trial: bool) -> Result<(), String> {
        if self.settling < LEAST_SETTLING && !is_trial {
            return Err(format!(
                "`settling` is {} s; it is at least {} s, because a PSA may finish a write so late",
                self.settling.as_secs_f64(),
                LEAST_SETTLING.as_secs()
            ));
        }
        if self.lease <= self.call_limit.saturating_add(self.settling) {
            return Err(format!(
                "`lease` is {} s; it is longer than `call-limit` and `settling` together, {} s, so that no other relay \
                 repeats a call that still runs",
                self.lease.as_secs_f64(),
                self.call_limit.saturating_add(self.settling).as_secs_f64()
            ));
        }
        let no_pause = self.shortest_pause.is_zero() || self.longest_pause < self.shortest_pause;
        if no_pause {
            return Err(
                "`shortest-pause` is more than zero and at most `longest-pause`".to_owned(),
            );
        }
        Ok(())
    }
}

/// Durations as `90`, `1.5` or `15m`.
mod seconds {
    use std::time::Duration;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.as_secs_f64().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Seconds(f64),
            Words(String),
        }
        match Given::deserialize(deserializer)? {
            Given::Seconds(seconds) => Duration::try_from_secs_f64(seconds)
                .map_err(|_| D::Error::custom(format!("{seconds} is not a number of seconds"))),
            Given::Words(words) => humantime::parse_duration(&words).map_err(|error| {
                D::Error::custom(format!("{words:?} is not a duration such as 15m: {error}"))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_are_spread() {
        let timing = Timing::default();
        let seconds = |failures, random| timing.pause(failures, random).as_secs();
        assert_eq!((seconds(0, 0.0), seconds(0, 0.99)), (5, 5));
        assert_eq!((seconds(1, 0.0), seconds(1, 0.999)), (5, 9));
        assert_eq!((seconds(3, 0.5), seconds(30, 0.9999)), (22, 899));
        assert_eq!(seconds(u32::MAX, f64::NAN), 900);
    }

    #[test]
    fn a_doubt_waits_for_the_longer_of_both() {
        let timing = Timing::default();
        assert_eq!(timing.settled_after(None).as_secs(), 60);
        assert_eq!(timing.settled_after(Some(10)).as_secs(), 60);
        assert_eq!(timing.settled_after(Some(600)).as_secs(), 600);
    }

    #[test]
    fn times_that_would_break_a_promise_are_refused() {
        let fine = Timing::default();
        assert_eq!(fine.check(false), Ok(()));
        let short = Timing {
            settling: Duration::from_secs(2),
            ..fine.clone()
        };
        assert!(short.check(false).is_err_and(|it| it.contains("settling")));
        assert_eq!(short.check(true), Ok(()));
        let lease = Timing {
            lease: Duration::from_secs(180),
            ..fine
        };
        assert!(lease.check(true).is_err_and(|it| it.contains("lease")));
    }
}
