"""A district's system leaves its file in a folder; at night it is looked through, loaded, and told of."""

import os
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from enrollment.actions.feed import check_feed, load_feed
from enrollment.actions.feed_pickup import LOCKS, folder_of, follow, pick_up_all, take_up_nightly
from enrollment.models import Enrollment, FeedLoad, FeedState
from jobs.models import Job
from security import scope
from security.models import Assignment, Notice
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
LEAVES = {"exit_code": "1943", "exit_date": "2026-09-04"}


@pytest.fixture
def folder(dc, year, settings, tmp_path):
    """The folder of the district, whose files are taken up in the name of its registrar."""
    settings.ESER_FEEDS = tmp_path
    with scope.of(dc.registrar):
        take_up_nightly(by=dc.registrar, district=dc.mine)
    folder_of(dc.mine).mkdir(parents=True)
    return folder_of(dc.mine)


@pytest.fixture
def leave(folder):
    """`leave(content)`: the district's system has written its file an hour ago."""

    def left(content: bytes, name: str = "nightly.csv", minutes: int = 60):
        path = folder / name
        path.write_bytes(content)
        written = (timezone.now() - timedelta(minutes=minutes)).timestamp()
        os.utime(path, (written, written))
        return path

    return left


def through_the_night() -> FeedLoad:
    """What the tasks do one after the other."""
    assert pick_up_all() == 1
    with scope.system():
        load = FeedLoad.objects.latest("pk")
    load = check_feed(load)
    follow(load)
    if Job.objects.filter(task="enrollment.tasks.load_feed", params__feed=load.pk).exists():
        load = load_feed(load)
        follow(load)
    return load


def told(person) -> list[str]:
    return list(Notice.objects.filter(user=person).order_by("pk").values_list("words", flat=True))


def test_a_file_of_the_folder_is_loaded_kept_as_done_and_told(dc, folder, leave, feed):
    leave(feed({}))
    load = through_the_night()
    assert (load.state, load.picked_up, load.by_id) == (FeedState.LOADED, True, dc.registrar.pk)
    assert [path.name for path in (folder / "done").iterdir()] == [f"{load.pk}-nightly.csv"]
    assert told(dc.registrar) == ["The feed of the night is loaded: 1 new, 0 exits, 0 rows refused."]
    with scope.system():
        assert Enrollment.objects.count() == 1
    assert pick_up_all() == 0


def test_a_feed_that_would_exit_very_many_waits_for_a_person_who_is_told(dc, leave, feed, load):
    rows = [{"state_student_id": f"42000000{n}"} for n in range(10, 20)]
    load(feed(*rows))
    leave(feed(*({**row, **LEAVES} for row in rows)))
    held = through_the_night()
    assert held.state == FeedState.HELD
    assert told(dc.registrar)[0].startswith("The feed of the night is held for a person to decide.")
    with scope.system():
        assert Enrollment.objects.open().count() == 10


def test_a_file_that_is_no_feed_is_told(dc, leave):
    leave(b"name\nJules\n")
    assert through_the_night().state == FeedState.REFUSED
    assert "The feed of the night is refused. The first line lacks" in told(dc.registrar)[0]


def test_a_file_that_still_grows_and_what_is_no_feed_are_left_alone(leave, feed):
    growing, notes = leave(feed({}), minutes=0), leave(b"Call Ida.", "notes.txt")
    assert pick_up_all() == 0
    assert growing.exists()
    assert notes.exists()


def test_the_very_file_of_last_night_is_not_loaded_again(dc, folder, leave, feed):
    leave(feed({}))
    through_the_night()
    leave(feed({}))
    assert pick_up_all() == 0
    assert [path.name[-11:] for path in (folder / "refused").iterdir()] == ["nightly.csv"]
    assert "This very file was loaded" in told(dc.registrar)[-1]


def test_when_that_person_may_no_longer_the_file_waits_and_others_are_told_once(dc, leave, feed):
    other = make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.mine)
    path = leave(feed({}))
    with scope.system():
        Assignment.objects.filter(user=dc.registrar).update(last_day=timezone.localdate() - timedelta(days=1))
    assert [pick_up_all(), pick_up_all()] == [0, 0]
    assert path.exists()
    assert [words[:26] for words in told(other)] == ["Feeds wait in the folder: "]


def test_a_folder_that_cannot_be_written_to_is_told_and_keeps_nobody_else_waiting(dc, folder, leave, feed):
    other = make.UserFactory(role=Role.REGISTRAR, role__district=dc.theirs)
    with scope.of(other):
        take_up_nightly(by=other, district=dc.theirs)
    (folder / "done").write_text("a file where a folder should be")
    leave(feed({}))
    theirs = folder_of(dc.theirs)
    theirs.mkdir(parents=True)
    moved = leave(feed({})).rename(theirs / "nightly.csv")
    leave(feed({}))
    assert pick_up_all() == 1
    assert not moved.exists()
    assert "could not be read or moved" in told(dc.registrar)[0]


def test_while_another_takes_them_up_nobody_does_so_twice(dc, leave, feed):
    path = leave(feed({}))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCKS, dc.mine.pk])
        assert pick_up_all() == 0
    finally:
        other.close()
    assert path.exists()


def test_a_person_has_the_folder_taken_up_and_left_alone_on_the_page(dc, year, leave, feed, browse):
    client = browse(dc.registrar)
    page = client.post("/feeds/", {"folder": "leave"}, follow=True).content.decode()
    assert "Load every night in my name" in page
    leave(feed({}))
    assert pick_up_all() == 0
    page = client.post("/feeds/", {"folder": "take up"}, follow=True).content.decode()
    assert f"in the name of {dc.registrar.get_full_name()}" in page
    assert pick_up_all() == 1
