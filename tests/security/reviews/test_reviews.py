"""A review opens when due, is decided by two people, ends what is marked, and is closed for good."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from organizations.models import SiteAffiliation
from organizations.rules.calendar import add_months
from security.actions.assign import assign, end_assignment
from security.actions.review import (
    close_review,
    decide,
    look_at_overdue,
    next_review_of,
    open_due_reviews,
    open_review,
    why_not_decide,
)
from security.models import AccessSettings, Assignment, EndReason, Notice, Review, ReviewLine
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.reviews import (
    Decision,
    LineFacts,
    Standing,
    next_due,
    standing_of,
    why_not_close,
)
from security.rules.roles import Role
from tests import factories as make

KEEP, REMOVE = Decision.KEEP, Decision.REMOVE
TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("supervisor", "coordinator", "gone", "standing"),
    [
        ("", "", False, Standing.UNDECIDED),
        (KEEP, "", False, Standing.WAITS_COORDINATOR),
        ("", KEEP, False, Standing.WAITS_SUPERVISOR),
        pytest.param(KEEP, KEEP, False, Standing.KEPT, marks=pytest.mark.rule("SEC-34")),
        pytest.param(REMOVE, "", False, Standing.TO_CONFIRM, marks=pytest.mark.rule("SEC-33")),
        pytest.param(REMOVE, KEEP, False, Standing.TO_CONFIRM, marks=pytest.mark.rule("SEC-33")),
        pytest.param(KEEP, REMOVE, True, Standing.REMOVED, marks=pytest.mark.rule("SEC-33")),
        pytest.param("", REMOVE, True, Standing.REMOVED, marks=pytest.mark.rule("SEC-33")),
        (KEEP, "", True, Standing.GONE),
        ("", "", True, Standing.GONE),
    ],
)
def test_how_a_line_stands(supervisor, coordinator, gone, standing):
    assert standing_of(LineFacts(supervisor, coordinator, gone)) == standing


@pytest.mark.rule("SEC-34")
@pytest.mark.parametrize(
    ("standings", "trained", "said"),
    [
        ([Standing.KEPT, Standing.REMOVED, Standing.GONE], True, None),
        ([Standing.KEPT, Standing.WAITS_SUPERVISOR], True, "1 line is not decided"),
        ([Standing.TO_CONFIRM, Standing.UNDECIDED], True, "2 lines are not decided"),
        pytest.param([Standing.KEPT], False, "No local training", marks=pytest.mark.rule("SEC-03")),
    ],
)
def test_what_keeps_a_review_open(standings, trained, said):
    sentence = why_not_close(standings, trained)
    assert sentence is None if said is None else sentence.startswith(said)


@pytest.mark.rule("SEC-32")
@pytest.mark.rule("DEADLINE-D42")
@pytest.mark.parametrize(
    ("last", "first", "months", "due"),
    [
        (None, None, 12, None),
        (None, date(2025, 9, 30), 12, date(2026, 9, 30)),
        (date(2026, 3, 31), date(2020, 7, 1), 6, date(2026, 9, 30)),
        (date(2024, 2, 29), None, 12, date(2025, 2, 28)),
    ],
)
def test_when_the_next_review_is_due(last, first, months, due):
    assert next_due(last, first, months) == due


@pytest.fixture
def mine(db):
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def coordinator(mine):
    return make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)


@pytest.fixture
def supervisor(mine):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)


@pytest.fixture
def teacher(mine, coordinator, supervisor):
    return make.UserFactory(role=Role.READER, role__site=make.SiteFactory(district=mine))


@pytest.fixture
def review(mine, teacher) -> Review:
    make.TrainingFactory(district=mine)
    return open_review(mine, TODAY)


def line_of(review, user) -> ReviewLine:
    return review.lines.select_related("assignment", "review__district").get(assignment__user=user)


def say(by, review, user, decision):
    return decide(by=by, review=review, decisions={line_of(review, user).pk: decision})


def settle(review, coordinator, supervisor):
    """Everything kept; for the two themselves the state stands in."""
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    other = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=review.district)
    deputy = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=review.district)
    for by in (coordinator, supervisor, other, deputy, state):
        decide(by=by, review=review, decisions={line.pk: KEEP for line in review.lines.all()})


@pytest.mark.rule("SEC-32")
def test_the_review_opens_when_due_with_a_line_for_each_role_in_force(mine, teacher, coordinator, supervisor):
    ended = assign(by=None, user=teacher, role=Role.ODR, district=mine)
    end_assignment(by=None, assignment=ended, reason=EndReason.MISTAKE)
    due = next_review_of(mine)
    assert open_due_reviews(due - timedelta(days=1)) == 0
    assert (open_due_reviews(TODAY), open_due_reviews(TODAY)) == (1, 0)
    lines = Review.objects.get(district=mine).lines.values_list("assignment__user", flat=True)
    assert set(lines) == {teacher.pk, coordinator.pk, supervisor.pk}
    assert set(Notice.objects.values_list("user", flat=True)) == {coordinator.pk, supervisor.pk}


@pytest.mark.rule("SEC-32")
def test_half_yearly_where_the_district_chose_so(mine, review, coordinator, supervisor):
    settle(review, coordinator, supervisor)
    close_review(by=coordinator, review=review)
    AccessSettings.objects.create(district=mine, review_months=6)
    assert next_review_of(mine) == add_months(TODAY, 6)


@pytest.mark.rule("SEC-33")
def test_remove_wins_and_the_role_ends_when_the_coordinator_confirms(
    review, teacher, coordinator, supervisor
):
    say(coordinator, review, teacher, KEEP)
    say(supervisor, review, teacher, REMOVE)
    row = Assignment.objects.get(user=teacher)
    assert row.ended_at is None
    say(coordinator, review, teacher, REMOVE)
    row.refresh_from_db()
    assert (row.end_reason, row.ended_by) == ("REVIEW", coordinator)
    assert line_of(review, teacher).standing == Standing.REMOVED


@pytest.mark.rule("SEC-34")
def test_it_cannot_be_closed_while_a_line_lacks_a_decision(review, teacher, coordinator, supervisor):
    say(coordinator, review, teacher, KEEP)
    with pytest.raises(RuleBroken, match="3 lines are not decided"):
        close_review(by=coordinator, review=review)


@pytest.mark.rule("SEC-34")
def test_a_role_that_ended_meanwhile_needs_no_decision(review, teacher, coordinator, supervisor):
    row = Assignment.objects.get(user=teacher)
    end_assignment(by=None, assignment=row, reason=EndReason.NO_LONGER_NEEDED)
    assert line_of(review, teacher).standing == Standing.GONE
    answer = say(coordinator, review, teacher, KEEP)
    assert list(answer.refused.values()) == ["This role has ended. Nothing is to be decided."]


@pytest.mark.rule("SEC-14")
def test_nobody_decides_the_own_line(review, coordinator):
    answer = say(coordinator, review, coordinator, KEEP)
    assert "your own access" in answer.refused[line_of(review, coordinator).pk]


def test_one_person_decides_one_half_of_a_line(mine, review, teacher, coordinator):
    assign(by=None, user=coordinator, role=Role.SPED_SUPERVISOR, district=mine)
    for _ in range(2):
        say(coordinator, review, teacher, KEEP)
    assert line_of(review, teacher).standing == Standing.WAITS_COORDINATOR


def test_the_state_stands_in_for_the_only_supervisor_and_the_only_coordinator(
    review, coordinator, supervisor
):
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    say(coordinator, review, supervisor, KEEP)
    say(state, review, supervisor, KEEP)
    say(supervisor, review, coordinator, KEEP)
    say(state, review, coordinator, KEEP)
    assert line_of(review, supervisor).standing == line_of(review, coordinator).standing == Standing.KEPT


@pytest.mark.rule("SEC-36")
def test_a_closed_review_is_read_only_for_everybody_and_everything(review, teacher, coordinator, supervisor):
    settle(review, coordinator, supervisor)
    close_review(by=coordinator, review=review)
    line = line_of(review, teacher)
    assert "closed" in why_not_decide(supervisor, line)
    for row in (line, Review.objects.get()):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()
    with pytest.raises(DatabaseError, match="review is closed"), transaction.atomic():
        ReviewLine.objects.create(review=review, assignment=assign(by=None, user=teacher, role=Role.ODR))


@pytest.mark.rule("SEC-36")
def test_closing_twice_says_who_closed_it(review, coordinator, supervisor):
    settle(review, coordinator, supervisor)
    close_review(by=coordinator, review=review)
    with pytest.raises(Stale, match=f"by {coordinator}"):
        close_review(by=coordinator, review=review)


def test_a_stale_tab_is_told_that_it_is_closed(review, teacher, coordinator, supervisor):
    settle(review, coordinator, supervisor)
    close_review(by=coordinator, review=review)
    with pytest.raises(Stale):
        say(supervisor, review, teacher, REMOVE)
    assert Assignment.objects.get(user=teacher).ended_at is None


@pytest.mark.rule("SEC-36")
def test_a_role_that_ends_later_does_not_change_what_a_closed_review_shows(
    review, teacher, coordinator, supervisor
):
    settle(review, coordinator, supervisor)
    close_review(by=coordinator, review=review)
    end_assignment(by=None, assignment=Assignment.objects.get(user=teacher), reason=EndReason.MISTAKE)
    assert line_of(review, teacher).standing == Standing.KEPT


@pytest.mark.rule("SEC-03")
def test_without_a_recorded_training_it_stays_open(review, coordinator, supervisor, monkeypatch):
    settle(review, coordinator, supervisor)
    monkeypatch.setattr("security.actions.review.training_recorded", lambda *_: False)
    with pytest.raises(RuleBroken, match="training"):
        close_review(by=coordinator, review=review)


@pytest.mark.rule("SEC-35")
@pytest.mark.parametrize("ends", [False, True])
def test_30_days_past_due_the_state_is_told_and_roles_end_only_where_chosen(mine, review, teacher, ends):
    AccessSettings.objects.create(district=mine, undecided_ends=ends)
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    assert look_at_overdue(TODAY + timedelta(days=30)) == 0
    for _ in range(2):
        assert look_at_overdue(TODAY + timedelta(days=31)) == 1
    assert Notice.objects.filter(user=state).count() == 1
    assert (Assignment.objects.get(user=teacher).ended_at is not None) is ends


@pytest.mark.rule("SEC-03")
def test_a_review_waits_for_the_training_of_the_school_year(mine, teacher, coordinator, supervisor):
    review = open_review(mine, TODAY)
    settle(review, coordinator, supervisor)
    with pytest.raises(RuleBroken, match="No local training"):
        close_review(by=coordinator, review=review)
    make.TrainingFactory(district=mine)
    close_review(by=coordinator, review=review)
    assert not Review.objects.get(pk=review.pk).is_open


@pytest.mark.rule("SEC-20")
def test_the_line_of_the_last_coordinator_is_refused_and_the_others_are_decided(
    review, teacher, coordinator, supervisor
):
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    lines = [line_of(review, user).pk for user in (coordinator, teacher)]
    answer = decide(by=state, review=review, decisions=dict.fromkeys(lines, REMOVE))
    assert answer.count == 1
    assert "last security coordinator" in answer.refused[lines[0]]
    assert line_of(review, coordinator).by_coordinator == ""
    assert line_of(review, teacher).standing == Standing.REMOVED


def test_only_who_grants_access_there_closes_it(review, supervisor):
    with pytest.raises(NotAllowed):
        close_review(by=supervisor, review=review)


@pytest.mark.rule("ROL-09")
def test_a_role_at_a_site_that_another_district_oversees_by_now_is_not_ended(mine, coordinator, supervisor):
    AccessSettings.objects.create(district=mine, undecided_ends=True)
    overseen = make.AffiliationFactory(district=mine)
    teacher = make.UserFactory(role=Role.READER, role__site=overseen.site)
    review = open_review(mine, TODAY)
    SiteAffiliation.objects.filter(pk=overseen.pk).update(last_day=TODAY - timedelta(days=1))
    make.AffiliationFactory(site=overseen.site, first_day=TODAY)
    for by in (supervisor, coordinator):
        assert "not in the care of Cypress Parish" in str(say(by, review, teacher, REMOVE).refused)
    look_at_overdue(TODAY + timedelta(days=31))
    assert Assignment.objects.get(user=teacher).ended_at is None
    for by in (supervisor, coordinator):
        say(by, review, teacher, KEEP)
    assert line_of(review, teacher).standing == Standing.KEPT
