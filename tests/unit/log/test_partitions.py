"""The partition of a portfolio is the one that every Kafka client computes."""

import pytest

from portfolio_log.partitions import murmur2, partition_of


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_murmur2_agrees_with_the_vectors_of_kafkas_own_tests(key: bytes, expected: int):
    """The values are those of `UtilsTest.testMurmur2` of Apache Kafka, as signed 32-bit numbers."""
    assert expected % 2**32 == murmur2(key)


def test_partitions_are_within_the_topic():
    """Every portfolio has a partition, whatever the hash's sign."""
    assert {partition_of(f"company-{n}", 4) for n in range(100)} == {0, 1, 2, 3}
