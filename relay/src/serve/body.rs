//! The body of a request, no larger than it may be and no slower.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::http::request::Parts;

use crate::intake::Trouble;

/// The largest body.
const LARGEST: usize = 1 << 20;
/// How much of a larger body is read and thrown away, so that its sender gets to read the answer.
const DISCARDED: usize = 16 << 20;
/// How long a sender may take for its body.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// All of it.
pub(super) async fn whole(parts: &Parts, body: Body) -> Result<Bytes, Trouble> {
    let announced = parts.headers.get("content-length");
    let announced = announced.and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
    let is_too_large = announced.is_some_and(|it| it > LARGEST as u64);
    // Who asks before it sends the body does not send it.
    if is_too_large && parts.headers.contains_key("expect") {
        return Err(Trouble::TooLarge);
    }
    let read = async {
        match announced {
            // Nearly always, and then mostly in one piece.
            Some(_) if !is_too_large => to_bytes(body, LARGEST).await.ok(),
            Some(_) => up_to(body, 0).await,
            None => up_to(body, LARGEST).await,
        }
    };
    let read = tokio::time::timeout(BODY_WITHIN, read).await;
    // Also if it is too slow or broken off: hardly anybody is there to read the answer then.
    read.ok().flatten().ok_or(Trouble::TooLarge)
}

/// A whole body. None: it is larger, or broken off. What is too large is read on: a connection that is closed while its
/// sender still writes loses the answer.
async fn up_to(mut body: Body, largest: usize) -> Option<Bytes> {
    let mut kept = Vec::new();
    let mut size = 0_usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.ok()?.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= largest {
            kept.extend_from_slice(&data);
        } else if size <= DISCARDED {
            kept = Vec::new();
        } else {
            return None;
        }
    }
    (size <= largest).then(|| kept.into())
}
