"""The table of checks: each finds what it is there for, and nothing in an IEP that keeps to it."""

from datetime import date, timedelta

import pytest

from ieps.rules.checks import FINDS, Case, broken, checks
from ieps.rules.conditions import Circumstances
from ieps.rules.correcting import why_not_correct
from ieps.rules.form import fields_of
from ieps.rules.life import Move, Stage, Standing, moves, stage_of, stages, standing_on, targets
from ieps.rules.signing import Answer, decides, why_not_answered
from ieps.values import offered

MET = date(2026, 2, 10)
DAY = timedelta(days=1)


def member(role, attended="Y", name=""):
    return {"name": name or role.title(), "role": role, "attended": attended}


TEAM = tuple(member(role) for role in ("PAR", "SPE", "REG", "ODR", "EVL"))


def case(answers=None, tables=None, kind="REV", category="REG", **facts) -> Case:
    written = Circumstances(
        kind=kind, answers=answers or {}, tables={"GSI.participants": TEAM, **(tables or {})}
    )
    known = {
        "today": MET + 30 * DAY, "meeting": MET, "first_day": MET, "last_day": MET + 364 * DAY,
        "eligible": True, "gifted": category == "GT", "found": ("SLD",),
    }  # fmt: skip
    return Case(written=written, category=category, **{**known, **facts})


def names(of: Case) -> set[str]:
    return {each.check.check for each in broken(of)}


EXCUSED = {
    "member": "Marc Hébert",
    "area": "Reading",
    "changed": "Y",
    "agreement": "Y",
    "input": "By letter.",
}
WITHOUT_REG = (*TEAM[:2], member("REG", "N", "Marc Hébert"), *TEAM[3:])
NO_PARENT = (member("PAR", "N"), *TEAM[1:])
ATTEMPT = {"date": "2026-02-01", "method": "Call"}
ALTERNATE = {"PRG.assessment": "LEAPC", "LEAPC.completed_grade5": "Y", "LEAPC.not_because": "Y"}


def test_table_and_code_have_the_same_checks():
    assert {row.check for row in checks()} == set(FINDS)


def test_each_check_leads_to_a_field_of_the_form():
    there = {(row.section, row.field) for section in {c.section for c in checks()}
             for row in fields_of("LA", section)}  # fmt: skip
    assert {(row.section, row.field) for row in checks()} <= there


@pytest.mark.parametrize("kind", ["INI", "REV"])
@pytest.mark.parametrize("category", ["REG", "GT", "SP"])
def test_an_iep_that_keeps_to_them_has_no_finding(kind, category):
    assert names(case(kind=kind, category=category)) == set()


@pytest.mark.parametrize(
    ("found", "of"),
    [
        ("meeting_ahead", case(today=MET - DAY)),
        ("begins_before_meeting", case(first_day=MET - DAY)),
        ("ends_before_it_begins", case(last_day=MET - DAY)),
        ("longer_than_a_year", case(last_day=MET + 366 * DAY)),
        ("no_odr", case(tables={"GSI.participants": TEAM[:3]})),
        ("no_special_teacher", case(tables={"GSI.participants": (TEAM[0], *TEAM[2:])})),
        ("no_regular_teacher", case(tables={"GSI.participants": (*TEAM[:2], *TEAM[3:])})),
        ("no_regular_teacher", case(tables={"GSI.participants": WITHOUT_REG})),
        ("no_interpreter_of_results", case(tables={"GSI.participants": TEAM[:4]})),
        ("too_few_attempts", case(tables={"GSI.participants": NO_PARENT, "GSI.attempts": (ATTEMPT,)})),
        ("excused_without_agreement", case(tables={"GSI.excusals": ({**EXCUSED, "agreement": "N"},)})),
        ("excused_without_input", case(tables={"GSI.excusals": ({**EXCUSED, "input": " "},)})),
        ("rights_not_given", case({"GSI.rights_given": "N"})),
        ("primary_differs", case({"GSI.exceptionality_primary": "AUT"})),
        ("no_evaluation", case(eligible=False)),
        ("no_gifted_evaluation", case(category="GT", gifted=False)),
        ("reevaluation_overdue", case(reevaluation_due=MET)),
        ("too_few_objectives", case({"PRG.assessment": "K2ALT"}, objectives=(2, 1), uploads={"K2TOOL"})),
        ("no_decision_tool", case({"PRG.assessment": "K2ALT"}, objectives=(2,))),
        ("not_below_the_threshold", case({**ALTERNATE, "LEAPC.sd_below": "1.9"})),
        ("threshold_not_shown", case({**ALTERNATE, "LEAPC.sd_below": "2.1"})),
        ("leap_connect_not_agreed", case({**ALTERNATE, "LEAPC.sd_below": "2.5", "PLC.agree": "N"})),
        ("test_accommodation_not_in_class", case(tables={"ACC.test": ({"accommodation": "Calculator"},)})),
        ("service_without_time", case(tables={"PRG.services": ({"minutes": "30", "sessions": "0"},)})),
        ("esy_too_early", case({"PRG.decision": "N"}, meeting=date(2025, 12, 31))),
        ("first_services_refused", case({"PLC.first_time": "N"}, kind="INI")),
    ],
)
def test_each_check_finds_what_it_is_there_for(found, of):
    assert found in names(of)


@pytest.mark.parametrize(
    ("not_found", "of"),
    [
        ("longer_than_a_year", case(last_day=date(2027, 2, 10))),
        ("no_regular_teacher", case(tables={"GSI.participants": WITHOUT_REG, "GSI.excusals": (EXCUSED,)})),
        ("too_few_attempts", case(tables={"GSI.participants": NO_PARENT, "GSI.attempts": (ATTEMPT,) * 2})),
        ("no_odr", case(tables={"GSI.participants": TEAM[:3]}, by_agreement=True)),
        ("esy_too_early", case({"PRG.decision": "U"}, meeting=date(2025, 12, 31))),
        ("esy_too_early", case({"PRG.decision": "Y"}, meeting=date(2026, 1, 1))),
        ("not_below_the_threshold", case({**ALTERNATE, "LEAPC.sd_below": "2.3"})),
    ],
)
def test_and_nothing_else(not_found, of):
    assert not_found not in names(of)


INTERIM = {"kind": "INT", "eligible": False, "consented": True, "evaluation_due": MET + 50 * DAY}


@pytest.mark.parametrize(
    ("found", "facts"),
    [
        (set(), {"last_day": MET + 50 * DAY}),
        ({"interim_outlasts_evaluation"}, {"last_day": MET + 51 * DAY}),
        ({"interim_without_consent"}, {"last_day": MET, "consented": False}),
        ({"interim_beside_evaluation"}, {"last_day": MET, "eligible": True}),
        ({"interim_beside_iep"}, {"last_day": MET, "has_current_iep": True}),
    ],
)
def test_an_interim_iep_stands_beside_an_initial_evaluation(found, facts):
    assert names(case(**{**INTERIM, **facts})) == found


AMENDED = {"kind": "AMD", "amended_first": MET, "amended_last": MET + 364 * DAY}


@pytest.mark.parametrize(
    ("found", "facts"),
    [
        (set(), {"first_day": MET + 90 * DAY}),
        ({"annual_date_moved"}, {"last_day": MET + 365 * DAY}),
        ({"begins_before_the_amended", "begins_before_meeting"}, {"first_day": MET - DAY}),
        ({"begins_after_its_end", "ends_before_it_begins"}, {"first_day": MET + 365 * DAY}),
    ],
)
def test_an_amendment_keeps_the_date_of_the_annual_review(found, facts):
    assert names(case(**{**AMENDED, **facts})) == found


@pytest.mark.parametrize(
    ("kind", "answers", "absent", "by_agreement", "said"),
    [
        ("INI", [], False, False, "consent"),
        ("INI", [], True, False, "consent"),
        ("INI", ["REF"], False, False, "refuse"),
        ("INI", ["REF", "CON"], False, False, None),
        ("REV", [], False, False, "missing"),
        ("REV", [], True, False, None),
        ("REV", ["DIS"], False, False, None),
        ("AMD", [], True, True, "missing"),
        ("AMD", ["DIS"], False, True, "do not agree"),
        ("AMD", ["CON"], False, True, None),
    ],
)
def test_whose_signature_it_needs(kind, answers, absent, by_agreement, said):
    given = [Answer(code) for code in answers]
    sentence = why_not_answered(kind, given, no_parent_attended=absent, by_agreement=by_agreement)
    assert sentence is None if said is None else said in sentence


@pytest.mark.parametrize(
    ("role", "of_age", "counts"),
    [
        ("PAR", False, True),
        ("PAR", True, False),
        ("STU", True, True),
        ("STU", False, False),
        ("SPE", False, False),
    ],
)
def test_whose_answer_counts(role, of_age, counts):
    assert decides(role, of_age) is counts


@pytest.mark.parametrize(
    ("status", "first", "replaced", "stands"),
    [
        ("DRAFT", None, None, Standing.DRAFT),
        ("OFFICIAL", MET, None, Standing.CURRENT),
        ("OFFICIAL", None, None, Standing.CURRENT),
        ("OFFICIAL", MET + DAY, None, Standing.FUTURE),
        ("OFFICIAL", MET - DAY, MET + DAY, Standing.CURRENT),
        ("OFFICIAL", MET - DAY, MET, Standing.HISTORICAL),
        ("DELREQ", MET, None, Standing.CURRENT),
        ("AMENDED", MET, MET, Standing.HISTORICAL),
        ("SUPERSEDED", MET, None, Standing.HISTORICAL),
        ("DELETED", MET, None, Standing.DELETED),
    ],
)
def test_where_an_iep_stands_on_a_day(status, first, replaced, stands):
    assert standing_on(MET, status, first, replaced) is stands


@pytest.mark.parametrize(
    ("complete", "answered", "approved", "stage"),
    [
        (False, False, False, Stage.WRITTEN),
        (False, True, True, Stage.WRITTEN),
        (True, False, False, Stage.SIGNED),
        (True, True, False, Stage.APPROVED),
        (True, True, True, Stage.OFFICIAL),
    ],
)
def test_which_step_comes_next(complete, answered, approved, stage):
    assert stage_of(complete, answered, approved) is stage


def test_tables_and_code_have_the_same_steps_and_moves():
    assert {row.stage for row in stages()} == set(Stage)
    assert {row.move for row in moves()} == set(Move)
    assert targets(Move.AMEND, "DRAFT") == ()
    assert targets(Move.GRANT_DELETION, "DELREQ") == ("DELETED",)
    assert {status for row in moves() for status in (row.from_status, row.to_status)} - set(
        offered("code:iep_status")
    ) == {"OFFICIAL_INCOMPLETE"}


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        ("text", "Readd 8 of 10.", "Read 8 of 10.", None),
        ("line", "Renée", "Renée Guidry", None),
        ("text", "Read 8 of 10.", "Read 6 of 10.", "number"),
        ("text", "Reads.", "Reads 3 pages.", "number"),
        ("text", "Reads.", " ", "does not take a text away"),
        ("date", "2026-01-01", "2026-01-02", "date was agreed"),
        ("code:service", "SLP", "OT", "choice was agreed"),
    ],
)
def test_which_slips_of_the_pen_are_put_right(kind, before, after, said):
    sentence = why_not_correct(kind, before, after)
    assert sentence is None if said is None else said in sentence
