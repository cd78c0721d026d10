//! What a person should know although the command goes on.

use std::io::Write as _;

use crate::terminal::{DOUBTFUL, styled};
use crate::text::visible;

pub(crate) fn warn(message: Option<String>) {
    if let Some(message) = message {
        // If standard error is closed, there is nowhere to say so.
        let label = styled(DOUBTFUL, "warning:");
        let _ = writeln!(anstream::stderr(), "{label} {}", visible(&message));
    }
}
