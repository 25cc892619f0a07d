# lz4 ships no types.
# pyright: reportMissingTypeStubs=false
"""Unpacking record batches: piece by piece, so that what a publisher packed small cannot fill the memory of who reads it.

The client's own codecs unpack a batch at once, whatever comes out of it: a few megabytes may be gigabytes. Here no piece is
larger than it has to be, and whoever takes the pieces stops when they are too many.
"""

import math
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol, cast

import cramjam
from lz4.frame import LZ4FrameDecompressor

from portfolio_schemas.codec import Unreadable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE_SIZE_MAX = 256 * 1024
"""Bytes of a piece."""

BLOCK_SIZE_MAX = 16 * 1024 * 1024
"""Bytes of a snappy block, which can be unpacked only as a whole. Clients make one of a batch, most of them many of 32 KiB."""

_FEED_SIZE = 64 * 1024
_GZIP_WINDOW_BITS = 31  # the largest window, in gzip's own frame

_WINDOW_BITS = 23  # 8 MiB: what every reader should have room for by RFC 8878, and all that levels up to 19 ask for
_WIDE_FRAME_SIZE_MAX = 16 * 1024 * 1024
_ZSTD_HEAD_SIZE_MAX = 18

_SNAPPY_MAGIC = b"\x82SNAPPY\x00"
_SNAPPY_HEAD_SIZE = 16
_SNAPPY_LENGTH_SIZE = 4


class _Decompressor(Protocol):
    """What unpacks one frame."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, /, max_length: int) -> bytes: ...


def unpack(codec: int, packed: memoryview) -> Iterator[bytes]:
    """Unpack the records of a batch.

    Raises:
        Unreadable: when they are not what the codec makes, or a block is too large.

    """
    match codec:
        case 1:  # gzip
            pieces = _frames(_Gzip, packed)
        case 2:  # snappy
            pieces = _blocks(packed)
        case 3:  # LZ4
            pieces = _frames(cast("Callable[[], _Decompressor]", LZ4FrameDecompressor), packed)
        case 4:  # zstd
            pieces = _frames(zstd.ZstdDecompressor, packed, _zstd_size_max)
        case _:
            raise Unreadable("MALFORMED", f"Its batch is packed by codec {codec}, which Kafka does not have.")
    try:
        yield from pieces
    except (zlib.error, zstd.ZstdError, cramjam.DecompressionError, RuntimeError, EOFError) as error:
        raise Unreadable("MALFORMED", f"Its batch cannot be unpacked: {error}.") from None


def _frames(
    new: Callable[[], _Decompressor], packed: memoryview, size_max: Callable[[memoryview], float] = lambda _: math.inf
) -> Iterator[bytes]:
    """Unpack frame after frame, of each no more than `size_max` allows for what it begins with."""
    at = 0
    while at < len(packed):
        frame, left = new(), size_max(packed[at:])
        while not frame.eof:
            fed = bytes(packed[at : at + _FEED_SIZE]) if frame.needs_input else b""
            at += len(fed)
            piece = frame.decompress(fed, max_length=PIECE_SIZE_MAX)
            if not piece and not fed and not frame.eof and at == len(packed):
                raise EOFError("it ends within a frame")
            left -= len(piece)
            if left < 0:
                detail = (
                    f"Its batch has a zstd window of more than {1 << _WINDOW_BITS} bytes, and more in it than is unpacked so."
                )
                raise Unreadable("TOO_LARGE", detail)
            yield piece
        at -= len(frame.unused_data or b"")


def _zstd_size_max(packed: memoryview) -> float:
    """Return how much of a frame is unpacked: its window fills as it is, and may be 128 MiB by the highest levels."""
    narrow = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_BITS})
    try:
        narrow.decompress(bytes(packed[:_ZSTD_HEAD_SIZE_MAX]), max_length=0)
    except zstd.ZstdError:
        return _WIDE_FRAME_SIZE_MAX
    return math.inf


class _Gzip:
    """Python's decompressor of gzip, in the way of the others."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP_WINDOW_BITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, /, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _blocks(packed: memoryview) -> Iterator[bytes]:
    """Unpack snappy: blocks with their lengths before them, as most clients make it, or one without."""
    if bytes(packed[: len(_SNAPPY_MAGIC)]) != _SNAPPY_MAGIC:
        yield _block(packed)
        return
    at = _SNAPPY_HEAD_SIZE
    while at < len(packed):
        begin = at + _SNAPPY_LENGTH_SIZE
        at = begin + int.from_bytes(packed[at:begin], "big")
        yield _block(packed[begin:at])


def _block(packed: memoryview) -> bytes:
    size = cramjam.snappy.decompress_raw_len(packed)
    if size > BLOCK_SIZE_MAX:
        raise Unreadable("TOO_LARGE", f"Its batch has a snappy block of {size} bytes, at most {BLOCK_SIZE_MAX} are unpacked.")
    return bytes(cramjam.snappy.decompress_raw(packed))
