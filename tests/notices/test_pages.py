"""The pages of notices: written with plain questions, nothing lost on an error, printed, delivered."""

from datetime import date

import pytest
from django.urls import reverse

from documents.printing import printed
from enrollment.models import ContactAttempt
from notices import actions
from notices.actions import Handed
from notices.models import Notice, RecordsRequest
from notices.rules.kinds import elements_of
from notices.views.notice import NOTICE
from notices.views.shown import late_words
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from tests.factories import DistrictFactory, EvaluationFactory, UserFactory
from tests.notices.conftest import complete

JSON = "application/json"


@pytest.fixture
def typed():
    return complete("PWN") | {
        "about": ["evaluation", "placement"],
        "language": "eng",
        "event_on": "Oct 20, 2026",
    }


def body(answer) -> str:
    return answer.content.decode()


def test_the_form_asks_each_question_and_begins_with_the_rights(child, coordinator, browse):
    page = body(browse(coordinator).get(reverse("notices:write", args=[child.pk, "PWN"])))
    assert [each.question for each in elements_of("PWN") if each.question not in page] == []
    assert "You are protected by the procedural safeguards" in page


def test_it_is_kept_as_a_draft_then_issued_delivered_and_printed(child, coordinator, browse, typed):
    client = browse(coordinator)
    kept = client.post(
        reverse("notices:write", args=[child.pk, "PWN"]),
        {"why": "Reads late.", "language": "eng", "do": "save"},
    )
    with scope.system():
        notice = Notice.objects.get()
    assert kept.url == reverse("notices:notice", args=[notice.pk])
    client.post(reverse("notices:step", args=[notice.pk, "draft"]), typed | {"do": "issue", "seen": 1})
    sent = {"channel": "HAND", "on": "today", "to": "Corinne Dupre"}
    client.post(reverse("notices:step", args=[notice.pk, "delivery"]), sent)
    page = body(client.get(kept.url))
    assert [words for words in ("delivered", "handed over", "Corinne Dupre") if words not in page] == []
    pdf = client.get(reverse("notices:print", args=[notice.pk]))
    assert (pdf.content[:4], b"pdfuaid" in pdf.content) == (b"%PDF", True)
    with scope.system():
        assert Notice.objects.get().elements["about"] == "evaluation; placement"
        assert AccessRecord.objects.filter(student_id=child.pk, purpose="print").exists()


def test_what_is_missing_is_said_beside_it_and_no_text_is_lost(child, coordinator, browse, typed):
    answer = browse(coordinator).post(
        reverse("notices:write", args=[child.pk, "PWN"]), typed | {"options": "", "do": "issue"}
    )
    assert answer.status_code == 400
    assert "Other options considered: Needed before it is issued." in body(answer)
    assert "About why." in body(answer)
    with scope.system():
        assert not Notice.objects.exists()


def test_a_determination_says_that_no_notice_stands_and_leads_to_a_prefilled_one(
    child, parish, coordinator, browse
):
    evaluation = EvaluationFactory(
        student=child, district=parish, determination_date="2026-10-01", outcome="ELIG"
    )
    client = browse(coordinator)
    address = f"{reverse('notices:write', args=[child.pk, 'PWN'])}?evaluation={evaluation.pk}"
    page = body(client.get(reverse("evaluations:evaluation", args=[evaluation.pk])))
    assert "No prior written notice about this is written" in page
    assert address in page
    assert "The team decided on Oct 1, 2026" in body(client.get(address))
    client.post(address, {"language": "eng", "do": "save"})
    page = body(client.get(reverse("evaluations:evaluation", args=[evaluation.pk])))
    assert "Prior written notice: a draft, not issued yet" in page


def test_an_issued_notice_is_read_not_written(issued, coordinator, browse):
    client = browse(coordinator)
    answer = client.post(
        reverse("notices:step", args=[issued.pk, "draft"]), {"language": "eng", "do": "save"}
    )
    assert answer.status_code == 400
    page = body(client.get(reverse("notices:notice", args=[issued.pk])))
    assert f"?replaces={issued.pk}" in page
    again = body(
        client.get(f"{reverse('notices:write', args=[issued.student_id, 'PWN'])}?replaces={issued.pk}")
    )
    assert "About why." in again


def test_contacts_and_requests_are_recorded_on_the_page_of_the_child(child, registrar, browse):
    client = browse(registrar)
    contact = {"on": "today", "at_time": "12:05 AM", "way": "PHONE", "whom": "Mother", "result": "No answer"}
    client.post(reverse("notices:add", args=[child.pk, "contact"]), contact)
    asked = {"asked_by": "Mother", "asked_on": "yesterday", "what": "The whole record"}
    client.post(reverse("notices:add", args=[child.pk, "records"]), asked)
    page = body(client.get(reverse("notices:child", args=[child.pk])))
    assert [words for words in ("12:05 AM", "No answer", "The whole record") if words not in page] == []
    with scope.system():
        assert (ContactAttempt.objects.count(), RecordsRequest.objects.count()) == (1, 1)
        request = RecordsRequest.objects.get()
    answer = {"on": "today", "way": "SHOWN"}
    client.post(reverse("notices:request", args=[request.pk]), answer)
    assert "answered" in body(client.get(reverse("notices:requests")))


def test_a_refused_contact_keeps_what_was_typed(child, registrar, browse):
    sent = {"on": "today", "way": "PHONE", "whom": "", "result": "Line was dead"}
    answer = browse(registrar).post(reverse("notices:add", args=[child.pk, "contact"]), sent)
    assert (answer.status_code, "Line was dead" in body(answer)) == (400, True)


def test_the_list_tells_what_has_not_reached_the_parents(issued, coordinator, browse):
    client = browse(coordinator)
    shown = {
        state: "Dupre" in body(client.get(reverse("notices:list"), {"state": state}))
        for state in ("undelivered", "delivered", "drafts")
    }
    assert shown == {"undelivered": True, "delivered": False, "drafts": False}


@pytest.mark.rule("DEADLINE-D20")
@pytest.mark.parametrize(("day", "words"), [(10, ""), (11, "1 day late"), (13, "3 days late")])
def test_how_late_it_was_is_told(issued, registrar, day, words):
    """Louisiana: ten days before Oct 20."""
    with scope.system():
        handed = Handed("HAND", date(2026, 10, day), "Corinne Dupre")
        actions.deliver(by=registrar, notice=issued, handed=handed)
        assert late_words(issued, None, date(2026, 12, 1)) == words


@pytest.mark.rule("DEADLINE-D22")
def test_the_page_says_whether_safeguards_were_given_this_school_year(child, coordinator, browse):
    client, page = browse(coordinator), reverse("notices:child", args=[child.pk])
    assert "No procedural safeguards are given yet" in body(client.get(page))
    said = complete("SAFEGUARDS") | {"occasion": ["request of a parent"], "language": "eng", "do": "issue"}
    made = client.post(reverse("notices:write", args=[child.pk, "SAFEGUARDS"]), said)
    handed = {"channel": "HAND", "on": "today", "to": "Corinne Dupre"}
    client.post(f"{made.url}delivery/", handed)
    assert "Procedural safeguards given in" in body(client.get(page))


@pytest.mark.parametrize("name", ["notice", "print"])
def test_another_district_finds_nothing(issued, browse, name):
    stranger = UserFactory(role=Role.SPED_SUPERVISOR, role__district=DistrictFactory())
    assert browse(stranger).get(reverse(f"notices:{name}", args=[issued.pk])).status_code == 404


def test_a_notice_goes_its_way_by_api(child, coordinator, browse):
    client = browse(coordinator)
    sent = {"student": child.pk, "kind": "PWN", "elements": complete("PWN"), "event_on": "2026-10-20"}
    made = client.post(reverse("api:notice-list"), sent, JSON)
    assert (made.status_code, made.json()["status"]) == (201, "DRAFT")
    address = [made.json()["id"]]
    issued = client.post(reverse("api:notice-issue", args=address), {"on": "2026-10-01"}, JSON)
    assert issued.json()["status"] == "ISSUED"
    handed = {"channel": "MAIL", "on": "2026-10-02", "to": "Mother"}
    assert (
        client.post(reverse("api:notice-delivery", args=address), handed, JSON).json()["status"]
        == "DELIVERED"
    )
    refused = client.post(reverse("api:notice-text", args=address), {"elements": {}}, JSON)
    assert (refused.status_code, "stays as it is" in refused.json()["detail"]) == (400, True)


def test_contacts_and_requests_go_by_api(child, registrar, browse):
    client = browse(registrar)
    contact = {
        "student": child.pk,
        "on": "2026-10-01",
        "way": "PHONE",
        "whom": "Mother",
        "result": "No answer",
    }
    assert client.post(reverse("api:contact-list"), contact, JSON).status_code == 201
    asked = {"student": child.pk, "asked_by": "Mother", "asked_on": "2026-09-01", "what": "All"}
    made = client.post(reverse("api:records-request-list"), asked, JSON).json()
    sent = {"on": "2026-09-02", "way": "COPIES"}
    answered = client.post(reverse("api:records-request-answer", args=[made["id"]]), sent, JSON)
    assert answered.json()["way"] == "COPIES"
    assert len(client.get(reverse("api:contact-list")).json()["results"]) == 1


def test_what_a_notice_says_is_no_command_of_the_printer():
    values = {
        "title": "#panic()", "student": "*Zora*", "number": "", "district": "#read(\"/etc/passwd\")",
        "issued": "$x$", "hash": "0", "lines": [["#let", "= head @ref <label>\n#image(\"x\")"]],
    }  # fmt: skip
    assert printed(NOTICE, values).startswith(b"%PDF")


def test_when_two_write_both_texts_are_shown_and_neither_is_lost(
    draft, coordinator, supervisor, browse, typed
):
    address = reverse("notices:step", args=[draft.pk, "draft"])
    theirs, mine = typed | {"why": "Theirs.", "seen": 1}, typed | {"why": "Mine.", "seen": 1}
    browse(supervisor).post(address, theirs | {"do": "save"})
    answer = browse(coordinator).post(address, mine | {"do": "save"})
    page = body(answer)
    assert (answer.status_code, "Theirs." in page, "Mine." in page) == (400, True, True)
    assert 'name="seen" value="2"' in page


def test_a_draft_is_discarded(draft, child, coordinator, browse):
    client = browse(coordinator)
    gone = client.post(reverse("notices:step", args=[draft.pk, "discard"]))
    assert gone.url == reverse("notices:child", args=[child.pk])
    with scope.system():
        assert not Notice.objects.exists()


def test_a_reader_reads_and_is_told_who_writes(issued, parish, browse):
    client = browse(UserFactory(role=Role.READER, role__district=parish))
    page = body(client.get(reverse("notices:notice", args=[issued.pk])))
    assert "can record contacts with parents" in page
    assert "Record the delivery" not in page
    address = reverse("notices:write", args=[issued.student_id, "PWN"])
    assert client.get(address).status_code == 403
