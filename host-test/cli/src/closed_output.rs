//! Detects that standard output is closed, as with `>&-`. Before `main`, Rust's runtime opens the null device in its place, so
//! that results would disappear and look like success. Therefore, this checks before the runtime starts.

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

/// Only a system call and an atomic, which do not need the runtime. `unsafe` is how `ctor` has this promised.
#[cfg(unix)]
#[ctor::ctor(unsafe)]
fn look() {
    let is_open = rustix::io::fcntl_getfd(std::io::stdout()).is_ok();
    IS_CLOSED.store(!is_open, Ordering::Relaxed);
}
