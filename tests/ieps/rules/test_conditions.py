"""When a conditional field or section of the form is asked for."""

import pytest

from ieps.rules.conditions import Circumstances, holds

PARENT, TEACHER = {"role": "PAR", "attended": "Y"}, {"role": "REG", "attended": "Y"}


def iep(kind="REV", people=(), told=None, **answers) -> Circumstances:
    return Circumstances(
        kind=kind,
        answers={key.replace("__", "."): text for key, text in answers.items()},
        tables={"GSI.participants": tuple(people)} if people else {},
        **(told or {}),
    )


@pytest.mark.parametrize(
    ("when", "circumstances", "asked"),
    [
        ("", iep(), True),
        ("turns_17", iep(told={"of_majority_told_age": True}), True),
        ("turns_17", iep(), False),
        ("transition_age", iep(told={"of_transition_age": True}), True),
        ("transition_age", iep(), False),
        ("waived_since_last", iep(told={"waived": True}), True),
        ("waived_since_last", iep(), False),
        ("member_absent", iep(people=[PARENT, {"role": "REG", "attended": "N"}]), True),
        ("member_absent", iep(people=[PARENT, TEACHER]), False),
        ("member_absent", iep(people=[{"role": "REG"}]), False),
        ("no_parent_attended", iep(people=[TEACHER]), True),
        ("no_parent_attended", iep(people=[TEACHER, {"role": "PAR", "attended": "N"}]), True),
        ("no_parent_attended", iep(people=[TEACHER, {"role": "PAR", "attended": ""}]), False),
        ("no_parent_attended", iep(people=[TEACHER, PARENT]), False),
        ("no_parent_attended", iep(), False),
        ("tested", iep(PRG__assessment="REG"), True),
        ("tested", iep(PRG__assessment="NONE"), False),
        ("tested", iep(), False),
        ("review", iep("REV"), True),
        ("review", iep("INI"), False),
        ("initial_or_interim", iep("INI"), True),
        ("initial_or_interim", iep("INT"), True),
        ("initial_or_interim", iep("REV"), False),
        ("interim", iep("INT"), True),
        ("interim", iep("INI"), False),
        ("leap_connect", iep(PRG__assessment="LEAPC"), True),
        ("leap_connect", iep(PRG__assessment="K2ALT"), False),
        ("k2_alternate", iep(PRG__assessment="K2ALT"), True),
        ("alternate_assessment", iep(PRG__assessment="ELPTC"), True),
        ("alternate_assessment", iep(PRG__assessment="REG"), False),
        ("april_dunn_eligible", iep(PRG__eligible="Y"), True),
        ("april_dunn_eligible", iep(PRG__eligible="N"), False),
        ("transport_needed", iep(PRG__needed="Y"), True),
        ("esy_eligible", iep(PRG__decision="Y"), True),
        ("esy_eligible", iep(PRG__decision="U"), False),
        ("adaptive_asked", iep(LEAPC__cohort="2020"), True),
        ("adaptive_asked", iep(LEAPC__cohort="2021"), False),
        ("adaptive_asked", iep(LEAPC__cohort="2026", LEAPC__sd_below="2.1"), True),
        ("evidence_asked", iep(LEAPC__sd_below="2.0"), True),
        ("evidence_asked", iep(LEAPC__sd_below="2.29"), True),
        ("evidence_asked", iep(LEAPC__sd_below="2.3"), False),
        ("evidence_asked", iep(LEAPC__sd_below="about two"), False),
        ("evidence_asked", iep(LEAPC__sd_below="NaN"), False),
        ("not_neighborhood_school", iep(SITE__neighborhood="N"), True),
        ("not_neighborhood_school", iep(SITE__neighborhood="Y"), False),
        ("less_than_80_percent", iep(PLC__lre="RC39"), True),
        ("less_than_80_percent", iep(PLC__lre="RC80"), False),
        ("less_than_80_percent", iep(), False),
    ],
)
def test_a_condition_is_true_of_an_iep(when, circumstances, asked):
    assert holds(when, circumstances) is asked
