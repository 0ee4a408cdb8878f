"""The pages of components, sections of the report, and the team."""

import pytest
from django.urls import reverse

from evaluations import actions
from evaluations.actions.write_section import SET_ASIDE
from evaluations.models import Component, ReportText
from security import scope
from security.models import DistrictGrant
from security.rules.roles import Role
from tests.evaluations.conftest import CONSENT
from tests.factories import UserFactory


@pytest.fixture
def component(evaluation, coordinator, psychologist):
    with scope.system():
        return actions.assign_component(
            by=coordinator, evaluation=evaluation, area="ACADEMIC", evaluator=psychologist, on=CONSENT
        )


@pytest.fixture
def section(evaluation):
    return reverse("evaluations:section", args=[evaluation.pk, "needs"])


def address(component) -> str:
    return reverse("evaluations:component", args=[component.evaluation_id, component.pk])


def now(component) -> Component:
    with scope.system():
        return Component.objects.get(pk=component.pk)


def test_the_coordinator_gives_out_and_the_psychologist_completes(
    evaluation, coordinator, psychologist, browse
):
    sent = {"area": "ACADEMIC", "evaluator": psychologist.pk, "on": "Sep 2, 2025", "seen": evaluation.version}
    page = browse(coordinator).post(f"/evaluations/{evaluation.pk}/component/", sent, follow=True)
    assert "Academic performance" in page.content.decode()
    with scope.system():
        component = evaluation.components.get()
    typed = {"instruments": "WJ IV", "findings": "Grade 2.", "on": "Sep 20, 2025", "version": 1}
    done = browse(psychologist).post(address(component), typed, follow=True)
    assert "Completed Sep 20, 2025" in done.content.decode()


def test_what_is_typed_is_kept_and_a_second_window_is_told(component, psychologist, browse):
    client, url = browse(psychologist), address(component) + "write"
    assert client.post(url, {"findings": "Grade 2.", "version": 1}).json()["version"] == 2
    late = client.post(url, {"findings": "Grade 3.", "version": 1})
    assert (late.status_code, now(component).findings) == (400, "Grade 2.")
    assert "Somebody else changed this component" in late.json()["message"]


def test_somebody_else_reads_it_and_is_told_whose_it_is(component, coordinator, browse):
    client = browse(coordinator)
    assert "Only Mireille Guidry" in client.get(address(component)).content.decode()
    assert client.post(address(component) + "write", {"findings": "x", "version": 1}).status_code == 403
    gone = client.post(address(component), {"deed": "take_back", "reason": "Somebody else does it."})
    assert gone.status_code == 302


def test_a_component_whose_evaluator_left_is_given_on(component, coordinator, psychologist, parish, browse):
    other = UserFactory(role=Role.PUPIL_APPRAISAL, role__district=parish)
    DistrictGrant.objects.filter(user=psychologist).delete()
    client = browse(coordinator)
    sent = {"deed": "give_on", "evaluator": other.pk, "on": "Sep 20, 2025", "reason": ""}
    refused = client.post(address(component), sent)
    assert (refused.status_code, "Say why somebody else goes on" in refused.content.decode()) == (400, True)
    assert client.post(address(component), sent | {"reason": "She moved."}).status_code == 302
    assert now(component).evaluator_id == other.pk


def test_two_people_write_one_section_and_choose(evaluation, section, coordinator, psychologist, browse):
    mine, theirs = browse(psychologist), browse(coordinator)
    assert theirs.post(f"{section}write", {"text": "A quiet room.", "version": f"{coordinator.pk}:0"}).json()
    token = f"{psychologist.pk}:0"
    late = mine.post(f"{section}write", {"text": "Extended time.", "version": token})
    assert (late.status_code, "Solange Fuselier changed" in late.content.decode()) == (409, True)
    with scope.system():
        kept = ReportText.pgh_event_model.objects.filter(pgh_label=SET_ASIDE)
        assert [each.text for each in kept] == ["Extended time."]
    by_hand = mine.post(section, {"text": "Extended time.", "version": token})
    assert (by_hand.status_code, f'value="{token}"' in by_hand.content.decode()) == (409, True)
    kept = {"text": "Extended time.", "text_seen": "1", "text_keep": "both", "version": token}
    assert mine.post(section, kept).status_code == 302
    with scope.system():
        assert evaluation.texts.get().text == "Extended time.\n\nA quiet room."


def test_a_page_left_open_is_not_saved_in_another_name(evaluation, section, coordinator, browse):
    answer = browse(coordinator).post(f"{section}write", {"text": "Mine.", "version": "1:0"})
    assert answer.status_code == 401


def test_a_reader_reads_the_section_and_cannot_write(section, reader, browse):
    assert "can write in this report" in browse(reader).get(section).content.decode()
    refused = browse(reader).post(section, {"text": "What I typed."})
    assert (refused.status_code, "What I typed." in refused.content.decode()) == (403, True)


def test_a_dissent_without_its_statement_is_refused_beside_its_field(evaluation, coordinator, browse):
    client, page = browse(coordinator), f"/evaluations/{evaluation.pk}/"
    client.post(f"{page}meeting/", {"on": "Oct 15, 2025"})
    sent = {"name": "Ambrose Hebert", "part": "TEACHER", "said": "dissent", "signed_on": "Oct 15, 2025"}
    refused = client.post(f"{page}member/", sent)
    assert 'id="id_statement-error"' in refused.content.decode()
    shown = client.post(
        f"{page}member/", sent | {"statement": "Not borne out."}, follow=True
    ).content.decode()
    assert "Not borne out." in shown
    with scope.system():
        member = evaluation.team.get()
    assert "Ambrose" in client.get(f"{page}?step=member&member={member.pk}").context["form"]["name"].value()
    client.post(f"{page}member-out/", {"member": member.pk})
    with scope.system():
        assert not evaluation.team.exists()


def test_the_page_counts_the_sections_still_needed(child, parish, coordinator, browse):
    from tests.factories import EvaluationFactory

    evaluation = EvaluationFactory(student=child, district=parish)
    text = browse(coordinator).get(f"/evaluations/{evaluation.pk}/").content.decode()
    assert "13 sections of the report are not written" in text
    assert "0 of 13 needed sections written" in text


@pytest.mark.parametrize("sent", [{}, {"deed": "praise"}])
def test_an_odd_request_for_a_component_is_refused_in_words(component, psychologist, browse, sent):
    answer = browse(psychologist).post(address(component), sent)
    assert (answer.status_code, "Write what was found" in answer.content.decode()) == (400, True)


def test_a_number_of_an_evaluation_that_cannot_be_is_not_there(coordinator, browse):
    assert browse(coordinator).post(f"/evaluations/{'9' * 5000}/consent/").status_code == 404


def test_what_was_typed_in_a_second_window_is_shown_when_the_first_has_completed(
    component, psychologist, browse
):
    client, typed = browse(psychologist), {"instruments": "WJ IV", "on": "Sep 20, 2025", "version": 1}
    client.post(address(component), typed | {"findings": "Grade 2."})
    late = client.post(address(component), typed | {"findings": "Grade 3, in the second window."})
    page = late.content.decode()
    assert (late.status_code, "It was completed on Sep 20, 2025" in page) == (400, True)
    assert "Grade 3, in the second window." in page
