//! Whether standard output is closed, as after `>&-`. Rust's runtime opens the null device in its place before `main`, so
//! that every result would vanish and look like success. Therefore this looks before the runtime starts.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Before anything is sent: a ticket whose number nobody learns must not be opened.
pub(crate) fn refused() -> Option<Failure> {
    IS_CLOSED
        .load(Ordering::Relaxed)
        .then(|| Failure::NotPrinted {
            message:
                "standard output is closed, so the result has no place to go; nothing was sent"
                    .to_owned(),
            done: None,
        })
}

/// Nothing but a system call and an atomic, so that it does not matter that the runtime has not started. `unsafe` is the
/// crate's word for that promise.
#[cfg(unix)]
#[ctor::ctor(unsafe)]
fn look() {
    let is_open = rustix::io::fcntl_getfd(std::io::stdout()).is_ok();
    IS_CLOSED.store(!is_open, Ordering::Relaxed);
}
