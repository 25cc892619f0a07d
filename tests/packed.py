# lz4 and aiokafka ship no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Record batches as no client makes them: packed by any codec, however much is in them, and with whatever in their records."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cramjam
from aiokafka import AIOKafkaProducer
from aiokafka.record.util import calc_crc32c
from lz4.frame import LZ4FrameCompressor

from portfolio_log.unpacking import zstd

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
PIECE = 1024 * 1024

_HEAD = struct.Struct(">qiibIhiqqqhii")
_LENGTH, _CRC, _ATTRIBUTES, _LAST_DELTA, _COUNT = 1, 4, 5, 6, 12
_SNAPPY_HEAD = b"\x82SNAPPY\x00\x00\x00\x00\x01\x00\x00\x00\x01"
_SNAPPY_BLOCK = 32 * 1024


@dataclass(frozen=True)
class Rec:
    """A record. `fill` bytes of white space stand before its value. `delta` is the offset that it says, from the batch's on."""

    value: bytes | None
    fill: int = 0
    delta: int | None = None
    attributes: int = 0
    key: bytes | None = None

    def pieces(self, n: int) -> Iterator[bytes]:
        """The bytes of it as record `n` of a batch, piece by piece."""
        value = self.value or b""
        begin = bytes([self.attributes]) + number(0) + number(n if self.delta is None else self.delta)
        begin += number(-1) if self.key is None else number(len(self.key)) + self.key
        begin += number(-1 if self.value is None else self.fill + len(value))
        yield number(len(begin) + self.fill + len(value) + 1) + begin
        for at in range(0, self.fill, PIECE):
            yield b" " * min(PIECE, self.fill - at)
        yield value + number(0)


def number(value: int) -> bytes:
    """A number of variable length, as Kafka writes it."""
    left, out = (value << 1) ^ (value >> 63), bytearray()
    while left > 0x7F:
        out.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*out, left])


def pack(codec: str, pieces: Iterable[bytes]) -> bytes:
    """The records of a batch, packed, with little memory however much they are."""
    match codec:
        case "gzip":
            gzip = zlib.compressobj(9, wbits=31)
            return b"".join(gzip.compress(piece) for piece in pieces) + gzip.flush()
        case "snappy":
            return _SNAPPY_HEAD + b"".join(_snappy_blocks(pieces))
        case "lz4":
            lz4 = LZ4FrameCompressor(block_linked=False)
            return lz4.begin() + b"".join(lz4.compress(piece) for piece in pieces) + lz4.flush()
        case "zstd":
            packer = zstd.ZstdCompressor()
            return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()
        case _:
            return b"".join(pieces)


def _snappy_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    full = bytes(cramjam.snappy.compress_raw(b" " * _SNAPPY_BLOCK))
    for piece in pieces:
        for at in range(0, len(piece), _SNAPPY_BLOCK):
            block = piece[at : at + _SNAPPY_BLOCK]
            white = len(block) == _SNAPPY_BLOCK and not block.strip(b" ")
            raw = full if white else bytes(cramjam.snappy.compress_raw(block))
            yield len(raw).to_bytes(4, "big") + raw


def batch(built: bytes, codec: str, records: Sequence[Rec], body: bytes | None = None) -> bytes:
    """A batch that a client has built with some record, with these in their place; `body`: with these bytes in theirs."""
    head = list(_HEAD.unpack_from(built))
    if body is None:
        body = pack(codec, (piece for n, one in enumerate(records) for piece in one.pieces(n)))
    head[_LENGTH] = _HEAD.size - 12 + len(body)
    head[_ATTRIBUTES] = head[_ATTRIBUTES] & ~0x07 | CODECS[codec]
    head[_LAST_DELTA], head[_COUNT] = len(records) - 1, len(records)
    raw = bytearray(_HEAD.pack(*head) + body)
    struct.pack_into(">I", raw, 17, calc_crc32c(bytes(raw[21:])))
    return bytes(raw)


def plain(records: Sequence[Rec], codec: str = "none", *, body: bytes | None = None, base_offset: int = 0) -> bytes:
    """A batch that nobody has sent yet."""
    head = _HEAD.pack(base_offset, 0, -1, 2, 0, 0, 0, 0, 0, -1, -1, -1, 0)
    return batch(head, codec, records, body)


async def send(producer: AIOKafkaProducer, topic: str, partition: int, codec: str, records: Sequence[Rec]) -> int:
    """Send records in one batch, by a producer that packs nothing itself; return the offset of the first."""
    made: Any = producer.create_batch()
    for _ in records:  # so many as the producer counts
        made.append(key=None, value=b"", timestamp=None)
    made.close()
    build = made._build
    made._build = lambda: batch(bytes(build()), codec, records)
    return (await (await producer.send_batch(made, topic, partition=partition))).offset
