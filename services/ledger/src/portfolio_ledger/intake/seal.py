"""The seal of a forwarded submission: it proves that a ledger of this database sent it on, under the name that it had first.

Whoever may publish may write a record that looks forwarded. Without a seal it would be judged, and answered, under the name of
a submission that is somebody else's. Pure.
"""

import hashlib
import hmac

KEY_SIZE = 32


class Seal:
    """Seals, and tells what is sealed, by a key that ledgers alone know."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, name: str, value: bytes) -> str:
        """Return the seal of a submission that is forwarded under a name, with this value."""
        return hmac.new(self._key, name.encode() + b"\0" + value, hashlib.sha256).hexdigest()

    def holds(self, name: str, value: bytes, seal: str) -> bool:
        """Tell whether it is the seal of that name and value."""
        return hmac.compare_digest(self.of(name, value).encode(), seal.encode())
