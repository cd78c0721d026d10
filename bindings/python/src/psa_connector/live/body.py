"""The body of a response: content encodings removed, counted while it arrives."""

from __future__ import annotations

import http.client
import zlib
from collections.abc import Callable, Iterator

from psa_connector.options import HttpLimits

_CHUNK = 65_536
# zlib's marks of a gzip stream and of a deflate stream.
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
ACCEPTED_ENCODINGS = "gzip"


class TooLarge(Exception):
    """A limit was passed. The text names it."""


def read_body(response: http.client.HTTPResponse, limits: HttpLimits, take: Callable[[int], bool]) -> str | bytes:
    """Text if and only if the bytes are valid UTF-8."""
    parts: list[bytes] = []
    size = 0
    for part in _decoded(response, _encodings(response)):
        size += len(part)
        if size > limits.response_bytes:
            raise TooLarge(f"the response has more than {limits.response_bytes} bytes, the limit `response_bytes`")
        if not take(len(part)):
            raise TooLarge(f"the bodies of this call have more than {limits.call_bytes} bytes, the limit `call_bytes`")
        parts.append(part)
    body = b"".join(parts)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _encodings(response: http.client.HTTPResponse) -> list[str]:
    """In the order in which they were applied."""
    named = response.headers.get_all("content-encoding") or []
    found = [it.strip().lower() for text in named for it in text.split(",")]
    return [it for it in found if it and it != "identity"]


def _decoded(response: http.client.HTTPResponse, encodings: list[str]) -> Iterator[bytes]:
    chunks = iter(lambda: response.read(_CHUNK), b"")
    length = response.length
    if not encodings:
        yield from chunks
    elif len(encodings) > 1 or encodings[0] not in _WINDOWS:
        raise ValueError("a content encoding that was not asked for")
    else:
        yield from _inflated(chunks, _WINDOWS[encodings[0]], is_empty=length == 0)
    if response.length:
        # `read` with a size says nothing of a body that ends too early.
        raise http.client.IncompleteRead(b"", response.length)


def _inflated(chunks: Iterator[bytes], window: int, *, is_empty: bool) -> Iterator[bytes]:
    """In steps, so that a small body cannot become a large one at once."""
    inflate = zlib.decompressobj(window)
    has_begun = False
    try:
        for chunk in chunks:
            has_begun = True
            rest = chunk
            while rest:
                yield inflate.decompress(rest, _CHUNK)
                rest = inflate.unconsumed_tail
    except zlib.error:
        raise ValueError("a body that is not encoded as its header says") from None
    if has_begun and not inflate.eof and not is_empty:
        raise http.client.IncompleteRead(b"")
