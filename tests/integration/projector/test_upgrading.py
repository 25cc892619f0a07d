"""A database that an older program left is brought on by migrations: what they empty is made again from the log."""

from importlib import resources

from portfolio_projector.read_models.entries import MODEL
from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story, expected, facts, stored
from tests.integration.projector.test_serving import got

READ_MODELS = resources.files("portfolio_projector").joinpath("read_models")
CONCERNS = READ_MODELS.joinpath("concerns/migrations/0003_stated_again.sql")
SPANS = READ_MODELS.joinpath("entries/migrations/0006_spans.sql")


async def test_whom_entries_concern_is_made_again_where_an_older_program_had_told_it(place: Place):
    """The projector starts, beside read models that are further on; all rows are those of this program, and answers are there."""
    story = Story("acme", 6)
    story.play(60)
    entries = list(story.history.entries)
    async with place.projecting():
        last = await published(place, story, 0)
    async with place.connection() as connection:
        await connection.execute("UPDATE projector.positions SET version = 1 WHERE read_model = 'concerns'")
        await connection.execute("DELETE FROM projector.homes")
        await connection.execute(CONCERNS.read_text(encoding="utf-8"))
        assert await connection.fetchval("SELECT count(*) FROM projector.concerns") == 0
    async with place.projecting(), place.serving() as client:
        await place.until_applied("acme", last, read_model="concerns")
        assert (await got(client, "/products/pay/flow", min_entry=last))["product"] == "pay"
        async with place.connection() as connection:
            assert await stored(connection) == expected(facts(entries, range(len(entries))))


async def test_when_entries_were_true_is_known_of_those_that_an_older_program_kept(place: Place):
    """The migration makes of the entries what the projector makes of the log, and says that the rows are of its version."""
    story = Story("acme", 8)
    story.play(60)
    async with place.projecting():
        await published(place, story, 60)
    async with place.connection() as connection:
        spans = "SELECT portfolio, first_entry, earliest, latest FROM projector.spans ORDER BY first_entry"
        kept = await connection.fetch(spans)
        await connection.execute("DROP TABLE projector.spans")
        await connection.execute("UPDATE projector.positions SET version = 3 WHERE read_model = 'entries'")
        await connection.execute(SPANS.read_text(encoding="utf-8"))
        assert await connection.fetch(spans) == kept
        assert len(kept) > 1
        version = "SELECT DISTINCT version FROM projector.positions WHERE read_model = 'entries'"
        assert await connection.fetchval(version) == MODEL.folding.version
