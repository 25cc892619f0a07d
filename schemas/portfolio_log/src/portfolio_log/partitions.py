"""Which partition a portfolio lives in: by Kafka's default partitioner, so a publisher who sets the key needs nothing of ours."""

from functools import lru_cache

_SEED = 0x9747B28C
_M = 0x5BD1E995
_R = 24
_MASK = 0xFFFFFFFF
_POSITIVE = 0x7FFFFFFF


@lru_cache(maxsize=65536)
def partition_of(portfolio: str, partitions: int) -> int:
    """Return the partition of a portfolio in topics of `partitions` partitions."""
    return (murmur2(portfolio.encode()) & _POSITIVE) % partitions


def murmur2(key: bytes) -> int:
    """Return the 32-bit murmur2 hash as Kafka's Java client computes it (`org.apache.kafka.common.utils.Utils.murmur2`)."""
    length = len(key)
    h = (_SEED ^ length) & _MASK
    for i in range(0, length - length % 4, 4):
        k = int.from_bytes(key[i : i + 4], "little")
        k = (k * _M) & _MASK
        k ^= k >> _R
        k = (k * _M) & _MASK
        h = ((h * _M) & _MASK) ^ k
    tail = key[length - length % 4 :]
    if tail:
        h ^= int.from_bytes(tail, "little")
        h = (h * _M) & _MASK
    h ^= h >> 13
    h = (h * _M) & _MASK
    return h ^ (h >> 15)
