"""Which deadlines run for a child, and how each stands."""

from datetime import date, timedelta

import pytest

from caseload.rules.counted import counted, marks_of_today
from caseload.rules.duties import duties_of
from caseload.rules.facts import ChildFacts, EvaluationFacts, ExitFacts, IepFacts
from caseload.rules.sources import source_of, sources
from caseload.rules.told import NoticeFacts, RequestFacts, ServicesFacts
from evaluations.rules.countings import countings
from evaluations.rules.standing import Standing
from organizations.rules.days import PlaceCalendar, Term

BORN, CONSENT, LATER = date(2015, 3, 12), date(2022, 1, 10), date(2022, 3, 20)
CLOSED = {
    date(2022, 1, 17): "King Day",
    **{date(2022, 2, 28) + timedelta(days=n): "Mardi Gras" for n in range(5)},
}
PARISH = PlaceCalendar("Parish 1", (Term(date(2021, 8, 10), date(2022, 5, 21), CLOSED),))
INITIAL = EvaluationFacts(
    1,
    "INIT",
    district_id=7,
    coordinator_id=3,
    referred=date(2022, 1, 3),
    asked=date(2022, 1, 6),
    consented=CONSENT,
)
FOUND = INITIAL._replace(determined=date(2022, 3, 1), disseminated=date(2022, 3, 3), outcome="ELIG")
IEP = IepFacts(9, "INI", date(2022, 3, 20), district_id=7, author_id=4, first_day=date(2022, 3, 21))

NOTICE = NoticeFacts(1, "PWN", 7, writer_id=3, event=date(2022, 3, 21), told=date(2022, 3, 11))
NOTICE_KINDS = ("PWN", "MEETING", "CHANGE", "SAFEGUARDS")
REQUEST = RequestFacts(2, 7, date(2022, 1, 10), meeting=date(2022, 2, 1))


def child(*, profile: str = "LA", **more) -> ChildFacts:
    return ChildFacts(5, profile, BORN, district_id=7, site_id=8, **more)


def of(facts: ChildFacts, number: str, calendar: PlaceCalendar | None = PARISH):
    """The duty of this number and how it was counted; None when there is none."""
    found = [duty for duty in duties_of(facts) if duty.number == number]
    assert len(found) <= 1
    return (found[0], counted(found[0], facts.profile, calendar)) if found else None


@pytest.mark.rule("DEADLINE-D02")
@pytest.mark.parametrize(
    ("profile", "due"), [("LA", date(2022, 4, 12)), ("DC", date(2022, 3, 11)), ("WI", date(2022, 3, 11))]
)
def test_one_consent_has_another_day_in_each_state(profile, due):
    assert of(child(profile=profile, evaluations=(INITIAL,)), "D02")[1].due_on == due


@pytest.mark.parametrize(
    ("change", "profile", "met_on", "standing"),
    [
        ({}, "LA", date(2022, 3, 3), Standing.MET),
        ({}, "WI", date(2022, 3, 1), Standing.MET),
        ({"disseminated": None}, "LA", None, Standing.OPEN),
        ({"disseminated": None, "locked": True}, "LA", date(2022, 3, 1), Standing.MET),
        ({"determined": date(2022, 3, 12)}, "WI", date(2022, 3, 12), Standing.LATE),
        ({"determined": date(2022, 3, 12), "delay_reason": "C"}, "WI", date(2022, 3, 12), Standing.EXCUSED),
        ({"determined": date(2022, 3, 12), "delay_reason": "OTHER"}, "WI", date(2022, 3, 12), Standing.LATE),
        ({"determined": None, "outcome": "MOVE"}, "WI", None, Standing.EXCUSED),
        ({"determined": None, "outcome": "", "revoked": CONSENT}, "WI", None, Standing.EXCUSED),
        ({"determined": None, "outcome": "", "delay_reason": "C"}, "WI", None, Standing.OPEN),
        ({"determined": LATER, "extended_to": LATER}, "WI", LATER, Standing.MET),
    ],
)  # fmt: skip
def test_what_meets_and_excuses_an_evaluation(change, profile, met_on, standing):
    duty, found = of(child(profile=profile, evaluations=(FOUND._replace(**change),)), "D02")
    assert (duty.met_on, found.standing) == (met_on, standing)


def test_an_extension_keeps_the_day_that_was_counted():
    row = INITIAL._replace(extended_to=date(2022, 5, 2), extension_code="PAR")
    found = of(child(evaluations=(row,)), "D02")[1]
    assert (found.due_on, found.counted_to, found.extended) == (date(2022, 5, 2), date(2022, 4, 12), True)


@pytest.mark.parametrize("number", ["D02", "D03"])
def test_without_a_calendar_there_is_a_sentence(number):
    found = of(child(evaluations=(INITIAL,)), number, calendar=None)[1]
    assert (found.due_on, found.why_not) == (
        None,
        "The place has no calendar, and business days are counted by it.",
    )


@pytest.mark.parametrize(
    ("change", "met_on"),
    [({}, date(2022, 1, 6)), ({"asked": None}, CONSENT), ({"asked": None, "consented": None}, None)],
)
@pytest.mark.rule("DEADLINE-D01")
def test_a_referral_is_answered_by_asking_for_consent(change, met_on):
    duty, found = of(child(evaluations=(INITIAL._replace(**change),)), "D01")
    assert (duty.met_on, found.due_on) == (met_on, date(2022, 1, 18))


def test_a_waiver_has_neither_clock():
    waived = EvaluationFacts(
        2, "WAIV", referred=date(2022, 1, 3), determined=date(2022, 1, 4), outcome="ELIG"
    )
    assert {duty.number for duty in duties_of(child(evaluations=(waived,)))} == {"D09"}


@pytest.mark.rule("DEADLINE-D05")
@pytest.mark.parametrize(
    ("profile", "ieps", "expected"),
    [
        ("LA", (), (date(2022, 4, 2), None)),
        ("WI", (), (date(2022, 3, 31), None)),
        ("LA", (IEP,), (date(2022, 4, 2), date(2022, 3, 20))),
        ("LA", (IEP._replace(kind="INT"),), (date(2022, 4, 2), None)),
        ("LA", (IEP._replace(kind="REV"),), None),
    ],
)
def test_the_first_iep_comes_within_thirty_days(profile, ieps, expected):
    found = of(child(profile=profile, evaluations=(FOUND,), ieps=ieps), "D05")
    assert (found and (found[1].due_on, found[0].met_on)) == expected


@pytest.mark.rule("DEADLINE-D08")
def test_a_review_runs_from_full_iep_to_full_iep():
    ieps = (
        IEP,
        IepFacts(10, "AMD", date(2022, 9, 1)),
        IepFacts(11, "REV", date(2023, 3, 1)),
        IepFacts(12, "INT", date(2023, 4, 1)),
    )
    found = [
        (duty.record_id, duty.met_on, counted(duty, "LA", None).due_on)
        for duty in duties_of(child(ieps=ieps))
        if duty.number == "D08"
    ]
    assert found == [(9, date(2023, 3, 1), date(2023, 3, 20)), (11, None, date(2024, 3, 1))]


@pytest.mark.parametrize("number", ["D08", "D09"])
def test_who_has_left_special_education_owes_no_review(number):
    left = child(evaluations=(FOUND,), ieps=(IEP,), special_education_ended=date(2022, 6, 1))
    duty, found = of(left, number)
    assert (found.standing, duty.excuse) == (Standing.EXCUSED, "Special education ended on Jun 1, 2022")


@pytest.mark.rule("DEADLINE-D09")
@pytest.mark.rule("DEADLINE-D11")
def test_a_reevaluation_meets_the_third_year_and_has_a_clock_of_its_own():
    again = INITIAL._replace(
        id=2, kind="REEV", consented=date(2024, 9, 1), determined=date(2024, 11, 1), outcome="ELIG"
    )
    both = child(profile="WI", evaluations=(again, FOUND))
    third = {duty.record_id: duty.met_on for duty in duties_of(both) if duty.number == "D09"}
    assert third == {1: date(2024, 11, 1), 2: None}
    assert of(both, "D11")[1].due_on == date(2024, 10, 31)


@pytest.mark.rule("DEADLINE-D14")
@pytest.mark.parametrize(
    ("part_c", "referred", "runs"),
    [(True, date(2018, 3, 11), True), (True, date(2018, 3, 12), False), (False, date(2018, 3, 11), False)],
)
def test_part_c_to_part_b_by_the_third_birthday(part_c, referred, runs):
    early = FOUND._replace(referred=referred)
    found = of(child(had_part_c=part_c, evaluations=(early,), ieps=(IEP,)), "D14")
    assert (found is not None) is runs
    assert not runs or (found[1].due_on, found[0].met_on) == (date(2018, 3, 12), date(2022, 3, 21))


@pytest.mark.rule("DEADLINE-D14")
@pytest.mark.parametrize(("ieps", "standing"), [((), Standing.EXCUSED), ((IEP,), Standing.LATE)])
def test_parents_who_go_on_with_early_intervention_excuse_it(ieps, standing):
    early = FOUND._replace(referred=date(2018, 1, 8))
    chosen = {"had_part_c": True, "went_on_with_part_c": date(2018, 2, 1)}
    duty, found = of(child(evaluations=(early,), ieps=ieps, **chosen), "D14")
    excused = duty.excuse == "The parents chose on Feb 1, 2018 to go on with early intervention"
    assert (found.standing, excused) == (standing, not ieps)


@pytest.mark.rule("DEADLINE-D31")
def test_an_interim_iep_may_not_outlast_the_evaluation():
    interim = IEP._replace(id=8, kind="INT", met=date(2022, 1, 12))
    duty, found = of(child(evaluations=(INITIAL,), ieps=(interim, IEP)), "D31")
    assert (found.due_on, duty.met_on) == (date(2022, 4, 12), IEP.met)


@pytest.mark.rule("DEADLINE-D37")
@pytest.mark.parametrize(("profile", "due"), [("LA", date(2037, 3, 12)), ("WI", date(2036, 3, 12))])
def test_special_education_ends_with_an_age(profile, due):
    assert of(child(profile=profile, in_special_education=True), "D37")[1].due_on == due


@pytest.mark.rule("DEADLINE-D38")
@pytest.mark.parametrize("last_day", [date(2022, 5, 2), None])
def test_exit_documentation_has_the_day_that_the_exit_has(last_day):
    exit_ = ExitFacts(4, 7, 8, last_day, date(2022, 5, 7))
    duty, found = of(child(exits=(exit_,)), "D38")
    assert (duty.record_kind, found.due_on, found.standing) == ("enrollment", date(2022, 5, 7), Standing.OPEN)


MEETING = NOTICE._replace(kind="MEETING", event=IEP.met)


@pytest.mark.rule("DEADLINE-D04")
@pytest.mark.parametrize(
    ("profile", "copied", "due", "standing"),
    [
        ("LA", date(2022, 3, 19), date(2022, 3, 19), Standing.MET),
        ("LA", date(2022, 3, 20), date(2022, 3, 19), Standing.LATE),
        ("LA", None, date(2022, 3, 19), Standing.OPEN),
        ("DC", None, date(2022, 3, 14), Standing.OPEN),
    ],
)
def test_the_parents_have_a_copy_before_the_iep_meeting(profile, copied, due, standing):
    facts = child(profile=profile, evaluations=(FOUND._replace(copied=copied),), notices=(MEETING,))
    found = of(facts, "D04")[1]
    assert (found.due_on, found.standing) == (due, standing)


@pytest.mark.rule("DEADLINE-D04")
@pytest.mark.parametrize(
    ("evaluation", "notices", "ieps", "profile"),
    [
        (FOUND._replace(outcome="NOTE"), (MEETING,), (), "LA"),
        (FOUND, (), (), "LA"),
        (FOUND, (MEETING._replace(event=date(2022, 2, 1)),), (), "LA"),
        (FOUND, (MEETING._replace(event=date(2023, 3, 1)),), (IEP,), "LA"),
        (FOUND, (MEETING,), (), "WI"),
    ],
    ids=["not eligible", "no meeting announced", "a meeting before", "a later year", "not asked for there"],
)
def test_no_copy_is_due(evaluation, notices, ieps, profile):
    found = of(child(profile=profile, evaluations=(evaluation,), notices=notices, ieps=ieps), "D04")
    assert found is None or found[1] is None


def test_every_counting_says_where_its_facts_come_from():
    assert {(row.deadline, row.part) for row in sources()} == {
        (row.deadline, row.part) for row in countings()
    }


def test_what_the_table_calls_stored_is_what_the_program_counts():
    interim = IepFacts(13, "INT", date(2022, 1, 12))
    young = FOUND._replace(referred=date(2018, 3, 1))
    again = INITIAL._replace(id=2, kind="REEV")
    everything = child(
        had_part_c=True, in_special_education=True, evaluations=(young, again), ieps=(interim, IEP),
        exits=(ExitFacts(4, 7, 8, None, BORN),), services=ServicesFacts(True, CONSENT),
        notices=tuple(
            NOTICE._replace(id=n, kind=kind, event=IEP.met) for n, kind in enumerate(NOTICE_KINDS)
        ),
        requests=(REQUEST,),
    )  # fmt: skip
    duties = list(duties_of(everything))
    stored = {(row.deadline, row.part) for row in sources() if row.is_stored}
    assert {(duty.number, duty.part) for duty in duties} == stored
    assert all(source_of(duty.number, duty.part).record.lower() == duty.record_kind for duty in duties)


def test_the_mark_of_a_rule_in_force_is_known():
    assert of(child(evaluations=(INITIAL,)), "D03")[1].rule_hash in marks_of_today()
