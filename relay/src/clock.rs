//! The clock of a process: what the system's clock said at its start, and how much time has passed since. Nobody who sets the
//! system's clock shortens a pause.

use std::time::SystemTime;

use tokio::time::Instant;

use crate::time::Time;

/// A clock that only goes forward. Cheap to clone.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began_at: Time,
    began: Instant,
}

impl Clock {
    /// Starts now, by the system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::starting_at(Time::of_system(SystemTime::now()))
    }

    /// Starts now, and calls now this time.
    #[must_use]
    pub fn starting_at(began_at: Time) -> Self {
        Self {
            began_at,
            began: Instant::now(),
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Time {
        self.began_at.plus(self.began.elapsed())
    }

    /// Ends at that time.
    pub async fn sleep_until(&self, time: Time) {
        tokio::time::sleep(time.since(self.now())).await;
    }
}
