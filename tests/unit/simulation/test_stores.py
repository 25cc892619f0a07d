"""The doubles of the databases keep to what PostgreSQL keeps to."""

import pytest

from tests.ledger_store_contract import LedgerStoreContract
from tests.projector_store_contract import ProjectorStoreContract
from tests.unit.simulation.ledger_store import MemoryLedgerStore
from tests.unit.simulation.projector_store import MemoryProjectorStore


class TestLedgerStore(LedgerStoreContract):
    """The ledger's tables in memory."""

    @pytest.fixture
    def store(self) -> MemoryLedgerStore:
        """An empty one."""
        return MemoryLedgerStore()


class TestProjectorStore(ProjectorStoreContract):
    """The projector's tables in memory."""

    @pytest.fixture
    def store(self) -> MemoryProjectorStore:
        """An empty one."""
        return MemoryProjectorStore()
