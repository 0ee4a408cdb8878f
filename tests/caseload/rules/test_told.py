"""Deadlines that notices to parents and their requests for records start."""

from datetime import date

import pytest

from caseload.rules.counted import counted
from caseload.rules.duties import duties_of
from caseload.rules.told import NoticeFacts, ServicesFacts
from caseload.rules.words import counted_in_words
from evaluations.rules.standing import Standing
from tests.caseload.rules.test_duties import FOUND, IEP, INITIAL, NOTICE, PARISH, REQUEST, child, of

EVENT, AUTUMN, JUNE = date(2022, 3, 21), date(2021, 9, 1), date(2023, 6, 30)


@pytest.mark.parametrize(
    ("number", "kind", "profile", "due"),
    [
        pytest.param("D07", "CHANGE", "LA", date(2022, 3, 11), marks=pytest.mark.rule("DEADLINE-D07")),
        pytest.param("D20", "PWN", "LA", date(2022, 3, 11), marks=pytest.mark.rule("DEADLINE-D20")),
        pytest.param("D20", "PWN", "WI", date(2022, 3, 20), marks=pytest.mark.rule("DEADLINE-D20")),
        pytest.param("D21", "MEETING", "LA", date(2022, 3, 11), marks=pytest.mark.rule("DEADLINE-D21")),
        pytest.param("D21", "MEETING", "DC", date(2022, 3, 7), marks=pytest.mark.rule("DEADLINE-D21")),
    ],
)
def test_a_notice_is_sent_before_what_it_is_about(number, kind, profile, due):
    notice = NOTICE._replace(kind=kind, told=due)
    duty, found = of(child(profile=profile, notices=(notice,)), number)
    assert (found.due_on, found.standing) == (due, Standing.MET)
    late = notice._replace(told=EVENT)
    assert of(child(profile=profile, notices=(late,)), number)[1].standing == Standing.LATE


@pytest.mark.parametrize("change", [{"event": None}, {"kind": "NOASSESS"}])
def test_a_notice_about_no_day_is_sent_by_none(change):
    assert not list(duties_of(child(notices=(NOTICE._replace(**change),))))


@pytest.mark.rule("DEADLINE-D22")
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([date(2021, 9, 1)], [(date(2023, 6, 30), None)]),
        ([None], []),
        ([date(2021, 9, 1), date(2022, 3, 1)], [(date(2023, 6, 30), None)]),
        ([AUTUMN, date(2022, 9, 1)], [(JUNE, date(2022, 9, 1)), (date(2024, 6, 30), None)]),
        ([AUTUMN, date(2022, 9, 1), EVENT.replace(year=2023)],
         [(JUNE, date(2022, 9, 1)), (date(2024, 6, 30), None)]),
        ([date(2022, 6, 30), date(2024, 2, 29)], [(JUNE, date(2024, 2, 29)), (date(2025, 6, 30), None)]),
    ],
    ids=["one copy", "a draft", "two in a year", "year after year",
         "the first of a year counts", "a year left out"],
)  # fmt: skip
def test_safeguards_are_given_once_a_school_year(told, expected):
    copies = tuple(NoticeFacts(n, "SAFEGUARDS", 7, told=day) for n, day in enumerate(told))
    found = [(counted(duty, "LA", None).due_on, duty.met_on) for duty in duties_of(child(notices=copies))]
    assert found == expected


def test_safeguards_end_with_special_education():
    copy = NoticeFacts(1, "SAFEGUARDS", 7, told=date(2021, 9, 1))
    left = child(notices=(copy,), special_education_ended=date(2022, 2, 1))
    assert of(left, "D22")[1].standing == Standing.EXCUSED


@pytest.mark.rule("DEADLINE-D24")
@pytest.mark.parametrize(
    ("change", "standing"),
    [
        ({}, [Standing.OPEN, Standing.OPEN]),
        ({"answered": date(2022, 1, 31)}, [Standing.MET, Standing.MET]),
        ({"answered": date(2022, 2, 24)}, [Standing.MET, Standing.LATE]),
        ({"answered": date(2022, 2, 25)}, [Standing.LATE, Standing.LATE]),
        ({"answered": date(2022, 1, 31), "withdrawn": True}, [Standing.EXCUSED, Standing.EXCUSED]),
        ({"meeting": None}, [Standing.OPEN]),
    ],
)
def test_records_are_shown_within_45_days_and_before_the_meeting(change, standing):
    duties = list(duties_of(child(requests=(REQUEST._replace(**change),))))
    found = [counted(duty, "LA", PARISH) for duty in duties]
    assert [one.due_on for one in found] == [date(2022, 2, 24), date(2022, 1, 31)][: len(standing)]
    assert [one.standing for one in found] == standing


@pytest.mark.rule("DEADLINE-D01")
def test_a_refusal_by_notice_answers_the_referral():
    waiting = INITIAL._replace(asked=None, consented=None)
    refusal = NOTICE._replace(evaluation_id=1, refuses=True, told=date(2022, 1, 12))
    for change, met in (({}, date(2022, 1, 12)), ({"refuses": False}, None), ({"evaluation_id": 2}, None)):
        facts = child(evaluations=(waiting,), notices=(refusal._replace(**change),))
        assert of(facts, "D01")[0].met_on == met


@pytest.mark.rule("DEADLINE-D06")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, None),
        (ServicesFacts(True, date(2022, 3, 20)), Standing.OPEN),
        (ServicesFacts(True, date(2022, 3, 20), begun=date(2022, 4, 1)), Standing.MET),
        (ServicesFacts(True, date(2022, 3, 20), begun=date(2022, 4, 4)), Standing.LATE),
        (ServicesFacts(False, date(2022, 3, 22)), Standing.EXCUSED),
    ],
    ids=["not asked", "given", "the tenth school day", "the eleventh", "refused"],
)
def test_services_begin_within_ten_school_days_of_the_first_iep(answer, expected):
    found = of(child(evaluations=(FOUND,), ieps=(IEP,), services=answer), "D06")
    assert (found and found[1].standing) == expected
    assert found is None or found[1].due_on == date(2022, 4, 1)


@pytest.mark.parametrize(
    ("number", "profile", "part", "words"),
    [
        ("D07", "LA", "", "Change takes effect on Mar 21, 2022, 10 calendar days before"),
        ("D24", "LA", "before a meeting", "Meeting on Mar 21, 2022, the day before"),
        ("D24", "LA", "", "Request Mar 21, 2022 + 45 calendar days"),
        ("D02", "LA", "", "Consent Mar 21, 2022 + 60 business days"),
        ("D22", "LA", "", "School year from Mar 21, 2022"),
    ],
)
def test_how_it_is_counted_in_a_line(number, profile, part, words):
    assert counted_in_words(number, profile, EVENT, part=part) == words
