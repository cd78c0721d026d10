//! Bodies: whole ones, ones that break off, ones without end, and ones that grow when they are unpacked.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};
use http_body::{Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Sleep;

/// How long a part of a body is given to leave before the connection ends.
const TIME_TO_LEAVE: Duration = Duration::from_millis(30);
const MEBIBYTE: usize = 1 << 20;

/// The body of a response.
pub(super) struct Body {
    chunks: Box<dyn Iterator<Item = Bytes> + Send>,
    /// Announced as `Content-Length`; None: not known.
    length: Option<u64>,
    /// What happens when the chunks are out; None: the body is complete.
    end: Option<(Pin<Box<Sleep>>, Arc<Notify>)>,
    sent: Arc<AtomicU64>,
}

impl Body {
    pub(super) fn whole(bytes: Bytes, sent: Arc<AtomicU64>) -> Self {
        Self {
            length: Some(bytes.len() as u64),
            chunks: Box::new(Some(bytes).into_iter().filter(|bytes| !bytes.is_empty())),
            end: None,
            sent,
        }
    }

    /// Half of it; then `cut` is told to end the connection.
    pub(super) fn broken(bytes: &Bytes, cut: Arc<Notify>, sent: Arc<AtomicU64>) -> Self {
        Self {
            end: Some((Box::pin(tokio::time::sleep(TIME_TO_LEAVE)), cut)),
            length: Some(bytes.len() as u64),
            ..Self::whole(bytes.slice(..bytes.len() / 2), sent)
        }
    }

    /// An array of rows that goes on for ever.
    pub(super) fn endless(sent: Arc<AtomicU64>) -> Self {
        let rows = Bytes::from(r#"{"id":1,"name":"row"},"#.repeat(1000));
        let start = Bytes::from_static(b"[");
        Self {
            chunks: Box::new(std::iter::once(start).chain(std::iter::repeat(rows))),
            length: None,
            end: None,
            sent,
        }
    }

    /// So many bytes of spaces in gzip, rounded up to whole mebibytes.
    pub(super) fn bomb(size: u64, sent: Arc<AtomicU64>) -> Self {
        let mebibytes = size.div_ceil(MEBIBYTE as u64);
        let spaces = vec![b' '; MEBIBYTE];
        // A full flush lets each chunk stand for itself, so that one compressed mebibyte can be sent again and again.
        let chunk = Bytes::from(deflated(&spaces, FlushCompress::Full));
        let end = deflated(&[], FlushCompress::Finish);
        let mut chunk_sum = Crc::new();
        chunk_sum.update(&spaces);
        let mut sum = Crc::new();
        (0..mebibytes).for_each(|_| sum.combine(&chunk_sum));
        let start = Bytes::from_static(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        let mut trailer = end;
        trailer.extend(sum.sum().to_le_bytes());
        trailer.extend(sum.amount().to_le_bytes());
        let chunks = (0..mebibytes).map(move |_| chunk.clone());
        Self {
            chunks: Box::new(
                std::iter::once(start)
                    .chain(chunks)
                    .chain([Bytes::from(trailer)]),
            ),
            length: None,
            end: None,
            sent,
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(chunk) = self.chunks.next() {
            self.sent.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        let Some((time_to_leave, cut)) = &mut self.end else {
            return Poll::Ready(None);
        };
        ready!(time_to_leave.as_mut().poll(context));
        cut.notify_one();
        Poll::Pending
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

fn deflated(bytes: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let mut deflated = Vec::with_capacity(bytes.len() / 100 + 4096);
    compress
        .compress_vec(bytes, &mut deflated, flush)
        .expect("memory holds what a compressor is given");
    deflated
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn a_bomb_is_sound_gzip_of_the_size_that_was_asked_for() {
        let sent = Arc::new(AtomicU64::new(0));
        let bomb: Vec<u8> = Body::bomb(3 << 20, sent).chunks.flatten().collect();
        assert!(bomb.len() < 10_000, "{}", bomb.len());
        let mut unpacked = Vec::new();
        let mut decoder = GzDecoder::new(bomb.as_slice());
        decoder.read_to_end(&mut unpacked).expect("sound gzip");
        assert_eq!(unpacked.len(), 3 << 20);
        assert!(unpacked.iter().all(|byte| *byte == b' '));
    }
}
