"""Activities, evaluations, IEPs and services of made-up children in special education."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from enrollment.models import SpecialEducationActivity
from eser.made_up import goals, iep_content, transition
from evaluations.models import Component, Evaluation, Exceptionality, ReportText
from ieps.models import Iep, IepStatus, SectionText, Service
from security.models import User

CODES = ("SLD", "SLI", "OHI", "AUT", "ID", "EMN", "DD", "HI", "VI", "OI")
WEIGHTS = (34, 20, 15, 12, 6, 5, 4, 2, 1, 1)
ENVIRONMENTS = ("RC80", "RC79TO40", "RC39")
RELATED = ("SLP", "OT", "PT", "COU", "SWS", "TRN")
STRENGTHS = (
    "Works well with one partner and likes to explain a solution aloud.",
    "Reads maps and diagrams with ease and remembers what was seen.",
    "Keeps trying when a task is hard, and asks for help in good time.",
    "Has a wide vocabulary in science and tells stories in order.",
)


def write(chance: Random, children: list[Any], today: date) -> None:
    """Most are found eligible, some are being evaluated; every fifth has a new IEP in draft."""
    waiting = [child for child in children if chance.random() < 0.08]
    found = [child for child in children if child not in waiting]
    _in_progress(chance, waiting, today)
    evaluations = _determined(chance, found, today)
    _agreed(chance, found, evaluations, today)
    _served(chance, found)


def _of_cypress(person: User) -> Callable[[Any], User | None]:
    """Who answers for a child of the first district; the others have nobody made up."""
    return lambda child: person if child.district.code == "101" else None


def _in_progress(chance: Random, children: list[Any], today: date) -> None:
    coordinator = _of_cypress(User.objects.get(username="solange.fuselier"))
    begun = Evaluation.objects.bulk_create(
        Evaluation(
            student=child.student,
            district=child.district,
            kind="INIT",
            referral_date=(referred := today - timedelta(days=chance.randrange(5, 80))),
            referral_reason="Reading falls behind in spite of support in class.",
            consent_date=referred + timedelta(days=8) if chance.random() < 0.8 else None,
            coordinator=coordinator(child),
            created_at=timezone.now(),
        )
        for child in children
    )
    _assessed([row for row in begun if row.consent_date])


def _assessed(begun: list[Evaluation]) -> None:
    """Where consent is there, the school psychologist has an area, and writes in the report."""
    psychologist = User.objects.get(username="mireille.guidry")
    here = [row for row in begun if row.district_id == psychologist.district_id]
    Component.objects.bulk_create(
        Component(
            evaluation=row, area="ACADEMIC", evaluator=psychologist, assigned_on=row.consent_date,
            instruments="Woodcock-Johnson IV, standard conditions.",
        )
        for row in here
    )  # fmt: skip
    ReportText.objects.bulk_create(
        ReportText(
            evaluation=row, section="screening", saved_by=psychologist,
            text="Hearing and vision were screened at school; both passed.",
        )
        for row in here
    )  # fmt: skip


def _determined(chance: Random, children: list[Any], today: date) -> list[Evaluation]:
    coordinator = _of_cypress(User.objects.get(username="solange.fuselier"))
    evaluations = Evaluation.objects.bulk_create(
        _evaluation(chance, child, today, coordinator(child)) for child in children
    )
    Exceptionality.objects.bulk_create(
        Exceptionality(evaluation=evaluation, rank=1, code=_code(chance, child))
        for evaluation, child in zip(evaluations, children, strict=True)
    )
    Evaluation.objects.filter(pk__in=[row.pk for row in evaluations]).update(
        locked=True, lock_version=1, locked_at=timezone.now()
    )
    return evaluations


def _evaluation(chance: Random, child: Any, today: date, coordinator: User | None) -> Evaluation:
    determined = today - timedelta(days=chance.randrange(20, 3 * 365 + 40))
    consent = determined - timedelta(days=chance.randrange(30, 75))
    return Evaluation(
        student=child.student,
        district=child.district,
        kind="INIT" if chance.random() < 0.5 else "REEV",
        referral_date=consent - timedelta(days=12),
        consent_date=consent,
        determination_date=determined,
        dissemination_date=determined,
        outcome="ELIG",
        coordinator=coordinator,
        summary="The team agreed on the need for specially designed instruction.",
    )


def _code(chance: Random, child: Any) -> str:
    code = chance.choices(CODES, weights=WEIGHTS)[0]
    return "SLI" if code == "DD" and int(child.student.grade) in range(4, 13) else code


def _agreed(chance: Random, children: list[Any], evaluations: list[Evaluation], today: date) -> None:
    author = User.objects.get(username="dana.mouton")
    theirs = _of_cypress(author)
    pairs = list(zip(children, evaluations, strict=True))
    official = Iep.objects.bulk_create(
        _iep(chance, child, found, today, theirs(child)) for child, found in pairs
    )
    drafts = Iep.objects.bulk_create(
        Iep(
            student=child.student,
            district=child.district,
            evaluation=found,
            category="REG",
            kind="REV",
            grade=child.student.grade,
            author=theirs(child),
        )
        for child, found in pairs
        if chance.random() < 0.2
    )
    SectionText.objects.bulk_create(_strengths(chance, iep, author) for iep in [*official, *drafts])
    owned = [iep for iep in official if iep.author_id]
    iep_content.write(owned, author)
    others = [iep for iep in owned[iep_content.FULL :] if iep.grade != "20"]
    goals.write(chance, others, author, today)
    transition.write(others, author, today)
    Iep.objects.filter(pk__in=[iep.pk for iep in official]).update(status=IepStatus.OFFICIAL)


def _iep(chance: Random, child: Any, found: Evaluation, today: date, author: User | None) -> Iep:
    met = max(found.determination_date, today - timedelta(days=chance.randrange(5, 385)))
    return Iep(
        student=child.student,
        district=child.district,
        evaluation=found,
        category="REG",
        kind="REV",
        meeting_date=met,
        odr_date=met,
        parent_date=met,
        first_day=met,
        last_day=met + timedelta(days=364),
        grade=child.student.grade,
        home_site=child.site,
        lre="SPL" if child.student.grade == "20" else chance.choices(ENVIRONMENTS, weights=[65, 20, 15])[0],
        regular_minutes=1560,
        total_minutes=1800,
        assessment="REG",
        esy="N",
        author=author,
    )


def _strengths(chance: Random, iep: Iep, author: User) -> SectionText:
    saved_by = author if iep.author_id else None
    return SectionText(
        iep=iep, section="GSI", field="strengths", text=chance.choice(STRENGTHS), saved_by=saved_by
    )


def _served(chance: Random, children: list[Any]) -> None:
    SpecialEducationActivity.objects.bulk_create(
        SpecialEducationActivity(student=child.student, district=child.district, first_day=child.entered)
        for child in children
    )
    Service.objects.bulk_create(
        Service(
            student=child.student, district=child.district, code=code, recipient="S", first_day=child.entered
        )
        for child in children
        for code in ["SEI", *chance.sample(RELATED, chance.randrange(3))]
    )
