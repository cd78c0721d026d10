//! What a body is before it is parsed.

/// Whether a body is a web page, as a login page or a proxy's error page is.
#[must_use]
pub fn is_html(body: &[u8]) -> bool {
    first_byte(body) == Some(b'<')
}

/// A body without the mark that some servers put before JSON.
#[must_use]
pub fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// The first byte that is no white space.
#[must_use]
pub fn first_byte(body: &[u8]) -> Option<u8> {
    without_byte_order_mark(body)
        .trim_ascii_start()
        .first()
        .copied()
}
