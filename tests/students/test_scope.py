"""Nobody outside the district sees a child: row-level security beneath, literal ids above."""

from datetime import date

import pytest
from django.db import connection

from security import scope
from security.rules.roles import Role
from students.models import Contact, Jurisdiction, Student, StudentAccess
from tests import factories as make
from tests.conftest import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory()


@pytest.fixture
def theirs():
    return make.DistrictFactory()


def manager_of(district):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=district)


def test_without_a_scope_no_child_is_there(mine):
    make.StudentFactory(district=mine)
    scope.enter(scope.NOTHING)
    assert not Student.objects.exists()
    assert not StudentAccess.objects.exists()


def test_a_forgotten_filter_shows_only_the_own_district(mine, theirs):
    my_child = make.StudentFactory(district=mine)
    make.StudentFactory(district=theirs)
    with scope.of(manager_of(mine)):
        assert list(Student.objects.all()) == [my_child]


def test_the_system_sees_every_child(mine, theirs):
    make.StudentFactory(district=mine)
    make.StudentFactory(district=theirs)
    with scope.system():
        assert Student.objects.count() == 2


@pytest.mark.parametrize("role", [Role.DATA_MANAGER, Role.SEA_ADMINISTRATOR])
def test_one_child_fetched_is_the_child_with_its_state(mine, role):
    child = make.StudentFactory(district=mine, first_name="Zoë")
    user = make.UserFactory(role=role, role__district=mine if role == Role.DATA_MANAGER else None)
    with scope.of(user):
        fetched = Student.objects.one_visible_to(user, child.pk)
        known = Student.objects.select_related("state").get(pk=child.pk)
        assert vars(fetched) | {"_state": None} == vars(known) | {"_state": None}
        assert fetched.state == known.state


def test_one_child_fetched_by_a_stranger_is_none_with_and_without_row_level_security(mine, theirs):
    child = make.StudentFactory(district=theirs)
    user = manager_of(mine)
    with scope.of(user):
        assert Student.objects.one_visible_to(user, child.pk) is None
    with scope.system():
        assert Student.objects.one_visible_to(user, child.pk) is None


@pytest.mark.rule("ROL-10")
def test_at_a_shared_nonpublic_site_a_district_sees_exactly_its_own_children(mine, theirs):
    academy = make.AffiliationFactory(district=mine).site
    my_child = make.StudentFactory(district=mine, district__site=academy)
    make.StudentFactory(district=theirs, district__site=academy)
    user = manager_of(mine)
    with scope.of(user):
        assert list(Student.objects.visible_to(user)) == [my_child]


def test_an_earlier_district_keeps_the_child_and_the_records_of_its_time_only(mine, theirs):
    child = make.StudentFactory(district=mine, district__last_day=date(2025, 6, 30))
    make.JurisdictionFactory(student=child, district=theirs, first_day=date(2025, 7, 1))
    make.ContactFactory(student=child)
    with scope.of(manager_of(mine)):
        assert Student.objects.filter(pk=child.pk).exists()
        assert [row.district for row in Jurisdiction.objects.all()] == [mine]
        assert not Contact.objects.exists()
    with scope.of(manager_of(theirs)):
        assert Jurisdiction.objects.count() == 2
        assert Contact.objects.count() == 1


def test_a_site_role_sees_the_children_of_its_site(mine):
    school, other = make.SiteFactory(district=mine), make.SiteFactory(district=mine)
    pupil = make.StudentFactory(district=mine, district__site=school)
    make.StudentFactory(district=mine, district__site=other)
    user = make.UserFactory(role=Role.IEP_AUTHOR, role__site=school)
    with scope.of(user):
        assert list(Student.objects.all()) == [pupil]


def test_the_application_cannot_write_a_child_into_another_district(mine, theirs):
    child = make.StudentFactory(district=theirs)
    with pytest.raises(Exception, match="row-level security"), scope.of(manager_of(mine)):
        Jurisdiction.objects.create(student=child, district=mine, first_day=date(2026, 1, 1))


def test_a_renamed_child_is_found_under_the_new_name(mine):
    child = make.StudentFactory(district=mine)
    with scope.system():
        Student.objects.filter(pk=child.pk).update(last_name="Amédée-O’Neil")
        assert StudentAccess.objects.get(student=child).sort_name.startswith("amedee oneil")


def test_the_applications_role_does_not_own_its_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolbypassrls, rolsuper, pg_has_role(current_user, tableowner, 'member')"
            " FROM pg_roles, pg_tables WHERE rolname = current_user AND tablename = 'students_student'"
        )
        user, bypasses, is_super, owns = cursor.fetchone()
    assert (bypasses, is_super, owns) == (False, False, False)


def test_a_verb_within_a_verb_sees_every_child_without_asking_again(mine):
    make.StudentFactory(district=mine)
    with scope.system(), asked() as statements, scope.elevated():
        assert Student.objects.count() == 1
    assert [sent for sent in statements if "eser.scope" in sent] == []


def test_a_persons_scope_within_the_systems_is_theirs_until_a_verb_looks_further(mine, theirs):
    make.StudentFactory(district=mine)
    with scope.system(), scope.of(manager_of(theirs)):
        assert not Student.objects.exists()
        with scope.elevated():
            assert Student.objects.exists()
        assert not Student.objects.exists()
