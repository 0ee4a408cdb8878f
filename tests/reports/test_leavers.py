"""Indicator 14: who left school with an IEP in effect is asked; each number opens its leavers."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from organizations.rules.calendar import school_year_of
from reports.figures.record_outcome import record_outcome
from reports.models import PostSchoolOutcome
from reports.rules.post_school import Leaver, Left, Outcome, leaver, parts, shares
from security import scope
from security.actions.assign import assign
from security.refusals import NotAllowed
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


def test_who_gave_no_answer_is_in_no_denominator():
    said = [Outcome.HIGHER, Outcome.TRAINING, Outcome.NONE, Outcome.NO_ANSWER]
    assert [str(share) for _, share in shares(said)] == ["33.3 %", "33.3 %", "66.7 %"]


def left(district, name: str, reason: str, *, iep: bool = True, day: date = LAST_YEAR.last_day):
    child = make.StudentFactory(district=district, last_name=name, birth_date=date(2008, 3, 1))
    begun = day - timedelta(days=200)
    ended = make.ActivityFactory(
        student=child, district=district, first_day=begun, last_day=day, exit_reason=reason
    )
    if iep:
        make.IepFactory(
            student=child, district=district, status="OFFICIAL", meeting_date=begun, first_day=begun,
            last_day=begun + timedelta(days=364),
        )  # fmt: skip
    return ended


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
    dora = left(mine, "Dora", "")
    left(mine, "Emil", "X05", iep=False)
    left(mine, "Fay", "X05", day=LAST_YEAR.first_day - timedelta(days=3))
    left(make.DistrictFactory(state=mine.state), "Gus", "X05")
    page = client.get("/indicators/14/")
    assert names(page) == {"Abel", "Bea", "Cleo", "Dora", "Emil"}
    assert f"/enrollments/special-education/{dora.pk}/" in page.content.decode()
    links = [(url, n) for n, _, _, url, _ in page.context["numbers"]]
    links += [(row["n"].url, row["n"].text) for row in page.context["bases"].rows]
    assert sum(n for _, n in links) == 5 + 4
    for url, n in links:
        assert len(names(client.get(f"/indicators/14/{url.removesuffix('#children')}"))) == n, url
    heads, *rows = table(get(client, "indicator-14", year=LAST_YEAR.label, stands="asked"))
    assert {row[0] for row in rows} == {"Abel", "Bea"}
    assert "Asked by" in heads


ANSWERED = LAST_YEAR.last_day + timedelta(days=90)


def answer(client, ended, outcome: str, on: date = ANSWERED):
    return client.post(f"/indicators/14/{ended.pk}/", {"outcome": outcome, "on": f"{on:%b %-d, %Y}"})


def test_answers_make_the_shares_and_each_number_opens_its_youth(mine, client):
    for name, outcome in {
        "Abel": "HIGHER", "Bea": "COMPETITIVE", "Cleo": "EMPLOYMENT", "Dora": "NONE", "Emil": "NO_ANSWER",
    }.items():  # fmt: skip
        assert answer(client, left(mine, name, "X05"), outcome).status_code == 302
    left(mine, "Fay", "X05")
    page = client.get("/indicators/14/")
    rows = page.context["parts"].rows
    assert [row["percent"] for row in rows] == ["25.0 %", "50.0 %", "75.0 %"]
    cells = [row[key] for row in (*rows, *page.context["answers"].rows) for key in ("n", "of") if key in row]
    assert len(cells) == 12
    for cell in cells:
        opened = client.get(f"/indicators/14/{cell.url.removesuffix('#children')}")
        assert len(names(opened)) == cell.text, cell.url
    assert names(client.get("/indicators/14/?answer=waiting")) == {"Fay"}


def test_a_later_answer_replaces_the_earlier_one_and_history_keeps_both(mine, client):
    ended = left(mine, "Abel", "X05")
    answer(client, ended, "NO_ANSWER")
    answer(client, ended, "HIGHER")
    assert PostSchoolOutcome.objects.get().outcome == "HIGHER"
    events = apps.get_model("reports", "PostSchoolOutcomeEvent").objects.order_by("pgh_id")
    assert [event.outcome for event in events] == ["NO_ANSWER", "HIGHER"]


@pytest.mark.parametrize(
    ("reason", "facts", "on", "said"),
    [
        ("X04", {}, ANSWERED, "did not leave school by this exit"),
        ("X05", {"iep": False}, ANSWERED, "no IEP in effect when leaving"),
        ("X05", {}, LAST_YEAR.last_day - timedelta(days=1), "The answer came after"),
        ("X05", {}, timezone.localdate() + timedelta(days=1), "not after today"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_a_sentence(reason, facts, on, said, mine, client):
    refused = answer(client, left(mine, "Abel", reason, **facts), "HIGHER", on)
    assert refused.status_code == 400
    assert said in refused.content.decode()
    assert not PostSchoolOutcome.objects.exists()


def test_only_who_records_exits_records_the_answer(mine, browse):
    ended = left(mine, "Abel", "X05")
    reader = browse(make.UserFactory(role=Role.READER, role__district=mine))
    assert answer(reader, ended, "HIGHER").status_code == 403
    by = make.UserFactory(role=Role.READER, role__district=mine)
    with scope.elevated(), pytest.raises(NotAllowed):
        record_outcome(by=by, activity=ended, outcome=Outcome.HIGHER, on=ANSWERED)
    other = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory()))
    assert answer(other, ended, "HIGHER").status_code == 404


@pytest.mark.rule("ROL-11")
def test_a_registrar_of_another_school_who_reads_the_district_does_not_record_it(mine, browse):
    ended = left(mine, "Abel", "X05")
    person = make.UserFactory(role=Role.READER, role__district=mine)
    assign(by=None, user=person, role=Role.REGISTRAR, site=make.SiteFactory(district=mine))
    assert answer(browse(person), ended, "HIGHER").status_code == 403
    assert "outcome" not in browse(person).get("/indicators/14/").content.decode()
