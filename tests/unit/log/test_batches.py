# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Batches as publishers may send them: every record is read at its place, or says why not, and none takes more than it may."""

from types import SimpleNamespace
from typing import Any

import cramjam
import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.memory_records import MemoryRecords

from portfolio_log import batches, records, unpacking
from portfolio_log.batches import Unread
from portfolio_log.unpacking import zstd
from portfolio_schemas.codec import Unreadable
from tests import packed
from tests.packed import Rec

MIB = 1024 * 1024
ALL = ["gzip", "snappy", "lz4", "zstd"]
PLACE = TopicPartition("intake", 0)


def read(raw: bytes) -> list[Any]:
    """The records of what was fetched."""
    fetched, found = records.Records(raw), list[Any]()
    while fetched.has_next():
        one = fetched.next_batch()
        assert one.validate_crc()
        found += list(one)
    return found


def codes(found: list[Any]) -> list[str | None]:
    """Why records were not read, None for those that were."""
    return [record.value.why.code if isinstance(record.value, Unread) else None for record in found]


@pytest.mark.parametrize("codec", ["none", *ALL])
def test_every_record_is_what_the_client_reads(codec: str):
    """Of a batch of several parts, in every codec; and records as large as they may be."""
    sent = [Rec(b"%d" % n * 300, key=b"k%d" % n) for n in range(3000)]
    sent += [Rec(b"last", fill=size) for size in (MIB, batches.RECORD_SIZE_MAX - 100, 5)]
    raw = packed.plain(sent, codec, base_offset=41)
    client: Any = MemoryRecords(raw).next_batch()
    expected = [(record.offset, record.key, record.value, record.timestamp) for record in client]
    assert [(record.offset, record.key, record.value, record.timestamp) for record in read(raw)] == expected
    assert len(expected) == len(sent)


@pytest.mark.parametrize("codec", ["gzip", "lz4", "zstd"])
def test_a_batch_of_several_frames_is_read_on(codec: str):
    """As some programs make it: each record packed by itself."""
    sent = [Rec(b"one"), Rec(b"two"), Rec(b"three")]
    body = b"".join(packed.pack(codec, one.pieces(n)) for n, one in enumerate(sent))
    assert [record.value for record in read(packed.plain(sent, codec, body=body))] == [b"one", b"two", b"three"]


@pytest.mark.parametrize("codec", ALL)
def test_a_record_that_is_too_large_is_passed_over(codec: str):
    """Its neighbours are read; its batch is kept with the first of them, and the second names that one."""
    large = Rec(b"x", fill=batches.RECORD_SIZE_MAX)
    sent = [Rec(b"a"), large, Rec(b"b"), Rec(b"c"), large, Rec(b"d")]
    raw = packed.plain(sent, codec, base_offset=7)
    found = read(raw + packed.plain([Rec(b"next")], base_offset=13))
    assert codes(found) == [None, "TOO_LARGE", None, None, "TOO_LARGE", None, None]
    assert [record.value for record in found] == [b"a", raw, b"b", b"c", b"", b"d", b"next"]
    assert [record.offset for record in found] == list(range(7, 14))
    assert [found[n].value.first for n in (1, 4)] == [8, 8]
    assert str(batches.RECORD_SIZE_MAX) in found[1].value.why.detail


@pytest.mark.parametrize("codec", ALL)
def test_behind_a_record_that_is_far_too_large_nothing_is_unpacked(codec: str):
    """What stands behind it in its batch is not read, each at its offset; the next batch is."""
    sent = [Rec(b"a"), Rec(b"x", fill=batches.PASSED_OVER_SIZE_MAX), Rec(b"b"), Rec(b"c")]
    fetched = records.Records(packed.plain(sent, codec) + packed.plain([Rec(b"next")], base_offset=4))
    found = list(fetched.next_batch())
    assert codes(found) == [None, *["TOO_LARGE"] * 3]
    assert fetched.unpacked < 2 * MIB
    assert [record.offset for record in found] == [0, 1, 2, 3]
    assert [record.value for record in fetched.next_batch()] == [b"next"]


def test_no_more_is_unpacked_of_a_batch_than_is_allowed(monkeypatch: pytest.MonkeyPatch):
    """However small its records are."""
    monkeypatch.setattr(batches, "BATCH_SIZE_MAX", 3 * MIB)
    fetched = records.Records(packed.plain([Rec(b"x", fill=MIB)] * 5, "gzip"))
    assert codes(list(fetched.next_batch())) == [None, None, *["TOO_LARGE"] * 3]
    assert fetched.unpacked <= 3 * MIB + unpacking.PIECE_SIZE_MAX


@pytest.mark.parametrize("codec", ALL)
@pytest.mark.parametrize("spoilt", ["cut", "gone", "zeros"])
def test_what_cannot_be_unpacked_says_so(codec: str, spoilt: str):
    """Each record of the batch that is not reached, and none is missing."""
    sent = [Rec(bytes((n * m) % 251 for m in range(2000))) for n in range(9)]
    whole = packed.pack(codec, (piece for n, one in enumerate(sent) for piece in one.pieces(n)))
    body = {"cut": whole[:-20], "gone": b"", "zeros": b"\x00" * len(whole)}[spoilt]
    found = read(packed.plain(sent, codec, body=body))
    assert [record.offset for record in found] == list(range(9))
    assert codes(found)[-1] == "MALFORMED"


def test_a_codec_that_is_none_says_so():
    """Kafka has four; the client fails on a fifth."""
    raw = bytearray(packed.plain([Rec(b"a")]))
    raw[22] |= 6
    (record,) = records.Batch(None, memoryview(raw), records.Records(b""))
    assert codes([record]) == ["MALFORMED"]


def test_a_snappy_block_is_not_believed():
    """It says how much is in it before it is unpacked, and room is made for that."""
    block = bytearray(cramjam.snappy.compress_raw(b"a" * 100))
    claim = b"\xff\xff\xff\xff\x0f" + bytes(block[1:])
    assert codes(read(packed.plain([Rec(b"a")], "snappy", body=claim))) == ["TOO_LARGE"]


def test_snappy_without_blocks_is_read():
    """As librdkafka sends it."""
    body = bytes(cramjam.snappy.compress_raw(b"".join(Rec(b"a").pieces(0))))
    assert [record.value for record in read(packed.plain([Rec(b"a")], "snappy", body=body))] == [b"a"]


def test_what_comes_at_once_is_cut_into_parts():
    """A block is unpacked whole; its records are not held once more, all of them, while the first is read."""
    sent = [Rec(b"x" * 1000) for _ in range(12_000)]
    body = bytes(cramjam.snappy.compress_raw(b"".join(piece for n, one in enumerate(sent) for piece in one.pieces(n))))
    raw = memoryview(packed.plain(sent, "snappy", body=body))
    parts = list(batches.Packed(batches.Head.read(raw), raw[batches.HEAD_SIZE :], lambda _: None).parts())
    assert all(isinstance(part, batches.Part) and len(part._body) < 1.01 * MIB for part in parts)
    assert len(parts) == 12


@pytest.mark.parametrize("codec", ALL)
def test_no_more_records_are_read_than_there_are(codec: str):
    """What stands behind the last of a batch is no record of it, whatever it looks like."""
    body = packed.pack(codec, (piece for n in range(5) for piece in Rec(b"%d" % n).pieces(n)))
    assert [record.value for record in read(packed.plain([Rec(b"")] * 3, codec, body=body))] == [b"0", b"1", b"2"]


def test_a_wide_window_is_filled_only_a_little():
    """The highest levels of zstd take 128 MiB where the reader lets them; a batch of usual size is read all the same."""

    def widely(piece: bytes, times: int) -> bytes:
        packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
        return b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()

    small = Rec(b"x", fill=2 * MIB)
    body = widely(b"".join(small.pieces(0)), 1)
    assert [len(record.value) for record in read(packed.plain([small], "zstd", body=body))] == [2 * MIB + 1]
    with pytest.raises(Unreadable):
        for _ in unpacking.unpack(4, memoryview(widely(b"x" * MIB, 20))):
            pass


@pytest.mark.parametrize("deltas", [[0, 0, 0], [0, 100, 2], [5, -3, -1]])
def test_a_record_stands_where_it_stands(deltas: list[int]):
    """A broker takes what a record of a plain batch says of its offset; whoever believes it skips others."""
    found = read(packed.plain([Rec(b"%d" % n, delta=delta) for n, delta in enumerate(deltas)], base_offset=7))
    assert [(record.offset, record.value) for record in found] == [(7, b"0"), (8, b"1"), (9, b"2")]


@pytest.mark.parametrize("codec", ["none", *ALL])
def test_attributes_mean_nothing(codec: str):
    """Kafka reserves a byte for them, of which the client makes a number of any length."""
    sent = [Rec(b"a"), Rec(b"b", attributes=0x80), Rec(None, attributes=0xFF), Rec(b"d")]
    assert [record.value for record in read(packed.plain(sent, codec))] == [b"a", b"b", None, b"d"]


def test_after_compaction_a_record_knows_its_offset():
    """Where some of a batch were taken away, the others keep theirs."""
    raw = bytearray(packed.plain([Rec(b"a", delta=1), Rec(b"b", delta=4)], base_offset=10))
    raw[23:27] = (5).to_bytes(4, "big")
    found = list(records.Records(bytes(raw)).next_batch())
    assert [record.offset for record in found] == [11, 14]
    strange = bytearray(packed.plain([Rec(b"a", delta=1), Rec(b"b", delta=4, attributes=0x80)], base_offset=10))
    strange[23:27] = (5).to_bytes(4, "big")
    found = list(records.Records(bytes(strange)).next_batch())
    assert [(record.offset, record.value) for record in found] == [(11, b"a"), (14, b"b")]


@pytest.mark.parametrize("body", [b"", b"\x00", b"\xff" * 40, b"\x80" * 40, b"\x02" * 40, bytes(range(60))])
def test_what_is_no_record_says_so(body: bytes):
    """No broker takes it; should one, its offsets are there, and nothing waits for ever."""
    for codec in ("none", "gzip"):
        whole = body if codec == "none" else packed.pack(codec, [body])
        found = read(packed.plain([Rec(b"a"), Rec(b"b")], codec, body=whole))
        assert [record.offset for record in found] == [0, 1]
        assert codes(found)[-1] == "MALFORMED"


def fetched_by_the_client(raw: bytes) -> fetcher.FetchResult:
    """What a consumer holds of a fetch, and a position for it."""
    state = SimpleNamespace(paused=False, position=0)
    state.consumed_to = lambda position: setattr(state, "position", position)  # type: ignore[reportUnknownLambdaType]  # an int
    assignment = SimpleNamespace(active=True, state_value=lambda _: state)  # type: ignore[reportUnknownLambdaType]  # whichever place
    found = fetcher.PartitionRecords(PLACE, records.Records(raw), [], 0, None, None, True, 0)  # noqa: FBT003  as the client calls it
    return records.Fetched(PLACE, assignment=assignment, partition_records=found, backoff=0)


def test_a_read_ends_when_enough_was_unpacked_for_it():
    """Records that are small when they are packed come a few at a time, in order, each once; plain ones as they are asked for."""
    sent = [Rec(b"%d" % n, fill=2 * MIB) for n in range(20)]
    fetched, sizes, offsets = fetched_by_the_client(packed.plain(sent, "zstd")), list[int](), list[int]()
    while found := fetched.getall(2000):
        sizes.append(sum(len(record.value) for record in found))
        offsets += [record.offset for record in found]
    assert offsets == list(range(20))
    assert max(sizes) <= records.READ_SIZE_MAX + 2 * MIB + 100
    assert not fetched.has_more()
    plain = fetched_by_the_client(packed.plain([Rec(b"x" * 100)] * 50))
    assert [len(plain.getall(20)) for _ in range(4)] == [20, 20, 10, 0]
