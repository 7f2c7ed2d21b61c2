"""Content-Encoding undone in small pieces: a few kilobytes can hold gigabytes, so never all at once."""

import zlib
from collections.abc import Iterator
from typing import IO, Final, cast

import brotli  # type: ignore[import-untyped]  # published without types
import zstandard

ACCEPTED: Final = "gzip, deflate, br, zstd"
PIECE: Final = 65_536
_GZIP_START: Final = b"\x1f"
_MAX_WINDOW: Final = 8 * 1024 * 1024  # what RFC 9659 allows for the web


class BrokenCoding(Exception):
    """The bytes are not of the coding that they are said to be."""


def decoded(chunks: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """The content of `chunks` in pieces of at most about 64 kB; what was cut off is simply not there.

    Raises BrokenCoding.
    """
    coding = coding.strip().lower()
    try:
        if coding in ("", "identity"):
            yield from chunks
        elif coding in ("gzip", "x-gzip", "deflate"):
            yield from _zlib(chunks, raw=coding == "deflate")
        elif coding == "br":
            yield from _brotli(chunks)
        elif coding == "zstd":
            yield from _zstd(chunks)
        else:
            raise BrokenCoding(f"Content-Encoding {coding[:40]!r}, which was not asked for")
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise BrokenCoding(f"broken {coding}: {error}") from error


def _zlib(chunks: Iterator[bytes], *, raw: bool) -> Iterator[bytes]:
    decoder = None
    members = 0
    for chunk in chunks:
        while chunk:
            if decoder is None:
                if members and not chunk.startswith(_GZIP_START):
                    return  # padding after the last member
                decoder = zlib.decompressobj(-15 if raw and not _has_header(chunk) else 47)
                members += 1
            yield decoder.decompress(chunk, PIECE)
            chunk = decoder.unconsumed_tail
            if decoder.eof:
                chunk, decoder = decoder.unused_data, None
    if decoder:
        yield decoder.flush()


def _has_header(start: bytes) -> bool:
    """`deflate` is zlib by the standard, and raw on some servers; gzip tells by its magic number."""
    is_zlib = len(start) > 1 and start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
    return is_zlib or start.startswith(_GZIP_START)


def _brotli(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    for chunk in chunks:
        piece = decoder.process(chunk, output_buffer_limit=PIECE)
        yield piece
        # it takes in all of the chunk at once, and gives the rest when asked with nothing
        while piece and not decoder.is_finished():
            piece = decoder.process(b"", output_buffer_limit=PIECE)
            yield piece
        if decoder.is_finished():
            return


def _zstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    source = cast(IO[bytes], _Source(chunks))  # all that zstandard asks of it is `read`
    return zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).read_to_iter(source, write_size=PIECE)


class _Source:
    """Chunks as the file that zstandard reads from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, size: int) -> bytes:  # noqa: ARG002 - a chunk is small already
        return next(self._chunks, b"")
