"""The pages of the way to the official IEP, and of what comes after it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ieps.models import DeleteRequest, Iep, IepStatus
from security import scope
from security.rules.roles import Role
from tests.factories import IepFactory, UserFactory
from tests.ieps.whole import complete, write

TODAY = timezone.localdate()


def page(name, iep, **more) -> str:
    return reverse(f"ieps:{name}", kwargs={"pk": iep.pk, **more})


@pytest.fixture
def whole(draft, dana, eligible):
    with scope.system():
        return complete(draft, dana)


@pytest.fixture
def official(draft, dana):
    with scope.system():
        write(draft, dana, "GSI", "strengths", "Sings, and readd 12 pages.")
        Iep.objects.filter(pk=draft.pk).update(
            status=IepStatus.OFFICIAL, first_day=TODAY, last_day=TODAY + timedelta(days=300)
        )
        draft.refresh_from_db()
    return draft


def test_the_check_leads_to_each_field(draft, dana, browse):
    text = browse(dana).get(page("review", draft)).content.decode()
    assert f'href="{page("section", draft, section="GSI")}#id_strengths"' in text
    assert "Fill in: Student strengths." in text


def test_it_is_signed_approved_and_official(whole, dana, parish, browse):
    lucien = UserFactory(first_name="Lucien", last_name="Prejean", role=Role.ODR, role__district=parish)
    with scope.system():
        line = whole.texts.get(section="GSI", text="Corinne Fontenot").line_id
    client, signing = browse(dana), page("sign", whole, line=line)
    drawn = {"name": "Corinne Fontenot", "way": "DRAWN", "answer": "CON"}
    assert client.post(signing, drawn).status_code == 400
    assert client.post(signing, {**drawn, "drawing": "M10 20L30 40L50 60"}).status_code == 302
    shown = client.get(page("review", whole)).content.decode()
    assert 'd="M10 20L30 40L50 60"' in shown
    assert "drawn, answer: consent;" in shown
    assert "Only a district representative (ODR)" in shown
    before = browse(lucien).get(page("approve", whole)).content.decode()
    assert "answer: <strong>consent</strong>" in before
    assert f'href="{page("print", whole)}"' in before
    answer = browse(lucien).post(page("approve", whole), {"name": "Lucien Prejean", "way": "TYPED"})
    assert answer.url == page("iep", whole)
    with scope.system():
        assert Iep.objects.get(pk=whole.pk).status == IepStatus.OFFICIAL


def test_the_page_of_the_iep_says_where_it_stands_and_who_is_next(whole, dana, browse):
    text = browse(dana).get(page("iep", whole)).content.decode()
    assert "The answer and signature of the parents are missing." in text
    assert "by the officially designated representative" in text


def test_a_section_of_an_official_iep_lists_nothing_to_do(official, dana, browse):
    page = browse(dana).get(reverse("ieps:section", args=[official.pk, "GSI"])).content.decode()
    assert ">Still to do<" not in page
    assert "to fill in" not in page


def test_an_amendment_is_begun_on_its_page(official, dana, browse):
    client = browse(dana)
    assert "Amend" in client.get(page("iep", official)).content.decode()
    assert client.post(page("amend", official), {"why": ""}).status_code == 400
    begun = client.post(page("amend", official), {"why": "More speech therapy", "agreed_on": str(TODAY)})
    with scope.system():
        draft = official.amendments.get()
    assert begun.url == page("iep", draft)
    shown = client.get(page("changes", draft)).content.decode()
    assert "Services begin" not in shown
    assert "Amendment to a Review/Initial IEP <b>draft</b>" in shown


def test_a_slip_of_the_pen_is_corrected_on_its_page(official, dana, browse):
    client, address = browse(dana), page("correct", official)
    assert "?field=GSI.strengths" in client.get(address).content.decode()
    sent = {"before": "Sings, and readd 12 pages.", "after": "Sings, and read 12 pages.", "reason": "A slip"}
    assert client.post(f"{address}?field=GSI.strengths", {**sent, "reason": ""}).status_code == 400
    assert client.post(f"{address}?field=GSI.strengths", sent).status_code == 302
    shown = client.get(page("iep", official)).content.decode()
    assert "<ins>Sings, and read 12 pages.</ins>" in shown


def test_a_deletion_is_asked_for_and_decided_by_another(official, dana, parish, browse):
    ray = UserFactory(role=Role.DATA_MANAGER, role__district=parish)
    address = page("deletion", official)
    browse(dana).post(address, {"reason": "Of another child."})
    assert "Of another child." in browse(dana).get(address).content.decode()
    browse(ray).post(address, {"grant": "yes", "answer": ""})
    with scope.system():
        assert DeleteRequest.objects.get().granted is True
        assert Iep.objects.get(pk=official.pk).status == IepStatus.DELETED


@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        ({"first_day": TODAY}, "current", "official"),
        ({"first_day": TODAY + timedelta(days=9)}, "future", "official, future"),
        ({"replaced_from": TODAY}, "historical", "historical"),
        ({"status": IepStatus.DELETED}, None, None),
    ],
)
def test_the_list_keeps_them_apart_by_the_days(child, parish, dana, browse, facts, state, words):
    newer = IepFactory(student=child, district=parish) if "replaced_from" in facts else None
    iep = IepFactory(
        student=child,
        district=parish,
        kind="REV",
        replaced_by=newer,
        **{"status": IepStatus.OFFICIAL} | facts,
    )
    address = f'href="{page("iep", iep)}"'
    shown = {
        each: browse(dana).get(f"/ieps/?state={each}").content.decode()
        for each in ("", "current", "future", "historical")
    }
    assert {each for each, text in shown.items() if address in text} == ({"", state} if state else set())
    assert words is None or words in shown[""]
