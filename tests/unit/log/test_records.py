# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Reading fetched batches: a header's name that is not UTF-8 keeps nothing from being read."""

from typing import Any

import pytest
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from portfolio_log import clients, records

STRANGE = b"\xff\xfe"


def batch(base_offset: int, names: list[bytes], *, compression: int = 0) -> bytes:
    """A batch as it comes from a broker: a record for each name of a header."""
    builder: Any = _DefaultRecordBatchBuilderPy(
        magic=2,
        compression_type=compression,
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1_000_000,
    )
    for n, name in enumerate(names):
        builder.append(n, timestamp=0, key=b"k", value=b"v%d" % n, headers=[("ZZ", name), ("b", None)])
        builder._buffer[:] = bytes(builder._buffer).replace(b"ZZ", name)
    return base_offset.to_bytes(8, "big") + bytes(builder.build())[8:]


@pytest.mark.parametrize("compression", [0, 1, 2, 3, 4])
def test_strange_names_are_read_and_so_is_everything_beside_and_behind_them(compression: int):
    """In every compression; the names that are UTF-8 are what they are, and no record is given twice."""
    raw = batch(5, [b"aa", STRANGE, b"cc"], compression=compression) + batch(8, [b"dd"], compression=compression)
    fetched, found = records.Records(raw), list[Any]()
    while fetched.has_next():
        one = fetched.next_batch()
        assert one.validate_crc()
        found += list(one)
    assert [(record.offset, record.value) for record in found] == [(5, b"v0"), (6, b"v1"), (7, b"v2"), (8, b"v0")]
    assert [record.headers[0][0] for record in found] == ["aa", "\\xff\\xfe", "cc", "dd"]
    assert [record.headers[1] for record in found] == [("b", None)] * 4
    assert fetched.size_in_bytes() == len(raw)


def test_every_consumer_of_a_service_reads_so():
    """Whoever opens a client through this package has its batches read this way."""
    assert clients.running
    assert fetcher.MemoryRecords is records.Records
