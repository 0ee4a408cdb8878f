"""A state made by chance: districts, schools and children, each child with the cell that it should stand in.

What is expected is said here when a child is made, not asked of the program.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from enrollment.models import Enrollment, SpecialEducationActivity
from evaluations.models import Evaluation, Exceptionality
from ieps.models import Iep, SectionText
from organizations.models import District, Site
from students.models import Jurisdiction, Student
from tests import factories as make
from tests.reports.federal.reader import Place, Sets, sets_of
from tests.reports.federal.records import born

SCHOOL_AGE, EARLY, EXITS = "FS002", "FS089", "FS009"
RACES = {
    (True, "W"): "HI7", (False, "W"): "WH7", (False, "B"): "BL7", (False, "WB"): "MU7",
    (False, "I"): "AM7", (False, "A"): "AS7", (None, "P"): "PI7", (False, ""): "",
}  # fmt: skip
DISABILITIES = (
    "AUT", "DB", "EMN", "HI", "ID", "MD", "OHI", "OI", "SLD", "SLI", "TBI", "VI",
)  # fmt: skip
SETTINGS = {
    SCHOOL_AGE: ("RC80", "RC79TO40", "RC39", "SS", "RF", "HH", "CF", "PPPS"),
    EARLY: (
        "REC10YSVCS", "REC10YOTHLOC", "REC09YSVCS", "REC09YOTHLOC", "SC", "SS", "RF", "H", "SPL",
    ),
}  # fmt: skip
LEARNERS = {"Y": "LEP", "N": "NLEP", "": "MISSING"}
OF_NO_SCHOOL = ("HH", "PPPS")
PRE_KINDERGARTEN, KINDERGARTEN, FIFTH = "24", "25", "05"
AUTUMN = date(2026, 8, 10)
BEGUN, YEAR_BEGINS, YEAR_ENDS = date(2024, 8, 12), date(2025, 7, 1), date(2026, 6, 30)
AGES_BY = date(2025, 10, 1)
BASES = {
    "X01": "TRAN", "X02": "D", "X03": "DROPOUT", "X04": "MKC", "X05": "GHS", "X08": "RC", "X09": "RMA",
}  # fmt: skip


@dataclass
class Made:
    """`counted`: by file the place of each counted child, and its codes by category."""

    districts: list[District]
    counted: dict[str, list[tuple[Place, dict[str, str]]]] = field(default_factory=lambda: defaultdict(list))

    def expected(self, spec: str, level: str) -> dict[Place, Sets]:
        """By place and set, how many stand in each combination that anybody has."""
        found: dict[Place, Sets] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
        for (district, school), codes in self.counted[spec]:
            if level == "SCH" and codes["EDENVIRIDEASA"] in OF_NO_SCHOOL:
                continue
            place = {"SEA": ("", ""), "LEA": (district, ""), "SCH": (district, school)}[level]
            for name, (categories, _) in sets_of(spec, level).items():
                found[place][name][tuple(codes[category] for category in categories)] += 1
        return found


def generated(seed: int, districts: int = 3, schools: int = 2, children: int = 300) -> Made:
    """The last district serves nobody below kindergarten, and its last school nobody in special education."""
    chance, made = Random(seed), Made([make.DistrictFactory() for _ in range(districts)])
    places = [make.SiteFactory(district=each) for each in made.districts for _ in range(schools)]
    empty, older = places[-1], made.districts[-1]
    make.EnrollmentFactory(district=older, site=empty, grade=FIFTH)
    facts = [_facts(chance, chance.choice(places[:-1]), older) for _ in range(children)]
    for each in facts:
        _expect(made, each)
    _record(facts)
    return made


def generated_exits(seed: int, districts: int = 3, children: int = 120) -> Made:
    """Children who left in the year that ended in June 2026, some of them two districts one after another."""
    chance, made = Random(seed), Made([make.DistrictFactory() for _ in range(districts)])
    schools = [make.SiteFactory(district=each) for each in made.districts]
    facts = [_exit(chance, chance.sample(schools, chance.choice([1, 1, 2]))) for _ in range(children)]
    for each in facts:
        _expect_exit(made, each)
    _record(facts)
    return made


def _facts(chance: Random, school: Site, older: District) -> dict[str, Any]:
    age = chance.randint(6 if school.district_id == older.pk else 3, 21)
    grade = {3: PRE_KINDERGARTEN, 4: PRE_KINDERGARTEN}.get(age, FIFTH)
    if age == 5:
        grade = chance.choice([PRE_KINDERGARTEN, KINDERGARTEN])
    spec = EARLY if grade == PRE_KINDERGARTEN else SCHOOL_AGE
    kinds = (*DISABILITIES, "DD", "DD") if age < 9 else DISABILITIES
    return _anybody(chance) | {
        "school": school, "age": age, "born": born(age), "grade": grade, "spec": spec, "begun": AUTUMN,
        "code": chance.choice(kinds), "environment": chance.choice(SETTINGS[spec]),
        "stays": [(school.district, AUTUMN, None, "")],
    }  # fmt: skip


def _exit(chance: Random, schools: list[Site]) -> dict[str, Any]:
    """The last stay has the exit that counts; one before it ended in the year too, with its own reason."""
    days = sorted(chance.sample(range(1, (YEAR_ENDS - YEAR_BEGINS).days), len(schools)))
    ends = [YEAR_BEGINS + timedelta(days=day) for day in days]
    begins = [BEGUN, *ends]
    reasons = [chance.choice(list(BASES)) for _ in ends]
    age = chance.randint(14, 21)
    ages_by = AGES_BY.year if ends[-1] >= AGES_BY else AGES_BY.year - 1
    return _anybody(chance) | {
        "school": schools[-1], "age": age, "born": date(ages_by - age, 6, 15), "grade": "11", "begun": BEGUN,
        "code": chance.choice(DISABILITIES), "environment": "RC80", "basis": BASES[reasons[-1]],
        "stays": list(zip([school.district for school in schools], begins, ends, reasons, strict=False)),
    }  # fmt: skip


def _anybody(chance: Random) -> dict[str, Any]:
    learner = chance.choice(list(LEARNERS))
    return {"sex": chance.choice("FM"), "race": chance.choice(list(RACES)), "learner": learner}


def _expect(made: Made, facts: dict[str, Any]) -> None:
    spec, school = facts["spec"], facts["school"]
    if not RACES[facts["race"]]:
        return
    of_age, setting = ("AGESA", "EDENVIRIDEASA") if spec == SCHOOL_AGE else ("AGEEC", "EDENVIDEAEC")
    five = "AGE05K" if spec == SCHOOL_AGE else "AGE05NOTK"
    codes = {
        "DISABCATIDEA": facts["code"], "RACEETHNIC": RACES[facts["race"]], "SEX": facts["sex"],
        of_age: five if facts["age"] == 5 else str(facts["age"]), setting: facts["environment"],
        "LEPBOTH": LEARNERS[facts["learner"]],
    }  # fmt: skip
    made.counted[spec].append(((school.district.code, school.code), codes))


def _expect_exit(made: Made, facts: dict[str, Any]) -> None:
    if not RACES[facts["race"]]:
        return
    codes = {
        "DISABCATIDEAEXIT": facts["code"], "RACEETHNIC": RACES[facts["race"]], "SEX": facts["sex"],
        "AGEEXITSPED": str(facts["age"]), "BASISEXIT": facts["basis"], "LEPBOTH": LEARNERS[facts["learner"]],
    }  # fmt: skip
    made.counted[EXITS].append(((facts["school"].district.code, ""), codes))


@make.by_the_system()
def _record(all_facts: list[dict[str, Any]]) -> None:
    """Many rows in one statement; evaluations are locked, and IEPs official, once their parts are there."""
    pairs = list(zip(_students(all_facts), all_facts, strict=True))
    of = [{"student": student, "district": facts["school"].district} for student, facts in pairs]
    Jurisdiction.objects.bulk_create(
        Jurisdiction(**each, first_day=facts["begun"]) for each, facts in zip(of, all_facts, strict=True)
    )
    SpecialEducationActivity.objects.bulk_create(
        SpecialEducationActivity(
            student=student, district=district, first_day=first, last_day=last, exit_reason=reason
        )
        for student, facts in pairs for district, first, last, reason in facts["stays"]
    )  # fmt: skip
    Enrollment.objects.bulk_create(
        Enrollment(**each, site=f["school"], grade=f["grade"], entry_code="1880", first_day=f["begun"])
        for each, f in zip(of, all_facts, strict=True)
    )
    dated = {"consent_date": BEGUN, "determination_date": BEGUN}
    evaluations = Evaluation.objects.bulk_create(
        Evaluation(**each, kind="INIT", outcome="ELIG", **dated) for each in of
    )
    Exceptionality.objects.bulk_create(
        Exceptionality(evaluation=evaluation, rank=1, code=facts["code"])
        for evaluation, facts in zip(evaluations, all_facts, strict=True)
    )
    Evaluation.objects.update(locked=True)
    ieps = Iep.objects.bulk_create(
        Iep(
            **each, category="REG", kind="REV", lre=facts["environment"], meeting_date=facts["begun"],
            first_day=facts["begun"], last_day=facts["begun"].replace(year=facts["begun"].year + 1),
        )
        for each, facts in zip(of, all_facts, strict=True)
    )  # fmt: skip
    SectionText.objects.bulk_create(
        SectionText(iep=iep, section="GSI", field="lep", text=facts["learner"])
        for iep, facts in zip(ieps, all_facts, strict=True)
    )
    Iep.objects.update(status="OFFICIAL")


def _students(all_facts: list[dict[str, Any]]) -> list[Student]:
    state = make.StateFactory()
    return Student.objects.bulk_create(
        Student(
            state=state, state_student_id=f"{7_000_000_000 + n}", edfi_id=f"{700_000 + n}",
            last_name=f"Child {n}", first_name="Odile", birth_date=facts["born"], sex=facts["sex"],
            hispanic=facts["race"][0], races=facts["race"][1], grade=facts["grade"],
        )
        for n, facts in enumerate(all_facts)
    )  # fmt: skip
