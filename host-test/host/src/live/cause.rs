//! The causes of an error of the HTTP client, in which what it means is found.

use std::error::Error;
use std::io;

/// The first cause of this type.
pub(crate) fn find<T: Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

/// The text of the last cause: those before it say no more than "error sending request".
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let text = causes(error)
        .last()
        .map_or_else(String::new, |cause| cause.to_string());
    // rustls adds the address of its manual, which is for programmers.
    match text.split_once(": https://docs.rs/") {
        Some((said, _)) => said.to_owned(),
        None => text,
    }
}

/// The error and its causes, outermost first.
pub(crate) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| next_cause(error))
}

/// An IO error says that its cause is the cause of what it holds, and so hides what it holds.
fn next_cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let held = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    match held {
        Some(held) => Some(held),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_manual_is_left_out() {
        let manual = "peer closed connection without sending TLS close_notify: \
                      https://docs.rs/rustls/latest/rustls/manual/_03_howto/index.html#unexpected-eof";
        let error = io::Error::new(io::ErrorKind::UnexpectedEof, manual);
        assert_eq!(
            innermost(&error),
            "peer closed connection without sending TLS close_notify"
        );
    }

    #[test]
    fn a_cause_inside_an_io_error_is_found() {
        let inside = rustls::Error::General("x".to_owned());
        let error = io::Error::new(io::ErrorKind::InvalidData, inside);
        let found = causes(&error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
        assert!(found.is_some());
    }
}
