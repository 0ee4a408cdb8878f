"""A child moves to another district: what it brings along, and what the earlier district still reads."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from documents.models import Document
from ieps import actions
from ieps.actions import Comparable, Measured, Outside
from ieps.coming import coming
from ieps.models import (
    ComparableServices,
    Iep,
    IepStatus,
    Line,
    Measurement,
    OutsideIep,
    SectionText,
    Service,
)
from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

TODAY = timezone.localdate()
LAST_YEAR = TODAY - timedelta(days=300)
AGREED = Comparable("Reading, 30 minutes, five times a week", TODAY, "Corinne Fontenot", TODAY)
TEXAS = Outside("TX", "Heron ISD", LAST_YEAR, "Learning disability", "Reading, 150 minutes a week", TODAY)


@pytest.fixture
def earlier(draft, parish, child):
    """An official IEP of the earlier district, with a goal and a service."""
    with scope.elevated():
        goal = Line.objects.create(iep=draft, section="INS", place=1)
    make.SectionTextFactory(
        iep=draft, section="INS", line=goal, field=f"{goal.pk}.goal", text="Reads 90 words."
    )
    make.SectionTextFactory(iep=draft, section="GSI", field="meeting_date", text="long ago")
    make.ServiceFactory(student=child, district=parish, first_day=LAST_YEAR, iep=draft, minutes=30, per="W")
    with scope.elevated():
        Iep.objects.filter(pk=draft.pk).update(
            status=IepStatus.OFFICIAL, meeting_date=LAST_YEAR, first_day=LAST_YEAR,
            last_day=TODAY + timedelta(days=60), lre="RC80",
        )  # fmt: skip
        draft.refresh_from_db()
    return draft


@pytest.fixture
def there(child, parish):
    """The district that answers since today."""
    district = make.DistrictFactory(name="Bayou Verde", state=parish.state)
    with scope.elevated():
        child.jurisdictions.update(last_day=TODAY - timedelta(days=1))
    make.JurisdictionFactory(student=child, district=district, first_day=TODAY)
    return district


@pytest.fixture
def author(there):
    return make.UserFactory(role=Role.IEP_AUTHOR, role__district=there)


@pytest.fixture
def odr(there):
    return make.UserFactory(role=Role.ODR, role__district=there)


def seen_by(person, model) -> int:
    with scope.of(person):
        return model.objects.count()


def test_the_new_district_reads_the_earlier_iep_and_writes_nothing_in_it(earlier, author):
    with scope.of(author):
        assert SectionText.objects.filter(iep=earlier).count() == 2
        with pytest.raises(RuleBroken, match="no draft"):
            actions.save_text(
                by=author, iep=earlier, section="GSI", field="strengths", text="Sings.", version=0
            )


def test_it_is_neither_corrected_nor_amended_before_it_is_adopted(earlier, author):
    with scope.of(author):
        with pytest.raises(RuleBroken, match="is of Cypress Parish. Adopt it first"):
            actions.begin_amendment(by=author, iep=earlier, why="More speech")
        slip = {"section": "GSI", "field": "meeting_date", "before": "long ago", "after": "Long ago"}
        with pytest.raises(RuleBroken, match="is of Cypress Parish. Adopt it first"):
            actions.correct(by=author, iep=earlier, reason="A slip", **slip)


def test_adopted_word_for_word_with_its_annual_review_where_it_was(earlier, odr, child, there):
    with scope.of(odr):
        own = actions.adopt(by=odr, iep=earlier, on=TODAY)
        assert (own.district, own.adopted_from, own.first_day) == (there, earlier, TODAY)
        assert (own.meeting_date, own.last_day, own.lre) == (LAST_YEAR, earlier.last_day, "RC80")
        (goal,) = own.lines.all()
        assert (goal.came_from.iep, goal.texts.get().text) == (earlier, "Reads 90 words.")
        assert Iep.objects.get(pk=earlier.pk).status == IepStatus.SUPERSEDED
        first, second = Service.objects.order_by("first_day")
    assert (first.last_day, second.district, second.first_day) == (TODAY - timedelta(days=1), there, TODAY)
    assert (second.iep_id, second.minutes, second.per) == (own.pk, 30, "W")
    with scope.elevated():
        assert Entry.objects.filter(kind="IEP_ADOPTED", student_id=child.pk).exists()


def test_the_adopted_iep_is_as_immutable_as_every_official_one(earlier, odr, author):
    with scope.of(odr):
        own = actions.adopt(by=odr, iep=earlier, on=TODAY)
    with scope.of(author), pytest.raises(RuleBroken, match="no draft"):
        actions.save_text(by=author, iep=own, section="GSI", field="strengths", text="Sings.", version=0)


def test_an_author_does_not_adopt_and_the_earlier_district_neither(earlier, author, parish):
    old = make.UserFactory(role=Role.ODR, role__district=parish)
    for person in (author, old):
        with scope.of(person), pytest.raises(NotAllowed):
            actions.adopt(by=person, iep=earlier, on=TODAY)


@pytest.mark.parametrize(
    ("on", "said"),
    [(TODAY + timedelta(days=1), "in the future"), (TODAY - timedelta(days=1), "before the first day here")],
)
def test_it_is_adopted_from_a_day_of_the_new_district(earlier, odr, on, said):
    with scope.of(odr), pytest.raises(RuleBroken, match=said):
        actions.adopt(by=odr, iep=earlier, on=on)


def test_an_iep_is_not_adopted_twice(earlier, odr):
    with scope.of(odr):
        own = actions.adopt(by=odr, iep=earlier, on=TODAY)
        for iep in (own, earlier):
            with pytest.raises(RuleBroken):
                actions.adopt(by=odr, iep=iep, on=TODAY)


def test_a_review_begins_with_the_words_and_without_the_meeting(earlier, author, child, there):
    with scope.of(author):
        draft = actions.begin_review_from(by=author, student=child, earlier=earlier)
        assert (draft.district, draft.status) == (there, IepStatus.DRAFT)
        assert list(draft.texts.values_list("text", flat=True)) == ["Reads 90 words."]


def test_comparable_services_begin_in_consultation_and_end_with_the_adoption(earlier, author, odr, child):
    with scope.of(author):
        row = actions.begin_comparable(by=author, student=child, comparable=AGREED, iep=earlier)
        with pytest.raises(RuleBroken, match="recorded already"):
            actions.begin_comparable(by=author, student=child, comparable=AGREED, iep=earlier)
    with scope.of(odr):
        actions.adopt(by=odr, iep=earlier, on=TODAY)
        row.refresh_from_db()
    assert (row.last_day, row.ended) == (TODAY, "ADOPTED")


def test_services_are_comparable_to_something(author, child):
    with scope.of(author), pytest.raises(RuleBroken, match="no IEP of elsewhere"):
        actions.begin_comparable(by=author, student=child, comparable=AGREED, iep=None)


@pytest.mark.rule("DEADLINE-D31")
def test_an_iep_of_another_state_is_taken_in_with_its_scan(author, child):
    scan = ContentFile(b"%PDF-1.7 an IEP of Texas", name="iep.pdf")
    with scope.of(author):
        row = actions.take_in_outside(by=author, student=child, outside=TEXAS, file=scan)
        actions.begin_comparable(by=author, student=child, comparable=AGREED, iep=None, outside=row)
        assert Document.objects.get(pk=row.document_id).student_id == child.pk
        assert coming(child, None).running.outside == row


def test_an_iep_that_came_before_it_was_written_is_refused(author, child):
    wrong = Outside("TX", "Heron ISD", TODAY, "LD", "Reading", TODAY - timedelta(days=1))
    with scope.of(author), pytest.raises(RuleBroken, match="before the meeting"):
        actions.take_in_outside(by=author, student=child, outside=wrong)


def test_the_earlier_district_reads_its_own_time_and_nothing_after(earlier, dana, author, odr, child, parish):
    with scope.elevated():
        line = earlier.lines.get()
        Measurement.objects.create(
            student=child, district=parish, goal=line, on=LAST_YEAR, value=40, unit="percent"
        )
    with scope.of(author):
        measured = Measured(TODAY, 60, "percent")
        actions.measure(by=author, iep=earlier, goal=line, measured=measured)
        actions.begin_comparable(by=author, student=child, comparable=AGREED, iep=earlier)
        actions.take_in_outside(by=author, student=child, outside=TEXAS)
    with scope.of(odr):
        actions.adopt(by=odr, iep=earlier, on=TODAY)
    assert [seen_by(dana, each) for each in (Iep, Measurement, ComparableServices, OutsideIep)] == [
        1,
        1,
        0,
        0,
    ]
    assert [seen_by(author, each) for each in (Iep, Measurement, ComparableServices, OutsideIep)] == [
        2,
        2,
        1,
        1,
    ]


def test_a_draft_comes_along_with_the_first_words_of_the_new_district(draft, dana, author, there):
    assert seen_by(dana, Iep) == 1
    with scope.of(author):
        actions.save_text(by=author, iep=draft, section="GSI", field="strengths", text="Sings.", version=0)
    with scope.elevated():
        draft.refresh_from_db()
    assert draft.district == there
    assert [seen_by(dana, each) for each in (Iep, SectionText)] == [0, 0]


def test_preview_services_and_intake_on_the_page(earlier, author, child, browse):
    client, page = browse(author), reverse("ieps:transfer", args=[child.pk])
    shown = client.get(page).content.decode()
    assert "Cypress Parish" in shown
    assert "Adopt it" not in shown
    wrong = client.post(f"{page}outside/", {"state": "Texas"})
    assert "Write the two letters" in wrong.content.decode()
    sent = {"services": "Reading", "first_day": TODAY, "consulted": "Corinne Fontenot", "consulted_on": TODAY}
    client.post(f"{page}comparable/", sent)
    assert "agreed with Corinne Fontenot" in client.get(page).content.decode()
    client.post(f"{page}end/", {"on": TODAY, "how": "LEFT"})
    assert "Ended: the student left" in client.get(page).content.decode()
    assert client.post(f"{page}review/").url.startswith("/ieps/")
    assert client.post(f"{page}strange/").status_code == 404


def test_adopted_on_the_page(earlier, odr, child, browse):
    client, page = browse(odr), reverse("ieps:transfer", args=[child.pk])
    client.post(f"{page}adopt/", {"on": TODAY})
    assert "adopted from Cypress Parish" in client.get(page).content.decode()
