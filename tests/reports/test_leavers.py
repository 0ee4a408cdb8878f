"""Indicator 14: who left school with an IEP in effect is asked; each number opens its leavers."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from organizations.rules.calendar import school_year_of
from reports.rules.post_school import Leaver, Left, leaver, parts
from security.rules.roles import Role
from tests import factories as make
from tests.reports.test_export import get, table

DAY = date(2026, 5, 20)
LEFT = {"day": DAY, "basis": "GHS", "has_iep": True}
LAST_YEAR = school_year_of(school_year_of(timezone.localdate()).first_day - timedelta(days=1))


@pytest.mark.parametrize(
    ("facts", "stands"),
    [
        ({}, Leaver.ASKED),
        ({"basis": "GRADALTDPL"}, Leaver.ASKED),
        ({"basis": "RC"}, Leaver.ASKED),
        ({"basis": "RMA"}, Leaver.ASKED),
        ({"basis": "DROPOUT"}, Leaver.ASKED),
        ({"iep_until": DAY}, Leaver.ASKED),
        ({"basis": "TRAN"}, Leaver.STILL_AT_SCHOOL),
        ({"basis": "MKC"}, Leaver.STILL_AT_SCHOOL),
        ({"basis": "D"}, Leaver.STILL_AT_SCHOOL),
        ({"basis": ""}, Leaver.NO_BASIS),
        ({"has_iep": False}, Leaver.NO_IEP),
        ({"iep_until": DAY - timedelta(days=1)}, Leaver.NO_IEP),
        ({"goes_on": True}, Leaver.GOES_ON),
        # What is not settled does not matter of who goes on, or had no IEP.
        ({"goes_on": True, "basis": "", "has_iep": False}, Leaver.GOES_ON),
        ({"has_iep": False, "basis": ""}, Leaver.NO_IEP),
    ],
)
def test_who_is_asked(facts, stands):
    assert leaver(Left(**LEFT | facts)) is stands


def test_they_are_asked_within_a_year():
    assert Left(**LEFT).asked_by == date(2027, 5, 20)


def test_each_part_has_all_that_the_one_before_has():
    first, second, third = (set(part.engaged) for part in parts())
    assert first < second < third


def left(district, name: str, reason: str, *, iep: bool = True, day: date = LAST_YEAR.last_day) -> None:
    child = make.StudentFactory(district=district, last_name=name, birth_date=date(2008, 3, 1))
    begun = day - timedelta(days=200)
    make.ActivityFactory(student=child, district=district, first_day=begun, last_day=day, exit_reason=reason)
    if iep:
        make.IepFactory(
            student=child, district=district, status="OFFICIAL", meeting_date=begun, first_day=begun,
            last_day=begun + timedelta(days=364),
        )  # fmt: skip


@pytest.fixture
def mine(db):
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def client(mine, browse):
    return browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))


def names(page) -> set[str]:
    return {row["student"].text.split(",")[0] for row in page.context["page"].rows}


def test_every_number_opens_so_many_leavers_of_the_year(mine, client):
    left(mine, "Abel", "X05")
    left(mine, "Bea", "X03")
    left(mine, "Cleo", "X04")
    left(mine, "Dora", "")
    left(mine, "Emil", "X05", iep=False)
    left(mine, "Fay", "X05", day=LAST_YEAR.first_day - timedelta(days=3))
    left(make.DistrictFactory(state=mine.state), "Gus", "X05")
    page = client.get("/indicators/14/")
    assert names(page) == {"Abel", "Bea", "Cleo", "Dora", "Emil"}
    assert "no share can be told" in page.content.decode()
    links = [(url, n) for n, _, _, url, _ in page.context["numbers"]]
    links += [(row["n"].url, row["n"].text) for row in page.context["bases"].rows]
    assert sum(n for _, n in links) == 5 + 4
    for url, n in links:
        assert len(names(client.get(f"/indicators/14/{url.removesuffix('#children')}"))) == n, url
    heads, *rows = table(get(client, "indicator-14", year=LAST_YEAR.label, stands="asked"))
    assert {row[0] for row in rows} == {"Abel", "Bea"}
    assert "Asked by" in heads
