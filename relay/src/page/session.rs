//! Who is signed in: a random name in a cookie, its digest here. A restart signs everybody out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngExt as _;

use crate::clock::Clock;
use crate::reference::sha256_hex;
use crate::time::Time;

/// How long nobody needs to do anything before they are signed out.
const IDLE: Duration = Duration::from_secs(12 * 3_600);
/// How many are signed in at once.
const MOST: usize = 1_000;

pub(super) struct Sessions {
    clock: Clock,
    kept: Mutex<HashMap<String, Session>>,
}

struct Session {
    last_used: Time,
    notice: Option<Notice>,
}

/// What a person reads on the next page.
#[derive(Clone)]
pub(super) enum Notice {
    Done(String),
    Failed(String),
    /// A secret that is shown once, with what it is.
    Secret {
        what: String,
        secret: String,
    },
}

/// The digest of a cookie that is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Visitor(String);

impl Sessions {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
        }
    }

    /// Signs somebody in. Returns what the cookie holds.
    pub(super) fn begin(&self) -> (String, Visitor) {
        let name = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>());
        let visitor = Visitor(sha256_hex(name.as_bytes()));
        let now = self.clock.now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, session| now.since(session.last_used) < IDLE);
        if kept.len() >= MOST {
            let oldest = kept.iter().min_by_key(|(_, session)| session.last_used);
            if let Some(oldest) = oldest.map(|(visitor, _)| visitor.clone()) {
                kept.remove(&oldest);
            }
        }
        let session = Session {
            last_used: now,
            notice: None,
        };
        kept.insert(visitor.0.clone(), session);
        (name, visitor)
    }

    /// Who has this cookie.
    pub(super) fn visitor(&self, name: &str) -> Option<Visitor> {
        let digest = sha256_hex(name.as_bytes());
        let now = self.clock.now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let session = kept.get_mut(&digest)?;
        if now.since(session.last_used) >= IDLE {
            kept.remove(&digest);
            return None;
        }
        session.last_used = now;
        Some(Visitor(digest))
    }

    pub(super) fn end(&self, visitor: &Visitor) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&visitor.0);
    }

    pub(super) fn tell(&self, visitor: &Visitor, notice: Notice) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = kept.get_mut(&visitor.0) {
            session.notice = Some(notice);
        }
    }

    pub(super) fn take_notice(&self, visitor: &Visitor) -> Option<Notice> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_mut(&visitor.0)?.notice.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_does_nothing_for_long_is_signed_out() {
        let sessions = Sessions::new(Clock::starting_at(Time(0)));
        let (name, visitor) = sessions.begin();
        tokio::time::advance(IDLE - Duration::from_secs(1)).await;
        assert_eq!(sessions.visitor(&name), Some(visitor));
        assert_eq!(sessions.visitor("other"), None);
        tokio::time::advance(IDLE).await;
        assert_eq!(sessions.visitor(&name), None);
    }

    #[tokio::test]
    async fn so_many_are_signed_in_at_once() {
        let sessions = Sessions::new(Clock::system());
        for _ in 0..=MOST {
            sessions.begin();
        }
        assert_eq!(sessions.kept.lock().expect("kept").len(), MOST);
    }
}
