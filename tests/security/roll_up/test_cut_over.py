"""The cut-over ends what has become superfluous, keeps what is needed, and never takes a child from sight."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.models import Job, JobState
from journal.models import Entry
from security import scope
from security.actions.assign import assign
from security.actions.orphans import report_orphans
from security.models import Assignment, Notice, User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from security.rules.roll_up import DirectGrant, Outcome, outcome_of
from security.scope import scope_of
from students.actions.cut_over import cut_over, order_cut_over
from students.cut_over import plan_of
from students.models import Student
from students.tasks import run_cut_over
from tests import factories as make

pytestmark = pytest.mark.django_db

CUT_OVER = datetime(2022, 9, 5, 5, tzinfo=UTC)  # midnight in Chicago
SAME_DAY = CUT_OVER + timedelta(hours=9)
AUGUST = date(2022, 8, 1)


@pytest.fixture
def mickey():
    return make.DistrictFactory(name="Mickey")


@pytest.fixture
def donald(mickey):
    return make.AffiliationFactory(district=mickey, site__name="Donald").site


@pytest.fixture
def state_person():
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR)


def with_direct(user, site, role=Role.DATA_MANAGER) -> Assignment:
    return assign(by=None, user=user, role=role, site=site, first_day=AUGUST)


def run(by, at=SAME_DAY):
    return cut_over(by=by, state=make.StateFactory(), at=at)


@pytest.mark.parametrize(
    ("gives", "at_overseer", "not_reached", "outcome"),
    [
        pytest.param({"view"}, {"view", "edit"}, 0, Outcome.REVOKE, marks=pytest.mark.rule("ROL-06")),
        pytest.param({"view"}, None, 0, Outcome.NATIVE, marks=pytest.mark.rule("ROL-07")),
        pytest.param({"view"}, None, 3, Outcome.NATIVE, marks=pytest.mark.rule("ROL-07")),
        pytest.param({"view", "edit"}, {"view"}, 0, Outcome.LESS, marks=pytest.mark.rule("ROL-06")),
        pytest.param({"view"}, {"view"}, 1, Outcome.OTHERS, marks=pytest.mark.rule("ROL-06")),
    ],
)
def test_a_direct_role_ends_only_where_nothing_is_lost(gives, at_overseer, not_reached, outcome):
    there = None if at_overseer is None else frozenset(at_overseer)
    assert outcome_of(DirectGrant(frozenset(gives), there, not_reached)) == outcome


@pytest.mark.rule("ROL-06")
def test_the_direct_role_of_a_district_person_ends_and_the_district_role_stays(mickey, donald, state_person):
    pupil = make.StudentFactory(district=mickey, district__site=donald)
    user = make.UserFactory(role=Role.DATA_MANAGER, role__district=mickey)
    direct = with_direct(user, donald)
    run(state_person)
    direct.refresh_from_db()
    assert (direct.end_reason, direct.ended_by, direct.ended_at) == (
        "TRANSITION_ROLLUP", state_person, SAME_DAY,
    )  # fmt: skip
    assert [a.district for a in Assignment.objects.in_force().filter(user=user)] == [mickey]
    with scope.of(User.objects.get(pk=user.pk)):
        assert list(Student.objects.all()) == [pupil]


@pytest.mark.rule("ROL-07")
def test_staff_of_the_site_itself_keep_their_role_and_are_listed(mickey, donald, state_person):
    coordinator = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mickey)
    native = with_direct(make.UserFactory(), donald)
    run(state_person)
    native.refresh_from_db()
    assert native.ended_at is None
    assert [line.outcome for line in plan_of(donald.state, SAME_DAY).kept] == [Outcome.NATIVE]
    assert set(Notice.objects.values_list("user", flat=True)) == {coordinator.pk, state_person.pk}


@pytest.mark.rule("ROL-06")
def test_a_direct_role_that_gives_more_than_the_districts_stays(mickey, donald, state_person):
    user = make.UserFactory(role=Role.READER, role__district=mickey)
    more = with_direct(user, donald, Role.DATA_MANAGER)
    run(state_person)
    more.refresh_from_db()
    assert more.ended_at is None
    why = plan_of(donald.state, SAME_DAY).kept[0].why
    assert "does not give: " in why
    assert "edit students" in why


@pytest.mark.rule("ROL-06")
def test_a_direct_role_that_reaches_another_districts_child_stays(mickey, donald, state_person):
    make.StudentFactory(district=make.DistrictFactory(), district__site=donald)
    user = make.UserFactory(role=Role.DATA_MANAGER, role__district=mickey)
    kept = with_direct(user, donald)
    run(state_person)
    kept.refresh_from_db()
    assert kept.ended_at is None
    assert plan_of(donald.state, SAME_DAY).kept[0].why == "Another district answers for 1 child there."


@pytest.mark.rule("ROL-08")
def test_a_second_run_changes_nothing(mickey, donald, state_person):
    user = make.UserFactory(role=Role.DATA_MANAGER, role__district=mickey)
    with_direct(user, donald)
    with_direct(make.UserFactory(), donald)
    first = run(state_person)
    before = list(Assignment.objects.order_by("pk").values()), Notice.objects.count()
    second = run(state_person, SAME_DAY + timedelta(hours=1))
    assert (first.revoked, second.revoked) == (1, 0)
    assert (list(Assignment.objects.order_by("pk").values()), Notice.objects.count()) == before


def test_before_the_cut_over_it_can_be_looked_at_but_not_run(mickey, donald, state_person):
    with_direct(make.UserFactory(role=Role.DATA_MANAGER, role__district=mickey), donald)
    early = CUT_OVER - timedelta(seconds=1)
    assert len(plan_of(donald.state, early).ending) == 1
    with pytest.raises(RuleBroken, match="Sep 5, 2022"):
        run(state_person, early)
    assert not Assignment.objects.exclude(ended_at=None).exists()


def test_only_the_state_runs_it(mickey, donald):
    coordinator = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mickey)
    with pytest.raises(NotAllowed, match="state administrator"):
        run(coordinator)


def test_what_is_run_is_what_was_looked_at(mickey, donald, state_person):
    with_direct(make.UserFactory(role=Role.DATA_MANAGER, role__district=mickey), donald)
    key = plan_of(donald.state, SAME_DAY).key
    with_direct(make.UserFactory(role=Role.DATA_MANAGER, role__district=mickey), donald)
    with pytest.raises(Stale):
        order_cut_over(by=state_person, state=donald.state, key=key)


def test_the_worker_says_what_became_of_it(mickey, donald, state_person):
    with_direct(make.UserFactory(role=Role.DATA_MANAGER, role__district=mickey), donald)
    key = plan_of(donald.state, SAME_DAY).key
    job = order_cut_over(by=state_person, state=donald.state, key=key)
    run_cut_over(job.pk)
    run_cut_over(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1)
    assert job.sentence == "1 direct role ended, 0 stay. Nobody reaches fewer children."
    assert Entry.objects.filter(kind="CUT_OVER").count() == 1


def test_a_coordinator_sees_the_own_part_only(mickey, donald, browse):
    elsewhere = make.AffiliationFactory(site__name="Elsewhere Academy").site
    with_direct(make.UserFactory(last_name="Native"), donald)
    with_direct(make.UserFactory(last_name="Stranger"), elsewhere)
    coordinator = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mickey)
    page = browse(coordinator).get(reverse("students:cut_over")).content.decode()
    assert "Native" in page
    assert "Stranger" not in page
    assert "Run the cut-over" not in page


@pytest.mark.rule("ROL-12")
def test_a_site_without_overseer_is_reported_once_and_nobody_reaches_it_as_a_site(mickey, state_person):
    lost = make.AffiliationFactory(
        district=mickey, site__name="Lost Academy", last_day=date(2025, 6, 30)
    ).site
    make.StudentFactory(district=make.DistrictFactory(), district__site=lost)
    assert (report_orphans(), report_orphans()) == (1, 1)
    assert "Lost Academy" in Notice.objects.get(user=state_person).words
    user = make.UserFactory(role=Role.DATA_MANAGER, role__district=mickey)
    with scope.of(user):
        assert not Student.objects.exists()


roles = st.sampled_from([Role.READER, Role.DATA_MANAGER, Role.SPED_SUPERVISOR, Role.SECURITY_COORDINATOR])
held = st.lists(st.tuples(roles, st.integers(0, 3)), max_size=5)
pupils = st.lists(st.tuples(st.integers(0, 1), st.integers(2, 3)), max_size=5)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=held, pupils=pupils)
def test_no_cut_over_ever_takes_a_child_from_sight(db, held, pupils):
    """Places 0 and 1 are districts, 2 and 3 academies overseen by them."""
    districts = [make.DistrictFactory(), make.DistrictFactory()]
    sites = {n: make.AffiliationFactory(district=districts[n - 2]).site for n in (2, 3)}
    user = make.UserFactory()
    for role, place in held:
        where = {"district": districts[place]} if place < 2 else {"site": sites[place]}
        assign(by=None, user=user, role=role, first_day=AUGUST, **where)
    for district, site in pupils:
        make.StudentFactory(district=districts[district], district__site=sites[site])
    before = reach(user)
    run(make.UserFactory(role=Role.SEA_ADMINISTRATOR))
    assert reach(user) >= before


def reach(user) -> set[int]:
    fresh = scope_of(User.objects.get(pk=user.pk), at=SAME_DAY)
    with scope.elevated():
        scope.enter(fresh)
        return set(Student.objects.values_list("pk", flat=True))
