"""What every page and save of an IEP asks is written out, and answers as the querysets do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ieps.models import CheckOut, Iep, IepStatus
from ieps.models.iep import OWN
from ieps.presence import room
from ieps.texts import text_held
from security import scope
from security.rules.roles import Role
from students.access import responsible_today
from students.models import Jurisdiction
from tests.factories import (
    DistrictFactory,
    EvaluationFactory,
    IepFactory,
    JurisdictionFactory,
    SectionTextFactory,
    UserFactory,
)

HELD = """SELECT count(*) FROM pg_locks
    WHERE relation = 'ieps_sectiontext'::regclass AND mode = 'RowShareLock' AND pid = pg_backend_pid()"""
TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def agreed(draft, child, parish, dana):
    """Official, amends another one, and has been replaced by one of the district that answers since today."""
    there = DistrictFactory(state=parish.state)
    with scope.system():
        child.jurisdictions.update(last_day=YESTERDAY)
    JurisdictionFactory(student=child, district=there, first_day=TODAY)
    newer = IepFactory(student=child, district=there)
    return IepFactory(
        student=child, district=parish, author=dana, amends=draft, status=IepStatus.OFFICIAL,
        evaluation=EvaluationFactory(student=child, district=parish), added_sections=["ESY"],
        replaced_by=newer, replaced_from=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.IEP_AUTHOR, Role.SEA_ADMINISTRATOR])
def test_one_iep_is_what_the_queryset_gives_with_what_belongs_to_it(agreed, parish, role):
    reader = UserFactory(role=role, role__district=None if role == Role.SEA_ADMINISTRATOR else parish)
    with scope.of(reader):
        rows = Iep.objects.visible_to(reader).select_related(*OWN, "student__state")
        ours, theirs = Iep.objects.one_visible_to(reader, agreed.pk), rows.get(pk=agreed.pk)
    ours_has, theirs_has = (
        {name: getattr(iep, name) for name in (*OWN, *_columns())} for iep in (ours, theirs)
    )
    assert (ours_has, ours.student.state) == (theirs_has, theirs.student.state)


def _columns() -> list[str]:
    return [field.attname for field in Iep._meta.concrete_fields]


def test_what_the_reader_may_not_see_keeps_its_key(agreed, dana):
    with scope.of(dana):
        found = Iep.objects.one_visible_to(dana, agreed.pk)
    assert (found.replaced_by, found.replaced_by_id) == (None, agreed.replaced_by_id)


def test_an_iep_elsewhere_is_not_found_and_has_nobody_in_it(draft, kofi):
    stranger = UserFactory(role=Role.IEP_AUTHOR, role__district=DistrictFactory())
    with scope.system():
        assert (Iep.objects.one_visible_to(stranger, draft.pk), room(stranger, draft.pk)) == (None, None)
        assert room(kofi, draft.pk).held == []


def test_only_what_is_held_now_is_told(draft, kofi, dana):
    soon, long_ago = timezone.now() + timedelta(minutes=5), timezone.now() - timedelta(days=1)
    with scope.system():
        CheckOut.objects.create(iep=draft, section="GSI", by=dana, until=soon)
        CheckOut.objects.create(iep=draft, section="PLC", by=dana, taken_at=long_ago, until=long_ago)
        CheckOut.objects.create(
            iep=draft, section="SITE", by=dana, until=soon, ended_at=soon, end="GIVEN_BACK"
        )
    with scope.of(kofi):
        found = room(kofi, draft.pk)
    assert [(held.section, held.name, held.by_id) for held in found.held] == [("GSI", "Dana Mouton", dana.pk)]


@pytest.mark.parametrize("day", [YESTERDAY, TODAY, TODAY + timedelta(days=1)])
def test_who_answers_is_who_answers_on_the_day(agreed, child, day, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    with scope.system():
        expected = Jurisdiction.objects.on(day).get(student=child).district
        with django_assert_num_queries(1):
            assert responsible_today(child) == expected


def test_a_text_that_is_saved_over_is_held_meanwhile(draft, dana):
    stored = SectionTextFactory(iep=draft, saved_by=dana)
    with scope.of(dana), connection.cursor() as cursor:
        cursor.execute(HELD)
        before = cursor.fetchone()
        found = text_held(draft, "GSI", stored.field)
        cursor.execute(HELD)
        assert (before, cursor.fetchone(), found.saved_by) == ((0,), (1,), dana)
