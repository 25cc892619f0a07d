"""The migrations' order and names."""

from pathlib import Path

from portfolio_deploy import migrations


def write(folder: Path, *names: str) -> None:
    """Write migrations with these names."""
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text("SELECT 1;\n")


def test_a_package_runs_its_own_files_first_then_its_read_models_by_name(tmp_path: Path):
    """What all read models share is there before the first of them."""
    write(tmp_path / "read_models" / "initiatives" / "migrations", "0002_b.sql", "0001_a.sql")
    write(tmp_path / "read_models" / "backlogs" / "migrations", "0001_items.sql", "notes.txt")
    write(tmp_path / "migrations", "0001_positions.sql")
    assert [migration.name for migration in migrations.of_package("projector", tmp_path)] == [
        "projector/0001_positions.sql",
        "projector/read_models/backlogs/0001_items.sql",
        "projector/read_models/initiatives/0001_a.sql",
        "projector/read_models/initiatives/0002_b.sql",
    ]


def test_a_package_without_migrations_has_none(tmp_path: Path):
    """No folder, no error."""
    assert migrations.of_package("ledger", tmp_path) == []


def test_what_is_installed_runs_ledger_before_projector():
    """The projector shows the ledger what it has applied, so both schemas' order is fixed."""
    names = [migration.name for migration in migrations.installed()]
    assert names == sorted(names, key=lambda name: not name.startswith("ledger/"))
    assert len(set(names)) == len(names)


def test_a_role_gets_a_connection_string_on_the_administrators_server():
    """Whatever a password holds, it stays a password."""
    admin = "postgresql://postgres:secret@db.example:6000/postgres?sslmode=require"
    assert migrations.dsn(admin, role="portfolio_ledger", password="p@ss/word", database="portfolio") == (  # noqa: S106  # of nobody
        "postgresql://portfolio_ledger:p%40ss%2Fword@db.example:6000/portfolio?sslmode=require"
    )
