"""Rosters look past row-level security and keep to the scope themselves: to what the policies would show."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from enrollment.models import Enrollment, SpecialEducationActivity
from enrollment.queries.rosters import Asked, Members, Roster, lines, student_ids
from security import scope
from security.rules.roles import Role
from security.scope import Scope
from tests import factories as make
from tests.students.test_merge import merged

DAY = date(2026, 9, 4)


@pytest.fixture
def children(dc, enrolled):
    """At a school, at another one, at a nonpublic site, one who moved away, and one who came from there."""
    academy = make.NonpublicSiteFactory(state=dc.state)
    left, came = enrolled(special=True), enrolled(special=True)
    make.JurisdictionFactory(
        student=came.student, district=dc.theirs, site=dc.neighbour, first_day=date(2018, 8, 20),
        last_day=date(2019, 6, 20),
    )  # fmt: skip
    for site in (dc.other, academy):
        child = make.StudentFactory(state=dc.state, district=dc.mine, district__site=site)
        make.EnrollmentFactory(student=child, district=dc.mine, site=site, first_day=date(2026, 8, 20))
        make.ActivityFactory(student=child, district=dc.mine, first_day=date(2026, 8, 20))
    with scope.system():
        left.student.jurisdictions.update(last_day=timezone.localdate() - timedelta(days=1))
    make.JurisdictionFactory(
        student=left.student, district=dc.theirs, site=dc.neighbour, first_day=timezone.localdate()
    )
    return academy


def scopes(dc, academy) -> list[Scope]:
    here, there = (dc.mine.pk,), (dc.theirs.pk,)
    return [
        Scope(district_ids=here),
        Scope(district_ids=here, rolled_up=False),
        Scope(district_ids=there),
        Scope(district_ids=here + there),
        *(Scope(site_ids=(site.pk,)) for site in (dc.school, dc.other, academy, dc.neighbour)),
        Scope(district_ids=there, site_ids=(dc.other.pk,)),
        scope.EVERYTHING,
        scope.NOTHING,
    ]


def shown(model, district) -> set[int]:
    return set(model.objects.filter(district=district).values_list("student", flat=True))


def test_a_roster_shows_each_reader_what_the_policies_show(dc, children):
    found = []
    for reader in scopes(dc, children):
        with transaction.atomic():
            scope.enter(reader)
            sled = student_ids(Asked(dc.mine.pk, DAY, timezone.now()))
            seds = student_ids(Asked(dc.mine.pk, DAY, timezone.now(), Roster.SPECIAL_EDUCATION))
            found.append(
                ((sled, seds), (shown(Enrollment, dc.mine), shown(SpecialEducationActivity, dc.mine)))
            )
    assert [ours for ours, _ in found] == [policies for _, policies in found]
    assert sorted({len(sled) for (sled, _), _ in found}) == [0, 1, 2, 3, 4]


def test_an_enrollment_stays_the_one_of_its_district(dc, enrolled):
    enrollment = enrolled()
    with pytest.raises(ProgrammingError, match="stays the one of its district"), scope.elevated():
        Enrollment.objects.filter(pk=enrollment.pk).update(district=dc.theirs)


def test_who_reaches_the_child_is_told_of_the_record_that_was_merged_into_it(dc, enrolled):
    """Both had the enrollment, so that of the merged record stayed with it: two on the roster."""
    same = {"last_name": "Fontenot", "birth_date": date(2012, 1, 1), "sex": "M"}
    kept, double = enrolled(**same).student, enrolled(**same).student
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.mine)
    asked = Asked(dc.mine.pk, DAY, timezone.now())
    merged(manager, kept, double)
    for reader in (scope.scope_of(manager), Scope(site_ids=(dc.school.pk,))):
        with transaction.atomic():
            scope.enter(reader)
            assert student_ids(asked) == {kept.pk, double.pk}
            assert {line[0] for line in lines(asked)} == {kept.pk}
            assert [row.student.pk for row in Members(asked, 2)] == [kept.pk, kept.pk]
    with scope.of(make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.theirs)):
        assert not student_ids(asked)
