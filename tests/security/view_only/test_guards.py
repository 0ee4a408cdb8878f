"""The database refuses to write what bears students in view-only mode, whoever writes and however."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread, Timer
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from organizations.models import District
from security import scope
from security.actions.view_only import begin_by_hand, end_view_only, plan_view_only
from security.models import ViewOnly
from security.refusals import RuleBroken
from security.rules.guarded_tables import Mode, guarded_tables, names_of
from security.view_only import SQLSTATE, refusal_in, sentence_now
from students.models import Student
from tests import factories as make

CHICAGO = ZoneInfo("America/Chicago")


def view_only_in(span: timedelta) -> ViewOnly:
    """Planned to begin so much later (earlier, when negative) than now."""
    since = timezone.now() + span
    return plan_view_only(since=since, until=since + timedelta(days=8), zone=CHICAGO)


def refused(write) -> str:
    """What the database says to this write; nothing of it is kept."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        write()
    assert caught.value.__cause__.sqlstate == SQLSTATE
    return refusal_in(caught.value)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_every_table_with_row_level_security_is_guarded_or_exempt_with_a_reason():
    """A new one belongs into security/rules/guarded_tables.csv."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        )
        secured = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'view_only'")
        guarded = {name for (name,) in cursor.fetchall()}
    assert {row.table for row in guarded_tables()} == secured
    assert set(names_of(Mode.GUARDED)) == guarded


@pytest.mark.django_db
@pytest.mark.rule("RLO-03")
@pytest.mark.parametrize("table", names_of(Mode.GUARDED))
def test_no_table_of_students_is_written(table):
    span = view_only_in(-timedelta(minutes=1))
    assert refused(lambda: run(f"DELETE FROM {table} WHERE false")) == span.sentence  # noqa: S608


@pytest.mark.django_db
@pytest.mark.rule("RLO-01", "RLO-03")
def test_the_clock_alone_begins_it_and_the_sentence_names_the_go_live():
    span = view_only_in(timedelta(seconds=0.3))
    make.StudentFactory()
    time.sleep(0.4)
    go_live = span.until.astimezone(CHICAGO)
    assert f"{go_live:%b %-d, %Y}" in refused(make.StudentFactory)
    assert sentence_now() == span.sentence
    ViewOnly.objects.all().delete()  # the saves above are looked at when the test ends


@pytest.mark.django_db
def test_without_a_plan_and_after_its_end_everybody_writes():
    make.StudentFactory()
    span = view_only_in(-timedelta(minutes=1))
    end_view_only(span)
    assert make.StudentFactory().pk
    assert sentence_now() == ""


@pytest.mark.rule("RLO-02")
def test_a_save_begun_in_time_and_committed_too_late_is_refused(own_database):
    make.DistrictFactory(name="Heron Parish")
    view_only_in(timedelta(seconds=0.6))

    def slow_save() -> None:
        with scope.system():
            make.StudentFactory(last_name="Late")
            make.StudentFactory(last_name="Late")
            time.sleep(0.8)

    assert refused(slow_save) == ViewOnly.objects.get().sentence
    with scope.system():
        assert not Student.objects.filter(last_name="Late").exists()


@pytest.mark.rule("RLO-02")
def test_a_save_that_commits_in_time_is_kept_and_leaves_no_note(own_database):
    view_only_in(timedelta(hours=1))
    with scope.system():
        child = make.StudentFactory()
    with scope.system(), connection.cursor() as cursor:
        assert Student.objects.filter(pk=child.pk).exists()
        cursor.execute("SELECT count(*) FROM security_saveunderway")
        assert cursor.fetchone() == (0,)


@pytest.mark.rule("RLO-01")
def test_by_hand_it_begins_after_a_lead_that_notes_the_saves_under_way(own_database):
    span = begin_by_hand(
        view_only_in(timedelta(days=30)),
        by=make.UserFactory(),
        reason="The legacy server fails.",
        lead=timedelta(seconds=0.4),
    )

    def save_during_the_lead() -> None:
        with scope.system():
            make.StudentFactory()
            time.sleep(0.6)

    assert refused(save_during_the_lead) == span.sentence
    assert refused(make.StudentFactory) == span.sentence


@contextmanager
def somebody_saves() -> Iterator[Callable[[], None]]:
    """Begun before anything is planned, and committed with what is yielded."""
    begun, commit = Event(), Event()

    def save() -> None:
        with scope.system():
            make.StudentFactory(last_name="In Flight")
            begun.set()
            commit.wait(5)
        connection.close()

    thread = Thread(target=save)
    thread.start()
    begun.wait(5)
    try:
        yield commit.set
    finally:
        commit.set()
        thread.join()


@pytest.mark.rule("RLO-02")
def test_a_freeze_that_begins_at_once_waits_for_the_saves_under_way(own_database):
    with somebody_saves() as commit:
        Timer(0.3, commit).start()
        view_only_in(-timedelta(minutes=1))
        with scope.system():
            kept = Student.objects.filter(last_name="In Flight").count()
    assert kept == 1
    assert refused(make.StudentFactory) == ViewOnly.objects.get().sentence


@pytest.mark.rule("RLO-02")
def test_where_somebody_saves_all_the_time_it_does_not_begin(own_database, monkeypatch):
    monkeypatch.setattr("security.actions.view_only.TRIES", 1)
    monkeypatch.setattr("security.actions.view_only.PAUSE", 0)
    with somebody_saves(), pytest.raises(RuleBroken, match="Somebody is saving at this moment"):
        view_only_in(timedelta(seconds=5))
    assert not ViewOnly.objects.exists()


@pytest.mark.django_db
@pytest.mark.rule("RLO-03")
def test_whoever_claims_to_be_the_loader_is_refused_while_no_run_is_under_way():
    view_only_in(-timedelta(minutes=1))
    run("SELECT set_config('eser.loader', 'on', true)")
    assert refused(make.StudentFactory)


@pytest.mark.django_db
def test_places_people_and_their_access_are_no_student_data():
    view_only_in(-timedelta(minutes=1))
    make.UserFactory(role__district=make.DistrictFactory())
    assert District.objects.exists()
