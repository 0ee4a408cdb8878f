"""From the draft to the official IEP: signed, approved, and then kept as it is."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import ProgrammingError, transaction
from django.utils import timezone

from ieps.actions import (
    Given,
    approve,
    ask_deletion,
    attach,
    correct,
    decide_deletion,
    detach,
    make_official,
    save_text,
    settle,
    sign,
)
from ieps.checking import findings_of
from ieps.models import Iep, IepStatus, Line, SectionText, Service, Signature
from ieps.paper import print_iep
from ieps.rules.checks import Level
from ieps.rules.life import Stage, Standing, standing_on
from ieps.signed import Signing
from ieps.told import told_in
from ieps.written import written_of
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import IepFactory, ServiceFactory, SiteFactory, UserFactory
from tests.ieps.whole import PARENT, TEACHER, add_line, complete, line_of, write
from tests.pdf_text import squeezed, text_of

pytestmark = pytest.mark.usefixtures("as_system")
TODAY = timezone.localdate()


@pytest.fixture
def lucien(parish):
    return UserFactory(first_name="Lucien", last_name="Prejean", role=Role.ODR, role__district=parish)


@pytest.fixture
def whole(draft, dana, eligible):
    return complete(draft, dana)


def sign_as_parent(by, iep, answer="CON", **options):
    return sign(by=by, iep=iep, line=line_of(iep, PARENT), given=Given(PARENT, **options), answer=answer)


def agreed(by, iep, representative) -> Iep:
    sign_as_parent(by, iep)
    approve(by=representative, iep=iep, given=Given(str(representative)))
    return make_official(by=representative, iep=iep)


def test_what_is_missing_is_told_with_its_field(draft):
    found = findings_of(draft)
    assert ("GSI", "strengths", Level.BLOCKING) in {(each.section, each.key, each.level) for each in found}
    assert all(each.sentence for each in found)


def test_a_whole_iep_has_nothing_that_keeps_it(whole):
    assert [each.sentence for each in findings_of(whole) if each.is_blocking] == []


def test_nobody_signs_before_it_is_written(draft, dana, eligible):
    complete(draft, dana)
    write(draft, dana, "GSI", "strengths", "")
    with pytest.raises(RuleBroken, match="One thing is to fill in"):
        sign_as_parent(dana, draft)


def test_a_day_that_is_not_understood_is_pointed_at(whole, dana):
    write(whole, dana, "GSI", "meeting_date", "13/32/2026")
    assert "meeting_date" in {each.key for each in findings_of(whole) if each.is_blocking}


def test_the_answer_of_the_parents_is_kept_with_their_signature(whole, dana):
    signature = sign_as_parent(dana, whole, ip="127.0.0.1")
    assert (signature.purpose, signature.answer, signature.ip) == ("CONSENT", "CON", "127.0.0.1")
    assert whole.texts.get(section="PLC", field="choice").text == "CON"
    assert Signing(whole).answer == signature
    known = told_in(whole, "PLC", written_of(whole))
    assert ("Signature (typed name)", PARENT) in known
    assert ("Parent / Student Consent for Services: date", TODAY) in known


def test_a_change_makes_what_was_signed_void(whole, dana):
    sign_as_parent(dana, whole)
    text = whole.texts.get(field="strengths")
    save_text(by=dana, iep=whole, section="GSI", field="strengths", text="Sings.", version=text.version)
    signing = Signing(whole)
    assert (signing.answer, len(signing.void), signing.stage) == (None, 1, Stage.SIGNED)
    assert next(member for member in signing.members if member.name == PARENT).void == 1


def test_the_answer_that_is_written_is_the_one_that_was_signed(whole, dana, lucien):
    sign_as_parent(dana, whole, answer="DIS")
    write(whole, dana, "PLC", "choice", "CON")
    approve(by=lucien, iep=whole, given=Given("Lucien Prejean"))
    with pytest.raises(RuleBroken, match="another answer than the parents signed"):
        make_official(by=lucien, iep=whole)


def test_nobody_signs_or_approves_what_they_have_not_read(whole, dana, lucien):
    read = Signing(whole).seal
    write(whole, dana, "GSI", "strengths", "Sings.")
    with pytest.raises(RuleBroken, match="changed since you opened"):
        sign_as_parent(dana, whole, seen=read)
    sign_as_parent(dana, whole, seen=Signing(whole).seal)
    with pytest.raises(RuleBroken, match="changed since you opened"):
        approve(by=lucien, iep=whole, given=Given("Lucien Prejean", seen=read))


def test_when_the_copy_was_given_is_no_change(whole, dana):
    sign_as_parent(dana, whole)
    write(whole, dana, "PLC", "copy_given", str(TODAY))
    assert Signing(whole).answer is not None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Given(" "), "name"),
        (Given("A", way="DRAWN"), "drawing"),
        (Given("A", way="DRAWN", drawing="<script>alert(1)</script>"), "drawing"),
        (Given("A", way="PAPER"), "file"),
    ],
)
def test_how_it_is_signed_is_looked_at(whole, dana, given, field):
    with pytest.raises(RuleBroken) as refused:
        sign(by=dana, iep=whole, line=line_of(whole, TEACHER), given=given)
    assert refused.value.field == field


def test_the_parents_choose_an_answer(whole, dana):
    with pytest.raises(RuleBroken, match="answer of the parents"):
        sign_as_parent(dana, whole, answer="")


def test_approval_comes_after_the_answer_of_the_parents(whole, lucien):
    with pytest.raises(RuleBroken, match="signature of the parents"):
        approve(by=lucien, iep=whole, given=Given("Lucien Prejean"))


def test_the_case_manager_does_not_approve(whole, dana, lucien):
    sign_as_parent(dana, whole)
    with pytest.raises(NotAllowed):
        approve(by=dana, iep=whole, given=Given("Dana Mouton"))
    whole.author = lucien
    whole.save()
    with pytest.raises(RuleBroken, match="is the case manager"):
        approve(by=lucien, iep=whole, given=Given("Lucien Prejean"))


def test_the_childs_own_special_education_teacher_does_not_approve(whole, dana, parish):
    sign_as_parent(dana, whole)
    yvette = UserFactory(first_name="Yvette", last_name="Broussard", role=Role.ODR, role__district=parish)
    with pytest.raises(RuleBroken, match="special education teacher"):
        approve(by=yvette, iep=whole, given=Given(TEACHER))


def test_official_the_records_have_what_was_agreed(whole, dana, lucien):
    iep = agreed(dana, whole, lucien)
    iep.refresh_from_db()
    assert (iep.status, iep.meeting_date, iep.first_day, iep.lre) == ("OFFICIAL", TODAY, TODAY, "RC80")
    assert (iep.parent_date, iep.odr_date, iep.esy) == (TODAY, TODAY, "U")
    assert iep.agreed.is_whole
    assert iep.agreed.content["signatures"][0]["name"] == PARENT


def test_the_print_is_what_was_agreed_with_corrections_marked(whole, dana, lucien, parish):
    school = SiteFactory(district=parish, name="Heron Elementary")
    write(whole, dana, "GSI", "home_school", str(school.pk))
    write(whole, dana, "GSI", "strengths", "Sings, and readd a lot.")
    attach(by=dana, iep=whole, kind="OTHER", file=ContentFile(b"%PDF-1.7 a report", name="report.pdf"))
    iep = agreed(dana, whole, lucien)
    type(school).objects.filter(pk=school.pk).update(name="Pelican Elementary")
    correct(
        by=dana, iep=iep, section="GSI", field="strengths", before="Sings, and readd a lot.",
        after="Sings, and read a lot.", reason="A letter too many.",
    )  # fmt: skip
    text = text_of(print_iep(Iep.objects.get(pk=iep.pk)))
    said = ["Heron Elementary", "Another supporting document: report.pdf", "ODR name Lucien Prejean"]
    said.append("Corrected after it was signed Sings, and read a lot. Before: Sings, and readd a lot.")
    assert [words for words in said if squeezed(words) not in text] == []
    assert "Pelican" not in text


def report_on(iep, by):
    file = ContentFile(b"%PDF-1.7 a report", name="report.pdf")
    return attach(by=by, iep=iep, kind="OTHER", file=file)


def test_a_file_taken_out_of_a_draft_is_still_kept(draft, dana):
    added = report_on(draft, dana)
    detach(by=dana, iep=draft, number=added.pk)
    assert (draft.attachments.count(), added.document.file.size) == (0, 17)
    with pytest.raises(RuleBroken, match="not in the draft any more"):
        detach(by=dana, iep=draft, number=added.pk)


def test_a_signature_belongs_to_the_files_too(whole, dana):
    read = Signing(whole).seal
    added = report_on(whole, dana)
    with_file = Signing(whole).seal
    detach(by=dana, iep=whole, number=added.pk)
    assert (with_file != read, Signing(whole).seal) == (True, read)


def test_a_file_of_an_official_iep_stays(whole, dana, lucien):
    added = report_on(whole, dana)
    iep = agreed(dana, whole, lucien)
    with pytest.raises(RuleBroken):
        detach(by=dana, iep=iep, number=added.pk)
    assert iep.attachments.count() == 1


def test_services_of_the_plan_begin_and_earlier_ones_end(child, parish, draft, dana, lucien, eligible):
    old = ServiceFactory(student=child, district=parish, first_day=TODAY - timedelta(days=300))
    add_line(
        draft, dana, "PRG", "services", service="SLP", recipient="S", minutes="30", sessions="2", per="W",
        location="SPE", provider="Therapist",
    )  # fmt: skip
    iep = agreed(dana, complete(draft, dana), lucien)
    old.refresh_from_db()
    assert old.last_day == TODAY - timedelta(days=1)
    new = Service.objects.get(iep=iep)
    assert (new.code, new.minutes, new.first_day, new.last_day) == ("SLP", 30, TODAY, iep.last_day)
    assert (iep.total_minutes, iep.regular_minutes) == (1800, 1740)


def test_nothing_is_official_without_the_approval(whole, dana):
    sign_as_parent(dana, whole)
    with pytest.raises(RuleBroken, match="approval"):
        make_official(by=dana, iep=whole)


def test_the_first_services_need_a_consent(whole, dana):
    whole.kind = "INI"
    whole.save()
    complete(whole, dana)
    sign_as_parent(dana, whole, answer="REF")
    assert "refuse the first services" in Signing(whole).why_not_answered


def test_a_newer_iep_takes_the_place_from_its_first_day(whole, child, parish, dana, lucien):
    last_year = IepFactory(
        student=child, district=parish, kind="INI", meeting_date=TODAY - timedelta(days=360),
        first_day=TODAY - timedelta(days=360), status=IepStatus.OFFICIAL,
    )  # fmt: skip
    ahead = TODAY + timedelta(days=10)
    write(whole, dana, "GSI", "iep_begin", str(ahead))
    iep = agreed(dana, whole, lucien)
    last_year.refresh_from_db()
    stands = [
        [standing_on(day, each.status, each.first_day, each.replaced_from) for each in (last_year, iep)]
        for day in (TODAY, ahead)
    ]
    assert stands == [[Standing.CURRENT, Standing.FUTURE], [Standing.HISTORICAL, Standing.CURRENT]]
    assert list(Iep.objects.in_force_on(TODAY).filter(student=child)) == [last_year]
    assert list(Iep.objects.in_force_on(ahead).filter(student=child)) == [iep]
    assert (settle(TODAY), settle(ahead), settle(ahead)) == (0, 1, 0)
    last_year.refresh_from_db()
    assert last_year.status == IepStatus.SUPERSEDED


@pytest.fixture
def between(whole, child, parish, dana, lucien):
    """Last year's IEP, one that begins in ten days, and the next, agreed to before that, in sixty days."""
    last_year, later = (
        IepFactory(student=child, district=parish, first_day=TODAY + timedelta(days=day), status="OFFICIAL")
        for day in (-300, 60)
    )
    for each in (last_year, later):
        ServiceFactory(student=child, district=parish, iep=each, first_day=each.first_day)
    last_year.replaced_by, last_year.replaced_from = later, later.first_day
    last_year.save()
    write(whole, dana, "GSI", "iep_begin", str(TODAY + timedelta(days=10)))
    line = {"service": "SLP", "recipient": "S", "minutes": "30", "sessions": "2", "per": "W"}
    add_line(whole, dana, "PRG", "services", **line, location="SPE", provider="Therapist")
    return last_year, agreed(dana, complete(whole, dana), lucien), later


def one_at_a_time(child) -> list[list[Iep]]:
    days = [TODAY + timedelta(days=day) for day in (0, 10, 59, 60)]
    return [list(Iep.objects.in_force_on(day).filter(student=child)) for day in days]


def test_an_iep_between_two_is_in_effect_until_the_next_one_begins(between, child):
    last_year, this, later = between
    assert one_at_a_time(child) == [[last_year], [this], [this], [later]]
    ends = dict(Service.objects.values_list("iep", "last_day"))
    ninth, last = (TODAY + timedelta(days=day) for day in (9, 59))
    assert ends == {last_year.pk: ninth, this.pk: last, later.pk: None}


def test_deleted_it_leaves_the_one_before_until_the_next_one_begins(between, child, dana, parish):
    last_year, this, later = between
    ray = UserFactory(role=Role.DATA_MANAGER, role__district=parish)
    ask_deletion(by=dana, iep=this, reason="Of another child.")
    decide_deletion(by=ray, iep=this, grant=True)
    assert one_at_a_time(child) == [[last_year], [last_year], [last_year], [later]]
    assert Service.objects.get(iep=last_year).last_day == TODAY + timedelta(days=59)


def test_the_database_keeps_what_was_agreed(whole, dana, lucien):
    iep = agreed(dana, whole, lucien)
    for change in (
        lambda: Iep.objects.filter(pk=iep.pk).update(last_day=TODAY),
        lambda: SectionText.objects.filter(iep=iep).update(text="other"),
        lambda: Line.objects.filter(iep=iep).update(place=9),
        lambda: Signature.objects.filter(iep=iep).delete(),
        lambda: Signature.objects.filter(iep=iep).update(name="other"),
        lambda: type(iep.agreed).objects.filter(iep=iep).update(content={}),
        lambda: Iep.objects.filter(pk=iep.pk)._raw_delete("default"),
        lambda: Iep.objects.filter(pk=iep.pk).update(status=IepStatus.DRAFT),
        lambda: Iep.objects.filter(pk=iep.pk).update(added_sections=["BIP"]),
        lambda: Iep.objects.filter(pk=iep.pk).update(district=None),
        lambda: Iep.objects.filter(pk=iep.pk).update(status=IepStatus.DELETED),
    ):
        with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
            change()


def test_a_goal_that_was_taken_out_is_chosen_no_more(whole, dana):
    plan = whole.lines.filter(section="INS", table="").first()
    add_line(whole, dana, "TRN", "annual_goal_links", goal=str(plan.pk))
    whole.added_sections = ["TRN"]
    assert "TRN" not in {each.section for each in findings_of(whole) if "not there any more" in each.sentence}
    Line.objects.filter(pk=plan.pk).update(removed_at=timezone.now(), removed_by=dana)
    assert "TRN" in {each.section for each in findings_of(whole) if "not there any more" in each.sentence}
