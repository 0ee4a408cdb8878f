"""Guardian's grants are exactly what the assignments in force say, whatever was given and ended before."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from security import scope
from security.access import holds, why_not
from security.actions.assign import assign, end_assignment, follow, given_by
from security.actions.duties import change_duties, confirm_role
from security.actions.notices import tell
from security.actions.review import decide, open_review
from security.held_now import roles_now
from security.holdings import holdings_of
from security.models import Absence, Assignment, DistrictGrant, EndReason, SiteGrant
from security.refusals import NotAllowed
from security.rules.reviews import Decision
from security.rules.roles import GOVERNS_ACCESS, Permission, Role, permissions_of
from security.scope import EVERYTHING, NOTHING, scope_of
from tests.factories import AffiliationFactory, DistrictFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 17)


def test_a_district_role_reaches_its_district():
    district = DistrictFactory()
    assert scope_of(UserFactory(role=Role.DATA_MANAGER, role__district=district)).district_ids == (
        district.pk,
    )


@pytest.mark.rule("ROL-11")
def test_a_role_at_a_site_reaches_the_site_only():
    site = SiteFactory()
    scope = scope_of(UserFactory(role=Role.READER, role__site=site))
    assert (scope.district_ids, scope.site_ids) == ((), (site.pk,))


def test_a_statewide_role_reaches_everything():
    assert scope_of(UserFactory(role=Role.SEA_ADMINISTRATOR)) == EVERYTHING


def test_a_security_coordinator_sees_no_student():
    user = UserFactory(role=Role.SECURITY_COORDINATOR, role__district=DistrictFactory())
    assert scope_of(user).is_empty


def test_a_disabled_person_reaches_nothing():
    user = UserFactory(role=Role.DATA_MANAGER, role__district=DistrictFactory(), is_active=False)
    assert scope_of(user) == NOTHING


@pytest.mark.rule("SEC-15")
def test_iep_forms_is_a_grant_of_its_own():
    district = DistrictFactory()
    without = UserFactory(role=Role.IEP_AUTHOR, role__district=district, role__iep_forms=False)
    with_it = UserFactory(role=Role.IEP_AUTHOR, role__district=district, role__iep_forms=True)
    assert not holds(without, Permission.WRITE_IEP, district)
    assert holds(with_it, Permission.WRITE_IEP, district)


@pytest.mark.rule("SEC-44")
def test_an_ended_role_is_kept_with_its_reason_and_grants_nothing():
    user, district = UserFactory(), DistrictFactory()
    assignment = assign(
        by=None, user=user, role=Role.DATA_MANAGER, district=district, first_day=date(2020, 7, 1)
    )
    end_assignment(
        by=None, assignment=assignment, reason=EndReason.EMPLOYMENT_ENDED, note="told by the school"
    )
    assignment.refresh_from_db()
    assert (assignment.end_reason, assignment.end_note) == ("EMPLOYMENT_ENDED", "told by the school")
    assert scope_of(user).is_empty


@pytest.mark.parametrize("permission", sorted(GOVERNS_ACCESS))
def test_a_role_at_one_school_governs_no_access_of_its_district(permission):
    school = SiteFactory()
    user = UserFactory()
    for role in (Role.SPED_SUPERVISOR, Role.SECURITY_COORDINATOR, Role.SUPERINTENDENT):
        assign(by=None, user=user, role=role, site=school)
    assert holds(user, Permission.VIEW_STUDENTS, school.district)
    assert not holds(user, permission, school.district)


def test_a_supervisor_of_one_school_decides_nothing_for_the_district():
    school, reader = SiteFactory(), UserFactory()
    assign(by=None, user=reader, role=Role.READER, district=school.district)
    user = UserFactory(role=Role.SPED_SUPERVISOR, role__site=school)
    review = open_review(school.district, TODAY)
    line = review.lines.get(assignment__user=reader)
    assert line.pk in decide(by=user, review=review, decisions={line.pk: Decision.KEEP}).refused
    with pytest.raises(NotAllowed, match="can record a change in duties"):
        change_duties(by=user, user=reader, district=school.district, note="moved")
    coordinator = UserFactory(role=Role.SECURITY_COORDINATOR, role__district=school.district)
    changed = change_duties(by=coordinator, user=reader, district=school.district, note="moved")[0]
    with pytest.raises(NotAllowed, match="can confirm this role"):
        confirm_role(by=user, justification=changed)


def test_a_refusal_says_who_can():
    district = DistrictFactory(name="Cypress Parish")
    reader = UserFactory(role=Role.READER, role__district=district)
    sentence = why_not(reader, Permission.REFER, district, "refer a student")
    assert sentence == (
        "Only a special education supervisor or an evaluation coordinator"
        " of Cypress Parish can refer a student."
    )


steps = st.lists(
    st.tuples(
        st.sampled_from([Role.DATA_MANAGER, Role.READER, Role.EVALUATION_COORDINATOR, Role.IEP_AUTHOR]),
        st.integers(0, 3),
        st.booleans(),
        st.integers(-20, 20),
        st.one_of(st.none(), st.integers(0, 20)),
    ),
    max_size=6,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_grants_equal_a_naive_reading_of_the_assignments(db, steps):
    user = UserFactory()
    districts = [DistrictFactory(), DistrictFactory()]
    sites = [SiteFactory(district=districts[0]), SiteFactory(district=districts[1])]
    Assignment.objects.bulk_create(
        Assignment(
            user=user,
            role=role,
            district=districts[place] if place < 2 else None,
            site=sites[place - 2] if place >= 2 else None,
            iep_forms=forms,
            first_day=TODAY + timedelta(days=start),
            last_day=None if length is None else TODAY + timedelta(days=start + length),
        )
        for role, place, forms, start, length in steps
    )
    follow(user, on=TODAY)
    in_force = [
        row
        for row in Assignment.objects.filter(user=user)
        if row.first_day <= TODAY and (row.last_day is None or row.last_day >= TODAY)
    ]
    at_districts = {(a.district_id, p) for a in in_force if a.district_id for p in given_by(a)}
    at_sites = {(a.site_id, p) for a in in_force if a.site_id for p in given_by(a)}
    assert granted(DistrictGrant, user) == at_districts
    assert granted(SiteGrant, user) == at_sites


def granted(model, user) -> set[tuple[int, str]]:
    return set(model.objects.filter(user=user).values_list("content_object", "permission__codename"))


def test_writing_an_iep_is_the_only_thing_that_iep_forms_adds():
    row = Assignment(role=Role.IEP_AUTHOR, iep_forms=False)
    assert permissions_of(Role.IEP_AUTHOR) - given_by(row) == {Permission.WRITE_IEP}


def test_the_roles_of_a_request_are_those_in_force():
    """Written out for speed, the statement finds what the queryset finds, with the same places."""
    district = DistrictFactory()
    site = SiteFactory(district=district)
    user = UserFactory(role=Role.DATA_MANAGER, role__district=district)
    for day, place in ((date(2021, 7, 1), {"site": site}), (date(2022, 7, 1), {}), (date(2999, 7, 1), {})):
        assign(by=None, user=user, role=Role.READER, first_day=day, **place)
    over = assign(by=None, user=user, role=Role.ODR, district=district, first_day=date(2020, 7, 1))
    end_assignment(by=None, assignment=over, reason=EndReason.MISTAKE)
    in_force = Assignment.objects.in_force().filter(user=user).order_by("first_day", "pk")
    assert [vars(row) | {"_state": None} for row in in_force] == [
        {name: vars(row)[name] for name in vars(in_force[0])} | {"_state": None} for row in roles_now(user.pk)
    ]
    assert [row.place for row in roles_now(user.pk)] == [row.place for row in in_force]
    assert len(in_force) == 3


def test_the_roles_of_somebody_suspended_count_neither_at_the_district_nor_at_sites_in_its_care():
    district, other = DistrictFactory(), DistrictFactory()
    user = UserFactory(role=Role.DATA_MANAGER, role__district=district)
    for site in (SiteFactory(district=district), AffiliationFactory(district=district).site):
        assign(by=None, user=user, role=Role.READER, site=site)
    kept = assign(by=None, user=user, role=Role.READER, district=other)
    day = date(2026, 9, 1)
    Absence.objects.create(
        user=user, district=district, first_missed_on=day, last_missed_on=day, suspended_at=timezone.now()
    )
    assert roles_now(user.pk) == (kept,) == tuple(Assignment.objects.in_force().filter(user=user))


def test_a_scope_that_changed_since_it_was_last_entered_is_the_new_one():
    """The statement that asks for it sets the last one along: a guess that must never count."""
    user = UserFactory(role=Role.DATA_MANAGER, role__district=DistrictFactory())
    scope.enter_as(user)
    end_assignment(by=None, assignment=user.assignments.get(), reason=EndReason.MISTAKE)
    scope.enter_as(user)
    assert scope.current() == scope.NOTHING


def test_settings_beside_the_scope_are_set_whether_it_changed_or_not():
    user = UserFactory(role=Role.DATA_MANAGER, role__district=DistrictFactory())
    assert [_set_along(user, words) for words in ("first", "second")] == ["first", "second"]


def _set_along(user, words: str) -> str:
    scope.enter_as(user, {"eser.told": words})
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('eser.told')")
        return cursor.fetchone()[0]


def test_nobody_is_ever_deleted():
    user = UserFactory()
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        connection.cursor().execute("DELETE FROM security_user WHERE id = %s", [user.pk])


def test_who_has_no_role_in_force_still_has_notices():
    user = UserFactory()
    tell([user], "Something happened.", key="happened", address="/")
    assert (holdings_of(user).assignments, holdings_of(user).unread) == ((), 1)
