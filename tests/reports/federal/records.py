"""Arranges children as a count asks for them."""

from datetime import date
from typing import Any

from ieps.models import IepStatus
from tests import factories as make

DAY = date(2026, 10, 1)


def born(age: int) -> date:
    """Somebody who is so old on the count day."""
    return date(DAY.year - age, 6, 15)


def child(district, school=None, *, age=10, iep=True, evaluated=True, enrolled=True, **said: Any):
    """Counted in FS002, unless something else is said: a code of exceptionality, an environment, a grade."""
    code, environment = said.pop("code", "SLD"), said.pop("environment", "RC80")
    grade, learner = said.pop("grade", "05"), said.pop("learner", "N")
    student = make.StudentFactory(
        district=district,
        district__site=school,
        birth_date=said.pop("birth_date", born(age)),
        grade=grade,
        **said,
    )
    make.ActivityFactory(student=student, district=district, first_day=date(2024, 8, 12))
    if enrolled:
        make.EnrollmentFactory(
            student=student,
            district=district,
            site=school or make.SiteFactory(district=district),
            grade=grade,
        )
    if evaluated:
        evaluate(student, district, code)
    if iep:
        plan(student, district, environment, learner)
    return student


def evaluate(student, district, code: str, on: date = date(2025, 2, 3), outcome: str = "ELIG"):
    evaluation = make.EvaluationFactory(
        student=student,
        district=district,
        consent_date=on,
        determination_date=on,
        outcome=outcome,
        locked=False,
    )
    if code:
        make.ExceptionalityFactory(evaluation=evaluation, code=code)
    with make.by_the_system():
        evaluation.locked = True
        evaluation.save()
    return evaluation


def plan(student, district, environment: str, learner: str = "N", on: date = date(2026, 8, 24)):
    iep = make.IepFactory(
        student=student,
        district=district,
        lre=environment,
        meeting_date=on,
        first_day=on,
        kind="REV",
        last_day=date(on.year + 1, on.month, on.day),
    )
    make.SectionTextFactory(iep=iep, section="GSI", field="lep", text=learner)
    with make.by_the_system():
        iep.status = IepStatus.OFFICIAL
        iep.save()
    return iep
