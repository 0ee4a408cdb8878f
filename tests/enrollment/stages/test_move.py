"""A student changes the school within its district: out and in again as one deed."""

from datetime import date

import pytest

from enrollment.actions import move_to_school, transfer_to_nonpublic
from enrollment.models import Enrollment
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
SEP_8 = date(2026, 9, 8)
CODES = {"exit_code": "1963", "entry_code": "1880"}


def rows_of(enrollment):
    with scope.system():
        rows = Enrollment.objects.filter(student=enrollment.student_id).order_by("first_day")
        return [(row.site_id, row.exit_code, row.first_day, row.last_day) for row in rows]


def move(dc, enrollment, **said):
    with scope.of(dc.registrar):
        return move_to_school(
            by=dc.registrar, enrollment=enrollment, how_known="The family moved house.",
            **{"site": dc.other, "first_day": SEP_8, **CODES, **said},
        )  # fmt: skip


def test_no_day_lies_between_the_two_schools(dc, enrolled):
    row = enrolled(special=True)
    entered = move(dc, row)
    assert rows_of(row) == [
        (dc.school.pk, "1963", date(2026, 8, 10), date(2026, 9, 7)),
        (dc.other.pk, "", SEP_8, None),
    ]
    assert (entered.entry_code, entered.grade, entered.seds_state) == ("1880", "09", "ACTIVE")
    with scope.system():
        assert entered.student.jurisdictions.get().last_day is None


@pytest.mark.parametrize(
    ("said", "sentence", "field"),
    [
        ({"first_day": date(2026, 8, 10)}, "the move is later", "first_day"),
        ({"exit_code": "4321"}, "this student has attended", "exit_code"),
        ({"entry_code": "1811"}, "needs an exit with 2040", "entry_code"),
    ],
)
def test_what_a_rule_refuses_leaves_both_schools_as_they_were(dc, enrolled, said, sentence, field):
    row = enrolled()
    before = rows_of(row)
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        move(dc, row, **said)
    assert refusal.value.field == field
    assert rows_of(row) == before


def test_only_another_public_school_of_the_district_is_moved_to(dc, enrolled):
    academy = make.AffiliationFactory(district=dc.mine, site__state=dc.state).site
    row = enrolled()
    for site in (dc.school, dc.neighbour, academy):
        with pytest.raises(RuleBroken, match="no other public school"):
            move(dc, row, site=site)


@pytest.mark.parametrize("verb", [move_to_school, transfer_to_nonpublic])
def test_whoever_may_not_exit_hears_that_and_no_rule_about_the_child(dc, enrolled, verb):
    reader, row = make.UserFactory(role=Role.READER, role__district=dc.mine), enrolled()
    codes = CODES if verb is move_to_school else {}
    with scope.of(reader), pytest.raises(NotAllowed):
        verb(by=reader, enrollment=row, site=dc.school, first_day=SEP_8, how_known="x", **codes)


def test_the_page_moves_the_child(dc, enrolled, browse):
    row, client = enrolled(), browse(dc.registrar)
    at = f"/enrollments/{row.pk}/move/"
    assert at in client.get(f"/enrollments/{row.pk}/exit").content.decode()
    typed = {"site": dc.other.pk, "first_day": "9/8/2026", "how_known": "The family moved.", **CODES}
    refused = client.post(at, typed | {"exit_code": ""})
    assert "Choose the code that says why the student leaves." in refused.content.decode()
    assert client.post(at, typed).url == f"/students/{row.student_id}/"
    assert [site for site, *_ in rows_of(row)] == [dc.school.pk, dc.other.pk]
