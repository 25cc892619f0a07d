"""The state directory: who may use it, and that nothing of anybody else is ever deleted."""

from pathlib import Path

import pytest

from portfolio_deploy.errors import StackError
from portfolio_deploy.local.state_directory import StateDirectory


def test_a_second_stack_on_a_directory_is_refused(tmp_path: Path):
    """One at a time; the next after the first has gone."""
    first, second = StateDirectory(tmp_path / "state"), StateDirectory(tmp_path / "state")
    first.acquire()
    with pytest.raises(StackError, match="already runs"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_a_directory_remembers_who_it_is(tmp_path: Path):
    """Id, ports and passwords are the same next time."""
    directory = StateDirectory(tmp_path / "state")
    record = directory.acquire()
    record.ports["ledger"] = 8180
    directory.save(record)
    directory.release()
    assert StateDirectory(tmp_path / "state").record() == record


def test_a_deleted_directory_is_another_stack_next_time(tmp_path: Path):
    """By its id it never meets the database of the one before."""
    ids = set[str]()
    for name in ("one", "two"):
        directory = StateDirectory(tmp_path / name)
        ids.add(directory.acquire().stack)
        directory.release()
    assert len(ids) == 2


def test_a_directory_from_before_a_role_existed_gets_a_password_for_it(tmp_path: Path):
    """The others stay as they were."""
    directory = StateDirectory(tmp_path)
    record = directory.acquire()
    before = dict(record.passwords)
    del record.passwords["portfolio_ledger"]
    directory.save(record)
    directory.release()
    after = StateDirectory(tmp_path).record()
    assert after is not None
    assert {**after.passwords, "portfolio_ledger": before["portfolio_ledger"]} == before
    assert after.passwords["portfolio_ledger"]


@pytest.mark.parametrize("place", ["file", "file/below", "nowhere"])
def test_what_is_no_directory_is_held_by_nobody(tmp_path: Path, place: str):
    """`portfolio down` on a wrong path finds nothing to do."""
    (tmp_path / "file").touch()
    assert not StateDirectory(tmp_path / place).is_locked()


def test_passwords_are_for_the_owner_only(tmp_path: Path):
    """Other users of the machine cannot read the file."""
    directory = StateDirectory(tmp_path)
    directory.acquire()
    directory.release()
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600


def test_a_directory_with_other_things_in_it_is_refused(tmp_path: Path):
    """`--data $HOME` by mistake starts nothing and deletes nothing."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StackError, match="neither empty nor"):
        StateDirectory(tmp_path).acquire()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_mark_of_somebody_else_is_refused(tmp_path: Path):
    """A file of the same name is not our mark."""
    (tmp_path / "stack.json").write_text('{"what": "a haystack"}')
    with pytest.raises(StackError, match="not written by"):
        StateDirectory(tmp_path).acquire()


WHAT = "the state of a portfolio ledger's local stack"


@pytest.mark.parametrize(
    "text", ["", "{", "null", f'{{"what": "{WHAT}", "ports": {{"kafka": "x"}}}}', f'{{"what": "{WHAT}", "passwords": null}}']
)
def test_a_damaged_mark_is_said_to_be_damaged(tmp_path: Path, text: str):
    """And is left for its owner to look at."""
    (tmp_path / "stack.json").write_text(text)
    with pytest.raises(StackError, match="damaged"):
        StateDirectory(tmp_path).acquire()


def test_renewing_deletes_the_state_and_keeps_what_lies_beside_it(tmp_path: Path):
    """`--fresh` begins another stack, on the same ports."""
    directory = StateDirectory(tmp_path)
    record = directory.acquire()
    for name in ("kafka", "postgres"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    renewed = directory.renew(record)
    directory.release()
    assert renewed.stack != record.stack
    assert renewed.ports == record.ports
    assert not (tmp_path / "kafka").exists()
    assert not (tmp_path / "postgres").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_one_sentence():
    """No traceback for a wrong path."""
    with pytest.raises(StackError, match="cannot be used"):
        StateDirectory(Path("/proc/nowhere")).acquire()
