"""The sections of the integrated report: asked for by state, written by many hands, nothing lost."""

from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from evaluations import actions
from evaluations.actions.write_section import SET_ASIDE
from evaluations.models import ReportText
from evaluations.report import lines_of, reports_of
from evaluations.rules.report_sections import Held, report_sections, required_sections
from security.refusals import NotAllowed, RuleBroken
from tests.factories import EvaluationFactory, ExceptionalityFactory, write_report

NOW, BEFORE = date(2026, 8, 20), date(2026, 6, 30)


def write(by, evaluation, text, version=0, section="needs"):
    return actions.write_section(by=by, evaluation=evaluation, section=section, text=text, version=version)


@pytest.mark.parametrize(
    ("profile", "referred", "codes", "required", "not_required"),
    [
        ("LA", NOW, ["SLD"], "sld", "outside"),
        ("LA", NOW, ["AUT"], "team", "sld"),
        ("DEMO", NOW, [], "exclusion", "deviation"),
    ],
)
def test_a_state_requires_its_sections(profile, referred, codes, required, not_required):
    keys = {row.section for row in required_sections(profile, referred, codes)}
    assert required in keys
    assert not_required not in keys


@pytest.mark.parametrize(("profile", "referred"), [("WI", NOW), ("DC", NOW), ("LA", BEFORE), ("LA", None)])
def test_elsewhere_and_of_older_records_nothing_is_required(profile, referred):
    assert required_sections(profile, referred, ["SLD"]) == ()


def test_the_form_has_its_25_fields_and_each_is_held_somewhere():
    assert len(report_sections()) == 25
    assert {row.held for row in report_sections()} == set(Held)


def test_what_is_written_stands_in_the_report(as_system, evaluation, psychologist):
    write(psychologist, evaluation, "Extended time.\r\n\x0bA quiet room.")
    assert dict(lines_of(evaluation))["Educational needs"] == "Extended time.\nA quiet room."


def test_a_stale_write_keeps_both_texts(as_system, evaluation, psychologist, coordinator):
    first = write(psychologist, evaluation, "A quiet room.")
    with pytest.raises(actions.Conflict) as conflict:
        write(coordinator, evaluation, "Extended time.")
    assert (conflict.value.mine, conflict.value.theirs.text) == ("Extended time.", "A quiet room.")
    kept = ReportText.pgh_event_model.objects.get(pgh_label=SET_ASIDE)
    assert (kept.text, kept.saved_by) == ("Extended time.", coordinator)
    chosen = actions.choose_text(
        by=coordinator,
        evaluation=evaluation,
        section="needs",
        text="Both.",
        version=first.version,
        mine="Both.",
    )
    assert (chosen.text, chosen.version) == ("Both.", 2)


def test_the_same_words_twice_are_no_conflict(as_system, evaluation, psychologist, coordinator):
    write(psychologist, evaluation, "A quiet room.")
    assert write(coordinator, evaluation, "A quiet room.").version == 1


def test_who_may_not_write_and_what_is_no_section(as_system, evaluation, reader, supervisor, coordinator):
    for somebody in (reader, supervisor):
        with pytest.raises(NotAllowed, match="can write in this report"):
            write(somebody, evaluation, "Mine.")
    with pytest.raises(RuleBroken, match="no such section"):
        write(coordinator, evaluation, "Mine.", section="determination")


def test_the_lock_names_each_missing_section_and_keeps_what_is_written(
    as_system, child, parish, coordinator, psychologist
):
    evaluation = EvaluationFactory(
        student=child, district=parish, determination_date=date(2026, 10, 20), outcome="ELIG"
    )
    ExceptionalityFactory(evaluation=evaluation, code="AUT")
    with pytest.raises(RuleBroken) as refused:
        actions.lock(by=coordinator, evaluation=evaluation)
    for name in (
        "report section “Educational needs”",
        "a component with its evaluator",
        "eligibility meeting",
    ):
        assert name in str(refused.value)
    write_report(evaluation, psychologist)
    actions.lock(by=coordinator, evaluation=evaluation)
    assert ["Educational needs", "Written for Educational needs."] in reports_of(evaluation)[0].lines
    with pytest.raises(ProgrammingError, match="locked evaluation"), transaction.atomic():
        evaluation.texts.update(text="Other.")


def test_a_version_of_a_text_that_never_was_overwrites_nothing_and_is_kept(
    as_system, evaluation, psychologist
):
    assert write(psychologist, evaluation, "A quiet room.", version=7).version == 1
