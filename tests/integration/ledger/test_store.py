"""PostgreSQL keeps to the contract of the ledger's store."""

from collections.abc import AsyncGenerator

import pytest

from portfolio_ledger import sessions
from portfolio_ledger.state.storage import PostgresStore
from tests.integration.ledger.conftest import Place
from tests.ledger_store_contract import LedgerStoreContract


class TestPostgres(LedgerStoreContract):
    """The ledger's tables."""

    @pytest.fixture
    async def store(self, place: Place) -> AsyncGenerator[PostgresStore]:
        """Empty ones."""
        async with sessions.pool(place.dsn, connections_max=2) as pool:
            yield PostgresStore(pool)
