"""Before the cut-over a district reaches its own schools; from then on all its children."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollment.access import sites_to_enter, why_not_enter
from organizations.models import SiteKind
from reports.access import export_scope
from reports.lists.every import every_list
from security import scope
from security.actions.assign import assign
from security.actions.support import approve_support_access, ask_for_support_access
from security.models import User
from security.rules.roles import Role
from security.scope import EVERYTHING, Scope, both, scope_of
from students.models import Student, StudentAccess
from students.queries import ANYBODY, RosterRows
from students.search import similar_and_born_on
from tests import factories as make

pytestmark = pytest.mark.django_db

CUT_OVER = datetime(2022, 9, 5, 5, tzinfo=UTC)  # midnight in Chicago
BEFORE, AFTER = CUT_OVER - timedelta(microseconds=1), CUT_OVER


@pytest.fixture
def mickey():
    """A school district that oversees a nonpublic school and a child care center."""
    return make.DistrictFactory(name="Mickey")


def manager_of(district):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=district)


def seen(user, at) -> set[Student]:
    """Through every door: the policies of the database, the literal ids, the list, and similar names."""
    reach = scope_of(user, at=at)
    with scope.elevated():
        scope.enter(reach)
        beneath = set(Student.objects.all())
        assert set(Student.objects.in_scope(reach)) == beneath
        assert set(RosterRows(reach, ANYBODY)[0:100]) == {c for c in beneath if is_current(c)}
        assert set(similar_and_born_on("Fontenot", date(2015, 3, 12), most=50)) == beneath
    return beneath


def is_current(child) -> bool:
    return StudentAccess.objects.filter(student=child, is_current=True).exists()


@pytest.mark.rule("ROL-02")
@pytest.mark.parametrize("kind", [SiteKind.NONPUBLIC, SiteKind.EARLY_CHILDHOOD])
def test_until_the_cut_over_a_district_role_does_not_reach_an_affiliated_site(mickey, kind):
    donald = make.AffiliationFactory(district=mickey, site__kind=kind).site
    there = make.StudentFactory(district=mickey, district__site=donald)
    own = make.StudentFactory(district=mickey, district__site=make.SiteFactory(district=mickey))
    nowhere = make.StudentFactory(district=mickey)
    assert seen(manager_of(mickey), BEFORE) == {own, nowhere}
    assert seen(manager_of(mickey), AFTER) == {own, nowhere, there}


@pytest.mark.rule("ROL-01")
def test_from_the_instant_on_no_grant_at_the_site_is_needed(mickey):
    donald = make.AffiliationFactory(district=mickey).site
    pupil = make.StudentFactory(district=mickey, district__site=donald)
    assert scope_of(manager_of(mickey), at=AFTER).site_ids == ()
    assert seen(manager_of(mickey), AFTER) == {pupil}


@pytest.mark.rule("ROL-01")
def test_a_state_without_a_cut_over_is_always_rolled_up():
    state = make.StateFactory(code="WI", profile="WI")
    assert scope_of(manager_of(make.DistrictFactory(state=state)), at=BEFORE).rolled_up


@pytest.mark.rule("ROL-02")
def test_support_reaches_no_further_than_the_district_that_let_it_in(mickey):
    donald = make.AffiliationFactory(district=mickey).site
    there = make.StudentFactory(district=mickey, district__site=donald)
    own = make.StudentFactory(district=mickey)
    sol = make.UserFactory(role=Role.SUPPORT)
    asked = ask_for_support_access(by=sol, district=mickey, hours=2, reason="The export stops.")
    approve_support_access(by=make.DesignationFactory(district=mickey).user, grant=asked)
    sol = User.objects.get(pk=sol.pk)
    assert seen(sol, BEFORE) == {own}
    assert seen(sol, AFTER) == {own, there}


@pytest.mark.rule("ROL-02")
def test_until_the_cut_over_a_file_holds_no_child_that_no_page_shows(mickey, monkeypatch):
    user = manager_of(mickey)
    assert export_scope(user, every_list()["students"]).rolled_up
    monkeypatch.setattr("security.scope.is_rolled_up", lambda *_: False)
    assert not export_scope(user, every_list()["students"]).rolled_up
    assert not both(EVERYTHING, both(scope_of(user), Scope())).rolled_up


@pytest.mark.rule("ROL-02")
def test_until_the_cut_over_a_role_at_the_site_itself_reaches_its_children(mickey):
    donald = make.AffiliationFactory(district=mickey).site
    pupil = make.StudentFactory(district=mickey, district__site=donald)
    user = manager_of(mickey)
    assign(by=None, user=user, role=Role.DATA_MANAGER, site=donald, first_day=date(2022, 8, 1))
    assert seen(user, BEFORE) == {pupil}


@pytest.mark.rule("ROL-02")
def test_an_earlier_district_too_waits_for_the_cut_over(mickey):
    donald = make.AffiliationFactory(district=mickey).site
    child = make.StudentFactory(district=mickey, district__site=donald, district__last_day=date(2024, 1, 1))
    assert seen(manager_of(mickey), BEFORE) == set()
    assert seen(manager_of(mickey), AFTER) == {child}


@pytest.mark.rule("ROL-02")
def test_until_the_cut_over_nobody_of_the_district_enters_a_child_there(mickey, monkeypatch):
    donald = make.AffiliationFactory(district=mickey).site
    user = manager_of(mickey)
    assert why_not_enter(user, mickey, donald) is None
    assert donald in sites_to_enter(user, date(2026, 9, 1))
    monkeypatch.setattr("security.scope.is_rolled_up", lambda *_: False)
    assert "a role at" in why_not_enter(user, mickey, donald)
    assert donald not in sites_to_enter(user, date(2026, 9, 1))


@pytest.mark.rule("ROL-09")
def test_a_site_that_moves_takes_no_child_of_the_old_overseer_along(mickey):
    goofy = make.DistrictFactory(name="Goofy")
    moved = make.AffiliationFactory(district=mickey, last_day=date(2025, 6, 30)).site
    make.AffiliationFactory(site=moved, district=goofy, first_day=date(2025, 7, 1))
    stays = make.StudentFactory(district=mickey, district__site=moved)
    theirs = make.StudentFactory(district=goofy, district__site=moved)
    assert seen(manager_of(mickey), AFTER) == {stays}
    assert seen(manager_of(goofy), AFTER) == {theirs}
    assert moved in sites_to_enter(manager_of(mickey), date(2025, 6, 30))
    assert moved not in sites_to_enter(manager_of(mickey), date(2025, 7, 1))


@pytest.mark.rule("ROL-10")
def test_overseeing_a_site_shows_no_child_of_another_district(mickey):
    donald = make.AffiliationFactory(district=mickey).site
    make.StudentFactory(district=make.DistrictFactory(), district__site=donald)
    assert seen(manager_of(mickey), AFTER) == set()


@pytest.mark.rule("ROL-11")
def test_a_role_at_one_public_school_gains_nothing(mickey):
    school = make.SiteFactory(district=mickey)
    pupil = make.StudentFactory(district=mickey, district__site=school)
    make.StudentFactory(district=mickey, district__site=make.AffiliationFactory(district=mickey).site)
    user = make.UserFactory(role=Role.READER, role__site=school)
    assert seen(user, BEFORE) == seen(user, AFTER) == {pupil}


def test_a_site_that_becomes_public_takes_its_children_along(mickey):
    academy = make.AffiliationFactory(district=mickey).site
    child = make.StudentFactory(district=mickey, district__site=academy)
    academy.kind, academy.district = SiteKind.PUBLIC, mickey
    academy.save()
    assert seen(manager_of(mickey), BEFORE) == {child}


places = st.lists(st.integers(0, 5), max_size=4)
children = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 5)), max_size=6)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=places, children=children)
def test_reach_equals_a_naive_reading_before_and_after(db, grants, children):
    """Places 0 and 1 are districts, 2 and 3 their schools, 4 and 5 academies; site 1 stands for none."""
    districts = [make.DistrictFactory(), make.DistrictFactory()]
    sites = {n: make.SiteFactory(district=districts[n - 2]) for n in (2, 3)}
    sites |= {n: make.AffiliationFactory(district=districts[n - 4]).site for n in (4, 5)}
    user = make.UserFactory()
    for place in set(grants):
        where = {"district": districts[place]} if place < 2 else {"site": sites[place]}
        assign(by=None, user=user, role=Role.READER, first_day=date(2020, 7, 1), **where)
    made = [
        (make.StudentFactory(district=districts[d], district__site=sites.get(s)), d, s) for d, s in children
    ]
    after = {child for child, d, s in made if d in grants or (s > 1 and s in grants)}
    apart = {child for child, d, s in made if s > 3 and s not in grants}
    assert seen(user, AFTER) == after
    assert seen(user, BEFORE) == after - apart
