"""What happens to an official IEP: amended, corrected, deleted on request."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from ieps.access import why_not_measure
from ieps.actions import (
    Given,
    TakenOut,
    add_line,
    approve,
    ask_deletion,
    begin_amendment,
    correct,
    decide_deletion,
    make_official,
    save_text,
    sign,
    start_draft,
)
from ieps.changes import changes_between
from ieps.goals import in_force
from ieps.models import CheckOut, Correction, Iep, IepStatus
from ieps.signed import Signing
from ieps.written import written_of
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import IepFactory, UserFactory
from tests.ieps.whole import complete, write

pytestmark = pytest.mark.usefixtures("as_system")
TODAY = timezone.localdate()
MET = TODAY - timedelta(days=60)
LAST = MET + timedelta(days=364)


@pytest.fixture
def official(draft, dana):
    """Agreed two months ago, with a strength and one annual goal."""
    write(draft, dana, "GSI", "strengths", "Sings, and readd 12 pages.")
    write(draft, dana, "GSI", "meeting_date", str(MET))
    plan = add_line(by=dana, iep=draft, section="INS")
    write(draft, dana, "INS", f"{plan.pk}.goal", "Reads aloud.", plan)
    Iep.objects.filter(pk=draft.pk).update(
        status=IepStatus.OFFICIAL, meeting_date=MET, first_day=MET, last_day=LAST
    )
    draft.refresh_from_db()
    return draft


@pytest.fixture
def ray(parish):
    return UserFactory(first_name="Ray", last_name="Verdin", role=Role.DATA_MANAGER, role__district=parish)


def say(by, iep, key, text, section="GSI"):
    stored = iep.texts.filter(section=section, field=key).first()
    version = stored.version if stored else 0
    save_text(by=by, iep=iep, section=section, field=key, text=text, version=version)


class TestAmendment:
    def test_it_begins_with_all_that_was_agreed(self, official, dana):
        draft = begin_amendment(by=dana, iep=official, why="More speech therapy", agreed_on=TODAY)
        assert (draft.kind, draft.amends, draft.status) == ("AMD", official, "DRAFT")
        assert draft.texts.get(field="meeting_date").text == str(MET)
        assert draft.lines.get(section="INS").came_from.iep == official

    def test_with_a_meeting_its_day_is_written_anew(self, official, dana):
        draft = begin_amendment(by=dana, iep=official, why="More speech therapy")
        assert not draft.texts.filter(field="meeting_date").exists()

    @pytest.mark.parametrize(
        ("why", "agreed_on", "said"),
        [("", None, "what is to be changed"), ("So", TODAY + timedelta(days=1), "in the future")],
    )
    def test_it_says_why_and_when_the_parents_agreed(self, official, dana, why, agreed_on, said):
        with pytest.raises(RuleBroken, match=said):
            begin_amendment(by=dana, iep=official, why=why, agreed_on=agreed_on)

    def test_one_at_a_time_and_only_from_an_official_iep(self, official, dana, child):
        draft = begin_amendment(by=dana, iep=official, why="So")
        with pytest.raises(RuleBroken, match="begun already"):
            begin_amendment(by=dana, iep=official, why="So")
        with pytest.raises(RuleBroken, match="Only the official IEP"):
            begin_amendment(by=dana, iep=draft, why="So")
        with pytest.raises(RuleBroken, match="begins on the page"):
            start_draft(by=dana, student=child, kind="AMD")

    def test_what_changed_is_listed_by_its_field(self, official, dana):
        draft = begin_amendment(by=dana, iep=official, why="So", agreed_on=TODAY)
        plan = draft.lines.get(section="INS")
        say(dana, draft, f"{plan.pk}.goal", "Reads aloud fluently.", "INS")
        say(dana, draft, "strengths", "")
        found = {change.label: (change.before, change.after) for change in changes_between(official, draft)}
        assert found["Area of need 1: Measurable annual goal"] == ("Reads aloud.", "Reads aloud fluently.")
        assert found["Student strengths"] == ("Sings, and readd 12 pages.", "")
        assert set(found) == {"Area of need 1: Measurable annual goal", "Student strengths"}

    def test_official_both_are_kept_and_the_annual_date_stays(self, official, dana, parish, eligible):
        lucien = UserFactory(first_name="Lucien", last_name="Prejean", role=Role.ODR, role__district=parish)
        draft = begin_amendment(by=dana, iep=official, why="So", agreed_on=TODAY)
        complete(draft, dana, GSI__iep_end=str(LAST))
        line = draft.texts.get(section="GSI", text="Corinne Fontenot").line_id
        sign(by=dana, iep=draft, line=line, given=Given("Corinne Fontenot"), answer="CON")
        approve(by=lucien, iep=draft, given=Given("Lucien Prejean"))
        amendment = make_official(by=lucien, iep=draft)
        official.refresh_from_db()
        assert (official.status, official.replaced_by, amendment.last_day) == ("AMENDED", amendment, LAST)
        assert Signing(amendment).answer.name == "Corinne Fontenot"
        with pytest.raises(RuleBroken, match="Only the official IEP"):
            begin_amendment(by=dana, iep=official, why="So")


class TestCorrection:
    def correct(self, by, iep, after, field="strengths", reason="A letter too many."):
        before = written_of(iep).texts.get(("GSI", field), "")
        return correct(by=by, iep=iep, section="GSI", field=field, after=after, reason=reason, before=before)

    def test_the_corrected_text_is_read_and_the_signed_one_kept(self, official, dana):
        self.correct(dana, official, "Sings, and read 12 pages.")
        assert official.texts.get(field="strengths").text == "Sings, and readd 12 pages."
        assert written_of(official).texts["GSI", "strengths"] == "Sings, and read 12 pages."

    @pytest.mark.parametrize(
        ("field", "after", "reason", "said"),
        [
            ("strengths", "Sings, and read 15 pages.", "So", "does not change a number"),
            ("strengths", "", "So", "does not take a text away"),
            ("strengths", "Sings, and readd 12 pages.", "So", "the same as before"),
            ("strengths", "Sings, and read 12 pages.", " ", "Say why"),
            ("meeting_date", "2026-01-01", "So", "A date was agreed"),
            ("nothing", "x", "So", "no such field"),
            ("parent_concerns", "Homework takes long.", "So", "Nothing was written here"),
        ],
    )
    def test_only_slips_of_the_pen(self, official, dana, field, after, reason, said):
        with pytest.raises(RuleBroken, match=said):
            self.correct(dana, official, after, field, reason)

    def test_a_draft_is_written_in_and_a_reader_corrects_nothing(self, official, child, dana, ray):
        with pytest.raises(RuleBroken, match="draft"):
            self.correct(dana, IepFactory(student=child), "x")
        with pytest.raises(NotAllowed):
            self.correct(ray, official, "Sings, and read 12 pages.")

    def test_who_was_overtaken_looks_again(self, official, dana):
        with pytest.raises(RuleBroken, match="meanwhile"):
            correct(
                by=dana, iep=official, section="GSI", field="strengths", after="x", reason="So", before="Old"
            )

    def test_not_while_somebody_has_the_section_alone(self, official, dana, kofi):
        until = TODAY + timedelta(days=1)
        CheckOut.objects.create(iep=official, section="GSI", by=kofi, until=f"{until}T12:00Z")
        with pytest.raises(TakenOut):
            self.correct(dana, official, "Sings, and read 12 pages.")

    def test_an_amendment_begins_with_the_text_as_it_is_read_now(self, official, dana):
        self.correct(dana, official, "Sings, and read 12 pages.")
        draft = begin_amendment(by=dana, iep=official, why="So", agreed_on=TODAY)
        assert draft.texts.get(field="strengths").text == "Sings, and read 12 pages."
        assert changes_between(official, draft) == []

    def test_the_database_keeps_corrections(self, official, dana):
        self.correct(dana, official, "Sings, and read 12 pages.")
        with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
            Correction.objects.update(after="x")


class TestDeletion:
    def test_it_stays_in_force_until_somebody_else_approves(self, official, child, dana, ray):
        asked = ask_deletion(by=dana, iep=official, reason="Of another child.")
        assert list(Iep.objects.in_force_on(TODAY).filter(student=child)) == [official]
        assert Iep.objects.filter(in_force(TODAY, TODAY)).get() == official
        assert why_not_measure(dana, Iep.objects.get(pk=official.pk)) is None
        decide_deletion(by=ray, iep=official, grant=True)
        asked.refresh_from_db()
        assert (asked.granted, asked.decided_by) == (True, ray)
        assert Iep.objects.get(pk=official.pk).status == IepStatus.DELETED
        assert official.texts.filter(field="strengths").exists()
        assert not Iep.objects.in_force_on(TODAY).filter(student=child).exists()

    def test_refused_it_is_what_it_was(self, official, dana, ray):
        ask_deletion(by=dana, iep=official, reason="Of another child.")
        decided = decide_deletion(by=ray, iep=official, grant=False, answer="It is hers.")
        assert decided.status == IepStatus.OFFICIAL

    @pytest.mark.parametrize(("grant", "answer", "said"), [(True, "", "yourself"), (False, "No", "yourself")])
    def test_nobody_decides_about_the_own_request(self, official, ray, grant, answer, said):
        ask_deletion(by=ray, iep=official, reason="Of another child.")
        with pytest.raises(RuleBroken, match=said):
            decide_deletion(by=ray, iep=official, grant=grant, answer=answer)

    def test_asking_and_refusing_need_a_reason(self, official, dana, ray):
        with pytest.raises(RuleBroken, match="Say why"):
            ask_deletion(by=dana, iep=official, reason=" ")
        ask_deletion(by=dana, iep=official, reason="Of another child.")
        with pytest.raises(RuleBroken, match="Say why it is refused"):
            decide_deletion(by=ray, iep=official, grant=False)

    def test_a_draft_is_not_deleted_on_request_and_a_case_manager_decides_nothing(self, draft, dana):
        with pytest.raises(RuleBroken, match="A draft is discarded"):
            ask_deletion(by=dana, iep=draft, reason="So")
        with pytest.raises(NotAllowed):
            decide_deletion(by=dana, iep=draft, grant=True)

    def test_what_it_had_replaced_stands_again(self, official, child, parish, dana, ray):
        earlier = IepFactory(
            student=child, district=parish, first_day=date(2025, 1, 8), status=IepStatus.SUPERSEDED,
            replaced_by=official, replaced_from=MET,
        )  # fmt: skip
        ask_deletion(by=dana, iep=official, reason="Of another child.")
        decide_deletion(by=ray, iep=official, grant=True)
        earlier.refresh_from_db()
        assert (earlier.status, earlier.replaced_by) == (IepStatus.OFFICIAL, None)
