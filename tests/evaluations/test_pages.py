"""The pages of evaluations: what is shown, what is refused, and to whom."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.actions import lock
from evaluations.models import Evaluation
from security import scope
from security.rules.roles import Role
from tests.factories import DistrictFactory, EvaluationFactory, StudentFactory, UserFactory


def page(evaluation, **query) -> str:
    url = reverse("evaluations:evaluation", args=[evaluation.pk])
    return url + "?" + "&".join(f"{key}={value}" for key, value in query.items())


def step(evaluation, name: str) -> str:
    return reverse("evaluations:step", args=[evaluation.pk, name])


def now(evaluation) -> Evaluation:
    with scope.system():
        return Evaluation.objects.select_related("student").get(pk=evaluation.pk)


@pytest.fixture
def locked(decided, coordinator):
    with scope.system():
        return lock(by=coordinator, evaluation=decided)


def test_a_referral_is_entered_and_leads_to_its_evaluation(child, coordinator, browse):
    sent = {"kind": "INIT", "referral_date": "Aug 20, 2025", "reason": "Reading stands still."}
    answer = browse(coordinator).post(reverse("evaluations:refer", args=[child.pk]), sent, follow=True)
    assert "The referral is recorded. Next: ask the parents for consent." in answer.content.decode()
    with scope.system():
        assert child.evaluations.get().referral_date == date(2025, 8, 20)


def test_an_incomplete_referral_says_what_to_correct(child, coordinator, browse):
    answer = browse(coordinator).post(
        reverse("evaluations:refer", args=[child.pk]), {"referral_date": "13/32/2026"}
    )
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Choose the type of evaluation." in text
    assert "There is no month 13." in text


def test_a_reader_is_told_who_can_refer(child, reader, coordinator, browse):
    answer = browse(reader).get(reverse("evaluations:refer", args=[child.pk]))
    assert answer.status_code == 403
    assert "of Cypress Parish can refer a student." in answer.content.decode()
    assert "Solange Fuselier can do this." in answer.content.decode()


def test_the_page_names_what_is_missing_with_a_link_to_its_field(evaluation, coordinator, browse):
    text = browse(coordinator).get(page(evaluation)).content.decode()
    assert (
        f'href="/evaluations/{evaluation.pk}/?step=determination#id_on">Determination date is missing' in text
    )
    assert "Next: eligibility meeting" in text


def test_the_determination_is_typed_in_any_usual_form(evaluation, coordinator, browse):
    sent = {
        "on": "10/20/2025",
        "outcome": "ELIG",
        "primary": "SLD",
        "others": ["SLI"],
        "seen": evaluation.version,
    }
    answer = browse(coordinator).post(step(evaluation, "determination"), sent, follow=True)
    assert "Next: lock the report" in answer.content.decode()
    assert now(evaluation).determination_date == date(2025, 10, 20)


def test_a_refused_deed_stands_beside_its_field_and_keeps_what_was_typed(evaluation, coordinator, browse):
    sent = {
        "on": "8/1/2025",
        "outcome": "ELIG",
        "primary": "SLD",
        "summary": "Long story",
        "seen": evaluation.version,
    }
    answer = browse(coordinator).post(step(evaluation, "determination"), sent)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="id_on-error"' in text
    assert "The determination date is before the consent of Sep 1, 2025." in text
    assert "Long story" in text


def test_a_coordinator_locks_with_one_button(decided, coordinator, browse):
    browse(coordinator).post(step(decided, "lock"), {"seen": decided.version})
    assert now(decided).locked


def test_the_sentence_of_the_page_is_the_sentence_of_the_refusal(decided, reader, browse):
    sentence = "of Cypress Parish can lock an evaluation."
    assert sentence in browse(reader).get(page(decided, step="lock")).content.decode()
    answer = browse(reader).post(step(decided, "lock"), {"seen": decided.version})
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert not now(decided).locked


def test_a_supervisor_unlocks_with_a_reason_that_the_history_shows(locked, supervisor, browse):
    browse(supervisor).post(step(locked, "unlock"), {"reason": "Wrong date.", "seen": locked.version})
    text = browse(supervisor).get(reverse("evaluations:history", args=[locked.pk])).content.decode()
    assert "Unlocked by Marcus Ledet" in text
    assert "Wrong date." in text


def test_unlocking_without_a_reason_is_refused(locked, supervisor, browse):
    answer = browse(supervisor).post(step(locked, "unlock"), {"seen": locked.version})
    assert "Say why" in answer.content.decode()
    assert now(locked).locked


def test_a_form_that_is_older_than_the_record_overwrites_nothing(decided, coordinator, browse):
    sent = {"on": "10/21/2025", "outcome": "NOTE", "seen": decided.version - 1}
    answer = browse(coordinator).post(step(decided, "determination"), sent)
    assert "Somebody else changed this evaluation" in answer.content.decode()
    assert now(decided).outcome == "ELIG"


def test_discarding_leads_back_to_the_list(decided, coordinator, browse):
    sent = {"reason": "Entered for the wrong child.", "seen": decided.version}
    answer = browse(coordinator).post(step(decided, "discard"), sent, follow=True)
    assert "The evaluation is discarded." in answer.content.decode()


@pytest.mark.parametrize("name", ["consent-request", "consent", "determination", "lock", "unlock", "discard"])
def test_another_district_finds_nothing(locked, browse, name):
    stranger = browse(UserFactory(role=Role.SPED_SUPERVISOR, role__district=DistrictFactory()))
    assert stranger.get(page(locked)).status_code == 404
    assert stranger.get(reverse("evaluations:history", args=[locked.pk])).status_code == 404
    assert stranger.get(reverse("evaluations:refer", args=[locked.student_id])).status_code == 404
    assert stranger.post(step(locked, name)).status_code == 404
    assert "Dupre" not in stranger.get(reverse("evaluations:list")).content.decode()


def test_the_list_filters_by_state_type_and_name(parish, evaluation, locked, coordinator, browse):
    other = StudentFactory(last_name="Thibodeaux", district=parish)
    EvaluationFactory(student=other, district=parish, kind="REEV")
    signed_in = browse(coordinator)

    def shown(**query) -> str:
        return signed_in.get(reverse("evaluations:list"), query).content.decode()

    assert "Dupre, Zora" in shown(state="locked")
    assert "Thibodeaux" not in shown(state="locked")
    assert "Thibodeaux" in shown(state="in_progress")
    assert "Dupre" not in shown(kind="REEV")
    assert "Dupre, Zora" in shown(name="DUP")
    assert "No evaluation fits these filters." in shown(name="Zzz")


def test_the_list_takes_as_many_queries_for_many_rows_as_for_one(parish, evaluation, coordinator, browse):
    signed_in = browse(coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(reverse("evaluations:list"))
        return len(captured)

    queries()
    for_one = queries()
    for _ in range(12):
        EvaluationFactory(student=StudentFactory(district=parish), district=parish)
    assert queries() == for_one <= 20
