"""IEPs in each of their states, and every page that is about one: addresses by the person who opens them."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from evaluations.models import Evaluation
from ieps import actions
from ieps.actions import Given, Measured
from ieps.carried import offered
from ieps.models import Iep
from organizations.models import District
from security import scope
from security.models import User
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.ieps.whole import PARENT, complete, line_of, write

TODAY = timezone.localdate()
ADDED = ("BIP", "LEAPC", "SITE")
SECTIONS = ("GSI", "TRN", "INS", "ACC", "BIP", "PRG", "LEAPC", "SITE", "PLC")
OF_ANOTHER_CATEGORY = {"GT": ("GSI", "INS", "PRG", "PLC"), "SP": ("GSI", "INS", "PRG", "SITE", "PLC")}
LEAP_CONNECT = {"PRG__assessment": "LEAPC", "LEAPC__completed_grade5": "N", "LEAPC__sd_below": "3.1"}
DRAWN = "M40 110C60 20 90 20 100 90L120 60L260 70"

Pages = dict[str, tuple[str, ...]]


def pages_of_ieps(mine: District, people: dict[Role, User]) -> Pages:
    """Each IEP is another child's; all were begun by the IEP author."""
    with scope.system():
        return Arranged(mine, people).pages()


class Arranged:
    def __init__(self, mine: District, people: dict[Role, User]) -> None:
        self.mine = mine
        self.author, self.approver = people[Role.IEP_AUTHOR], people[Role.ODR]
        self.reader = people[Role.DATA_MANAGER]

    def pages(self) -> Pages:
        first = self.official(self.child(10))
        begun = actions.start_draft(by=self.author, student=first.student, kind="REV")
        signed = self.signed(self.child(10))
        changed = self.official(self.child(10))
        return {
            Role.IEP_AUTHOR: (
                *self.of_a_draft(), *self.of_other_categories(), *self.of_amended(changed),
                *self.of_carried(begun, first), *self.of_what_is_beside(first),
            ),
            Role.ODR: (at(signed), at(signed, "review/"), at(signed, "approve/")),
            Role.DATA_MANAGER: (at(self.asked(), "deletion/"), "/indicators/13/"),
        }  # fmt: skip

    def child(self, age: int) -> Student:
        """With a locked evaluation that found a learning disability."""
        born = date(TODAY.year - age, 1, 15)
        child = make.StudentFactory(district=self.mine, birth_date=born, grade="09" if age > 14 else "04")
        make.EnrollmentFactory(student=child, district=self.mine, first_day=TODAY - timedelta(days=400))
        found = make.EvaluationFactory(
            student=child, district=self.mine, outcome="ELIG",
            determination_date=TODAY - timedelta(days=20),
        )  # fmt: skip
        make.ExceptionalityFactory(evaluation=found, rank=1, code="SLD")
        Evaluation.objects.filter(pk=found.pk).update(locked=True)
        return child

    def whole(self, child: Student, category: str = "REG", **answers: str) -> Iep:
        draft = make.IepFactory(
            student=child, district=self.mine, kind="REV", category=category, author=self.author,
            added_sections=list(ADDED) if category == "REG" and child.grade == "09" else [],
        )  # fmt: skip
        return complete(draft, self.author, **answers)

    def signed(self, child: Student) -> Iep:
        iep = self.whole(child)
        given = Given(PARENT, way="DRAWN", drawing=DRAWN)
        actions.sign(by=self.author, iep=iep, line=line_of(iep, PARENT), given=given, answer="CON")
        return iep

    def official(self, child: Student) -> Iep:
        iep = self.signed(child)
        actions.approve(by=self.approver, iep=iep, given=Given(str(self.approver)))
        return actions.make_official(by=self.approver, iep=iep)

    def asked(self) -> Iep:
        iep = self.official(self.child(10))
        actions.ask_deletion(by=self.author, iep=iep, reason="Written for another child.")
        return iep

    def of_a_draft(self) -> tuple[str, ...]:
        """All nine sections, full; what is done with them."""
        youth = self.whole(self.child(16), **LEAP_CONNECT)
        actions.keep_statement(by=self.author, section="GSI", field="strengths", text="Sings.")
        ready = self.whole(self.child(10))
        return (
            *(at(youth, f"{section}/") for section in SECTIONS),
            at(youth), at(youth, "transition/"), at(youth, "GSI/strengths/words/"),
            at(ready, "review/"), at(ready, f"sign/{line_of(ready, PARENT)}/"),
            "/ieps/bank/", "/ieps/bank/add/", "/ieps/print/", "/ieps/blank/", "/ieps/leap-connect",
        )  # fmt: skip

    def of_other_categories(self) -> list[str]:
        drafts = {category: self.whole(self.child(10), category) for category in OF_ANOTHER_CATEGORY}
        return [
            at(drafts[category], f"{section}/")
            for category, sections in OF_ANOTHER_CATEGORY.items()
            for section in sections
        ]

    def of_amended(self, iep: Iep) -> tuple[str, ...]:
        """An official IEP that was corrected, and its amendment."""
        said = iep.texts.get(section="GSI", field="strengths").text
        corrected = {"before": said, "after": f"{said} Sings.", "reason": "A slip of the pen"}
        actions.correct(by=self.author, iep=iep, section="GSI", field="strengths", **corrected)
        amendment = actions.begin_amendment(by=self.author, iep=iep, why="More speech therapy.")
        write(amendment, self.author, "GSI", "parent_concerns", "More time with the therapist.")
        return (
            at(iep), at(iep, "review/"), at(iep, "correct/"), at(iep, "correct/?field=GSI.strengths"),
            at(iep, "deletion/"), at(iep, "life/"), at(iep, "GSI/strengths/history/"), at(iep, "GSI/"),
            at(amendment), at(amendment, "changes/"), at(amendment, "versions/"),
        )  # fmt: skip

    def of_carried(self, begun: Iep, first: Iep) -> tuple[str, ...]:
        """`begun` takes over nothing yet; another draft has what nobody looked at."""
        source = self.official(self.child(10))
        taken = actions.start_draft(by=self.author, student=source.student, kind="REV")
        goals = [each.number for each in offered(source) if each.number]
        actions.carry_forward(by=self.author, source=source, to=taken, chosen=SECTIONS, goals=goals)
        return (
            at(begun, "carry-forward/"), at(first, "amend/"), at(taken), at(taken, "missing/"),
            at(taken, "review/"), *(at(taken, f"{section}/") for section in ("GSI", "INS", "PRG")),
        )  # fmt: skip

    def of_what_is_beside(self, iep: Iep) -> tuple[str, ...]:
        goal = iep.lines.filter(section="INS", table="").first()
        measured = Measured(TODAY, Decimal(42), unit="words a minute")
        actions.measure(by=self.author, iep=iep, goal=goal, measured=measured)
        return at(iep, "progress/"), "/ieps/progress-reports/", f"/ieps/transfers/{iep.student_id}/"


def at(iep: Iep, more: str = "") -> str:
    return f"/ieps/{iep.pk}/{more}"
