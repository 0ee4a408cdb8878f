"""From the freeze to the go-live and back: who may, when, and what stands in the way."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from journal.models import Entry
from migration import blocking
from migration.actions import (
    accept_run,
    go_live,
    plan_rollover,
    resume_rollover,
    roll_back,
    roll_over,
    shut_by_hand,
    start_rollover,
)  # fmt: skip
from migration.actions.start import check_legacy_is_on, cutover_of
from migration.blocking import what_blocks, what_blocks_go_live
from migration.calendar_of import calendar_of, proposed
from migration.models import Acceptance, Finding, LoadRun, Party, Phase, RunState
from migration.rules.cutover_phases import CutoverPhase, cutover_phases
from migration.sample import write_sample
from organizations.models import District
from organizations.rules.profiles import Profile, state_profile
from security import scope
from security.models import Assignment, User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from security.view_only import sentence_now
from students.models import Student
from tests import factories as make
from tests.migration.conftest import places
from tests.migration.cutover import HOUR, accepted, planned, run_of, sea, sign_sheet, vendor

FREEZE_OF_LOUISIANA = "2022-07-24T23:59:00-05:00"
GO_LIVE_OF_LOUISIANA = "2022-08-01T00:00:00-05:00"


def blocked(calendar) -> list[str]:
    return [blocker.sentence for blocker in what_blocks_go_live(calendar, timezone.now())]


def fatal(run, rule: str = "DQ-011") -> Finding:
    with scope.system():
        return Finding.objects.create(run=run, rule=rule, severity="fatal", record_type="01", key="1", line=7)


# ---- the calendar ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.rule("RLO-01", "RLO-17")
def test_the_state_profile_proposes_the_instants_of_its_source():
    instants = proposed(make.StateFactory())
    assert instants["freeze_at"].isoformat() == FREEZE_OF_LOUISIANA
    assert instants["go_live_at"].isoformat() == GO_LIVE_OF_LOUISIANA
    assert (instants["transfer_at"].isoformat(), instants["acceptance_at"]) == (
        "2022-07-25T00:00:00-05:00",
        None,
    )


@pytest.mark.django_db
@pytest.mark.rule("RLO-01")
def test_without_a_calendar_nothing_is_view_only_and_with_one_it_is_from_the_freeze_on():
    by, state = sea(), make.StateFactory()
    run_of(state, timezone.now() - HOUR)
    assert (calendar_of(state), sentence_now()) == (None, "")
    calendar = planned(by, freeze=HOUR)
    assert sentence_now() == ""
    assert f"{calendar.go_live_at.astimezone(calendar.zone):%b %-d, %Y}" in sentence_now(calendar.freeze_at)


@pytest.mark.django_db
def test_phases_follow_each_other():
    by = sea()
    with pytest.raises(RuleBroken) as caught:
        planned(by, freeze=HOUR, go_live=-HOUR)
    assert caught.value.field == "go_live_at"


@pytest.mark.django_db
@pytest.mark.rule("RLO-01")
def test_a_freeze_that_has_begun_is_moved_only_with_a_reason():
    by = sea()
    planned(by)
    with pytest.raises(RuleBroken, match="Say why"):
        planned(by, freeze=2 * HOUR)
    planned(by, freeze=2 * HOUR, reason="The extract comes a day later.")
    assert sentence_now() == ""
    assert Entry.objects.filter(kind="ROLLOVER_PLANNED").count() == 2


@pytest.mark.django_db
@pytest.mark.rule("RLO-01")
def test_the_state_makes_it_view_only_by_hand_with_a_reason_and_nobody_else_does():
    by = sea()
    calendar = planned(by, freeze=HOUR)
    with pytest.raises(RuleBroken, match="Say why"):
        shut_by_hand(by=by, calendar=calendar, reason=" ")
    with pytest.raises(NotAllowed):
        shut_by_hand(by=vendor(), calendar=calendar, reason="The legacy server fails.")
    shut_by_hand(by=by, calendar=calendar, reason="The legacy server fails.", lead=timedelta())
    assert sentence_now()
    assert Entry.objects.get(kind="VIEW_ONLY_BY_HAND").details == {"reason": "The legacy server fails."}


# ---- acceptance --------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.rule("RLO-14", "RLO-16")
def test_a_run_is_accepted_only_when_it_is_reconciled_without_a_fatal_finding():
    by, state = sea(), make.StateFactory()
    run = run_of(state, timezone.now(), RunState.BLOCKED)
    found = fatal(run)
    assert what_blocks(run) == [
        f"Run {run.pk} is not reconciled: loaded, does not reconcile.",
        f"Run {run.pk} has 1 fatal finding (DQ-011).",
    ]
    with pytest.raises(RuleBroken, match="DQ-011"):
        accept_run(by=by, run=run, party=Party.SEA)
    run.state = RunState.DONE
    run.save()
    with scope.system():
        found.delete()
        assert what_blocks(run) == []
        assert accept_run(by=by, run=run, party=Party.SEA).by == by


@pytest.mark.django_db
@pytest.mark.rule("RLO-16", "DQ-101")
def test_a_run_without_a_signed_sample_sheet_is_not_accepted():
    run = run_of(make.StateFactory(), timezone.now(), signed=False)
    assert what_blocks(run) == [f"The sample sheet of run {run.pk} is not signed off (DQ-101)."]
    sign_sheet(run)
    assert what_blocks(run) == []


@pytest.mark.django_db
def test_another_check_is_added_as_a_function(monkeypatch):
    run = run_of(make.StateFactory(), timezone.now())
    monkeypatch.setattr(
        blocking, "CHECKS", [(CutoverPhase.CHECKS, "The vendor", lambda run: "The tape is lost.")]
    )
    assert what_blocks(run) == ["The tape is lost."]


@pytest.mark.django_db
@pytest.mark.rule("RLO-16")
def test_two_parties_accept_by_two_persons():
    by = sea()
    Assignment.objects.create(user=by, role=Role.SUPPORT, first_day=timezone.localdate())
    by = User.objects.get(pk=by.pk)
    run = run_of(make.StateFactory(), timezone.now())
    accept_run(by=by, run=run, party=Party.SEA)
    with pytest.raises(RuleBroken, match="two persons"):
        accept_run(by=by, run=run, party=Party.VENDOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Acceptance.objects.create(run=run, party=Party.VENDOR, by=by)
    with pytest.raises(NotAllowed):
        accept_run(by=sea(), run=run, party=Party.VENDOR)
    accept_run(by=vendor(), run=run, party=Party.VENDOR)


@pytest.mark.django_db
@pytest.mark.rule("RLO-16")
def test_the_acceptance_of_an_earlier_run_does_not_count():
    by = sea()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    run = accepted(calendar, by, vendor())
    assert blocked(calendar) == []
    newer = run_of(calendar.of_state, calendar.freeze_at)
    assert len(blocked(calendar)) == 2
    with pytest.raises(RuleBroken, match=f"Run {newer.pk} is newer"):
        accept_run(by=sea(), run=run, party=Party.SEA)


@pytest.mark.django_db
@pytest.mark.rule("RLO-16")
def test_a_dry_run_changes_nothing_and_takes_no_acceptance_away():
    by = sea()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    accepted(calendar, by, vendor())
    dry = run_of(calendar.of_state, calendar.freeze_at, RunState.CHECKED)
    LoadRun.objects.filter(pk=dry.pk).update(dry_run=True)
    assert blocked(calendar) == []


# ---- go-live -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.rule("RLO-16")
def test_nobody_goes_live_before_the_instant_or_without_acceptance():
    by = sea()
    calendar = planned(by)
    assert blocked(calendar)[0] == "No extract is loaded yet."
    run = run_of(calendar.of_state, calendar.freeze_at)
    with pytest.raises(RuleBroken) as caught:
        go_live(by=by, state=calendar.of_state)
    assert str(caught.value).startswith(
        f"Run {run.pk} is not accepted by the state education agency."
        f" Run {run.pk} is not accepted by the vendor. The go-live is not before "
    )
    with pytest.raises(NotAllowed):
        go_live(by=vendor(), state=calendar.of_state)


@pytest.mark.django_db
@pytest.mark.rule("RLO-16")
def test_the_database_too_keeps_to_the_instant_and_to_a_run():
    calendar = planned(sea())
    calendar.went_live_at, calendar.writes_until = timezone.now(), "1:1:"
    calendar.live_run = run_of(calendar.of_state, calendar.freeze_at)
    with pytest.raises(IntegrityError, match="not_before_its_instant"), transaction.atomic():
        calendar.save()


@pytest.mark.django_db
@pytest.mark.rule("RLO-17")
def test_with_the_go_live_writes_are_allowed_and_the_legacy_system_stays_off():
    by = sea()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    run = accepted(calendar, by, vendor())
    with pytest.raises(DatabaseError, match="view only"), transaction.atomic():
        make.StudentFactory()
    go_live(by=by, state=calendar.of_state)
    assert sentence_now() == ""
    make.StudentFactory()
    with pytest.raises(RuleBroken, match="not"):
        check_legacy_is_on(calendar.of_state)
    run.state = RunState.FAILED
    run.save()
    with pytest.raises(RuleBroken, match="nothing is loaded from the legacy system"):
        resume_rollover(by=by, run=run)
    with pytest.raises(DatabaseError, match="after the go-live"), transaction.atomic():
        run_of(calendar.of_state, calendar.freeze_at, RunState.WAITING)


@pytest.mark.django_db
@pytest.mark.rule("RLO-16")
def test_an_earlier_run_that_stopped_does_not_go_on_over_a_later_one():
    by = sea()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    stopped = run_of(calendar.of_state, calendar.freeze_at, RunState.FAILED)
    LoadRun.objects.update(phase=Phase.LOAD)
    later = accepted(calendar, by, vendor())
    with pytest.raises(RuleBroken, match=f"Run {later.pk} has come since"):
        resume_rollover(by=by, run=stopped)
    with pytest.raises(CommandError, match=f"Run {later.pk} has come since"):
        call_command("rollover", "load", "--resume", str(stopped.pk))


@pytest.mark.django_db
@pytest.mark.rule("RLO-16")
def test_nobody_goes_live_while_another_run_is_under_way():
    by = sea()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    other = run_of(calendar.of_state, calendar.freeze_at, RunState.RUNNING)
    accepted(calendar, by, vendor())
    with pytest.raises(RuleBroken, match=f"Run {other.pk} is under way"):
        go_live(by=by, state=calendar.of_state)


@pytest.mark.django_db
@pytest.mark.rule("RLO-16")
def test_an_extract_is_judged_by_the_freeze_of_the_calendar_in_force():
    state = make.StateFactory()
    by_the_profile = cutover_of(state).freeze
    freeze = planned(sea()).freeze_at  # of the one state that there is
    assert cutover_of(state).freeze == freeze.astimezone(ZoneInfo(state.time_zone)).replace(tzinfo=None)
    assert cutover_of(state).freeze != by_the_profile


@pytest.mark.django_db
@pytest.mark.rule("RLO-17")
def test_who_never_planned_goes_live_by_the_state_profile():
    by, state = sea(), make.StateFactory()
    run = run_of(state, proposed(state)["freeze_at"])
    for person, party in ((by, Party.SEA), (vendor(), Party.VENDOR)):
        accept_run(by=person, run=run, party=party)
    assert go_live(by=by, state=state).live_run == run


@pytest.mark.django_db
@pytest.mark.rule("RLO-20")
def test_neither_a_run_nor_the_go_live_gives_anybody_a_role():
    by, support = sea(), vendor()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    before = list(Assignment.objects.order_by("pk").values())
    accepted(calendar, by, support)
    go_live(by=by, state=calendar.of_state)
    assert list(Assignment.objects.order_by("pk").values()) == before


@pytest.mark.rule("RLO-03")
def test_the_load_alone_writes_while_all_else_is_view_only(own_database, tmp_path):
    write_sample(tmp_path)
    state = places(tmp_path)
    planned(sea())
    run = start_rollover(by=None, state=state, path=tmp_path, freeze=state_profile(Profile.LA).freeze_at)
    roll_over(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    with scope.system(), connection.cursor() as cursor:
        assert Student.objects.exists()
        cursor.execute("SELECT set_config('eser.loader', 'on', true)")  # the run is over
        with pytest.raises(DatabaseError, match="view only"), transaction.atomic():
            Student.objects.update(grade="05")


# ---- and back ----------------------------------------------------------------------------------------------


@pytest.fixture
def live(own_database):
    """Live since a moment ago; what was there before was committed before."""
    by = sea()
    make.IepFactory()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    accepted(calendar, by, vendor())
    return by, go_live(by=by, state=calendar.of_state)


@pytest.mark.rule("RLO-18")
def test_back_while_nobody_has_written(live):
    by, calendar = live
    roll_back(
        by=by, calendar=calendar, reason="The vendor asks for it.", go_live_at=timezone.now() + 24 * HOUR
    )
    assert "planned for" in sentence_now()
    assert not Acceptance.objects.standing().exists()
    calendar = calendar_of(calendar.of_state)
    assert (calendar.is_live, blocked(calendar)[-1].startswith("The go-live is not before")) == (False, True)


@pytest.mark.rule("RLO-18")
def test_not_back_once_somebody_has_written_and_the_counts_say_what(live):
    by, calendar = live
    district = District.objects.first()
    child = make.StudentFactory(district=district)
    make.RecordsRequestFactory(student=child, district=district)  # of a table without history
    with pytest.raises(RuleBroken) as caught:
        roll_back(by=by, calendar=calendar, reason="Back.", go_live_at=timezone.now() + HOUR)
    assert "Requests of a family to inspect records 1," in str(caught.value)
    assert "Students 1." in str(caught.value)
    assert sentence_now() == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [({"reason": " "}, "Say why"), ({"go_live_at": timezone.now() - HOUR}, "in the future")],
)
@pytest.mark.django_db
def test_a_roll_back_has_a_reason_and_a_new_go_live(more, said):
    by = sea()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    accepted(calendar, by, vendor())
    asked = {"reason": "Back.", "go_live_at": timezone.now() + HOUR, **more}
    with pytest.raises(RuleBroken, match="not live"):
        roll_back(by=by, calendar=calendar, **asked)
    go_live(by=by, state=calendar.of_state)
    with pytest.raises(RuleBroken, match=said):
        roll_back(by=by, calendar=calendar, **asked)


def test_every_phase_says_who_acts():
    assert set(cutover_phases()) == set(CutoverPhase)


def test_planning_is_the_states_alone(db):
    with pytest.raises(NotAllowed):
        plan_rollover(by=vendor(), state=make.StateFactory())
