"""The application: the routes of all read models, and what is around them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module

from fastapi import Depends, FastAPI

from portfolio_projector import read_models, sessions
from portfolio_projector.http import documentation, health, metric_definitions, openapi, problems
from portfolio_projector.http.compressed import Compressed
from portfolio_projector.http.kept import Kept, Stamps
from portfolio_projector.http.known_parameters import refuse_unknown
from portfolio_projector.http.metrics import Measured
from portfolio_projector.http.reading import Reads
from portfolio_projector.http.stream import Streams
from portfolio_projector.http.turns import Turns
from portfolio_projector.http.wakes import Wakes
from portfolio_projector.page import routes as page
from portfolio_projector.settings import ServeSettings
from portfolio_projector.telling import aside
from portfolio_projector.telling.failures import Failures
from portfolio_projector.telling.pasts import Pasts
from portfolio_projector.telling.present import Present

_CONNECTIONS_MAX = 10

_FACTS_REMEMBERED_MAX = 200_000
"""How many facts the states that are remembered may rest on together: some hundred bytes each."""

_FACTS_OF_PASTS_MAX = 100_000
"""How many facts the pasts that are remembered may rest on together."""

_FACTS_FOLDED_MAX = 200_000
"""How many facts are folded for one answer: more lie after the nearest snapshot only while snapshots are being made."""

_DESCRIPTION = """
The read side of the portfolio ledger. Every answer names the entry that it reflects, in its body and in the header
`Ledger-Entry`; `as_of` asks for what the ledger knew at an entry or an instant, `effective` for what was true by the end of a
day, `min_entry` waits until your own writes are seen. Lists take `limit` and `cursor`. What cannot be answered is a problem
document with a stable `code`.
"""


def create(settings: ServeSettings) -> FastAPI:
    """Return the application; its lifespan opens the pool and listens."""
    application = openapi.ReadApi(
        title="Portfolio read API",
        version="1",
        description=_DESCRIPTION,
        openapi_tags=openapi.TAGS,
        generate_unique_id_function=openapi.name,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(refuse_unknown)],
    )
    application.state.settings = settings
    application.state.closing = asyncio.Event()
    application.state.streams = Streams(application.state.closing)
    problems.install(application)
    application.include_router(page.router)
    application.include_router(documentation.router)
    application.include_router(metric_definitions.router)
    application.include_router(health.router, responses={422: problems.RESPONSES[422]})
    for name in read_models.ASKED:
        routes = import_module(f"{read_models.__name__}.{name}.routes")
        application.include_router(routes.router, responses=problems.RESPONSES)
    application.add_middleware(Compressed)
    application.add_middleware(Kept)
    application.add_middleware(Measured)
    return application


@asynccontextmanager
async def _lifespan(application: FastAPI) -> AsyncGenerator[None]:
    settings: ServeSettings = application.state.settings
    aside.slice_finely()
    async with sessions.reading_pool(settings.postgres, connections_max=_CONNECTIONS_MAX) as pool:
        wakes = Wakes(settings.postgres, application.state.closing)
        application.state.stamps = Stamps(pool, [model.name for model in read_models.READ_MODELS])
        present = Present(facts_remembered_max=_FACTS_REMEMBERED_MAX, facts_folded_max=_FACTS_FOLDED_MAX)
        application.state.reads = Reads(
            pool=pool,
            wakes=wakes,
            turns=Turns(wait_seconds_max=settings.wait_seconds_max),
            present=present,
            pasts=Pasts(facts_remembered_max=_FACTS_OF_PASTS_MAX, facts_folded_max=_FACTS_FOLDED_MAX),
            failures=Failures(),
            wait_seconds_max=settings.wait_seconds_max,
            versions={model.name: model.folding.version for model in read_models.READ_MODELS},
        )
        listening = asyncio.create_task(wakes.run())
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
