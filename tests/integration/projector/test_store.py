"""PostgreSQL keeps to the contract of the projector's store."""

from collections.abc import AsyncGenerator

import pytest

from portfolio_projector import sessions
from portfolio_projector.projecting.storage import PostgresStore
from tests.integration.projector.conftest import Place
from tests.projector_store_contract import ProjectorStoreContract


class TestPostgres(ProjectorStoreContract):
    """The tables of the read models."""

    @pytest.fixture
    async def store(self, place: Place) -> AsyncGenerator[PostgresStore]:
        """Empty ones."""
        async with sessions.writing_pool(place.dsn, connections_max=2) as pool:
            yield PostgresStore(pool)
