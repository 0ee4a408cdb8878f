"""From the exit that a registrar records to the basis under which FS009 counts it, by the verbs alone."""

from datetime import date

import pytest
from django.core.files.base import ContentFile

from enrollment import actions
from enrollment.models import ContactWay, RequestState
from reports.federal.freeze import write
from reports.federal.standing import Count, live
from reports.models import Kind, Snapshot
from security import scope
from security.rules.roles import Role
from tests import factories as make
from tests.reports.federal.records import evaluate, plan

pytestmark = pytest.mark.django_db
BEGUN, LEFT, NOTICE = date(2024, 8, 12), date(2026, 9, 4), date(2026, 9, 30)
LAST_DAY, COUNT_DATE = date(2027, 6, 30), date(2026, 10, 1)


class Story:
    """A youth of seventeen, whose registrar records the exit."""

    def __init__(self, profile: str = "DC") -> None:
        state = make.StateFactory(code=profile, name="A state", profile=profile)
        self.district = make.DistrictFactory(state=state)
        site = make.SiteFactory(state=state, district=self.district)
        self.registrar = make.UserFactory(role=Role.REGISTRAR, role__district=self.district)
        self.state_person = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
        self.student = make.StudentFactory(
            state=state, district=self.district, district__site=site, grade="11", birth_date=date(2009, 3, 1)
        )
        make.ActivityFactory(student=self.student, district=self.district, first_day=BEGUN)
        evaluate(self.student, self.district, "SLD")
        plan(self.student, self.district, "RC80", on=BEGUN)
        self.enrollment = make.EnrollmentFactory(
            student=self.student, district=self.district, site=site, grade="11", attended=True,
            seds_state="ACTIVE",
        )  # fmt: skip

    def leaves(self, code: str) -> None:
        self.does(actions.exit_student, code=code, on=LEFT, how_known="The mother called.")

    def verified(self) -> None:
        self.does(actions.verify_credential, as_state=True, verifier="DCPS")

    def documented(self) -> None:
        file = ContentFile(b"%PDF-1.7 a letter of the new school", name="letter.pdf")
        paper = self.does(actions.hand_in_paper, file=file)
        with scope.of(self.state_person):
            actions.decide_paper(by=self.state_person, paper=paper, accepted=True)

    def taken_off_by_the_state(self) -> None:
        """Attempts, notice, request, grant: services end with the notice, later than the enrollment."""
        self.does(
            actions.record_contact_attempt, on=LEFT, way=ContactWay.PHONE, result="No answer"
        )  # fmt: skip
        self.does(actions.issue_exit_notice, on=NOTICE)
        asked = self.does(
            actions.request_administrative_exit, words="Remove the youth.", due_diligence="Three calls."
        )
        with scope.of(self.state_person):
            actions.answer_request(
                by=self.state_person, request=asked, words="Seen.", state=RequestState.GRANTED
            )

    def does(self, verb, as_state: bool = False, **what):
        by = self.state_person if as_state else self.registrar
        with scope.of(by):
            return verb(by=by, enrollment=self.enrollment, **what)

    def exits(self) -> list[dict]:
        with scope.elevated():
            return list(live(Count(self.district, Kind.EXITS, LAST_DAY, COUNT_DATE)))


@pytest.fixture
def story():
    return Story()


def stands(row: dict) -> tuple:
    return row["basis"], row["exit_day"], row["reasons"]


def test_a_diploma_that_is_verified_is_a_graduate(story):
    story.leaves("2020")
    assert story.exits() == []
    story.verified()
    (row,) = story.exits()
    assert stands(row) == ("GHS", LEFT, [])
    assert row["counted"]


def test_a_move_out_of_state_that_is_documented_is_known_to_continue(story):
    story.leaves("1940")
    story.documented()
    assert [stands(row) for row in story.exits()] == [("MKC", LEFT, [])]


def test_without_documentation_the_code_that_counts_decides(story):
    """R9.05: 1941 counts as 1984, status unknown, and services end only with the notice."""
    story.leaves("1941")
    story.does(actions.declare_no_documentation)
    story.taken_off_by_the_state()
    assert [stands(row) for row in story.exits()] == [("DROPOUT", NOTICE, [])]


@pytest.mark.parametrize("code", ["1944", "1943"])
def test_a_code_that_does_not_decide_it_is_listed(story, code):
    """Died or incapacitated; with or without a service plan."""
    story.leaves(code)
    story.documented()
    assert [stands(row) for row in story.exits()] == [("", LEFT, ["NO_BASIS"])]


def test_where_codes_say_nothing_of_special_education_the_registrar_ends_it():
    story = Story("LA")
    story.leaves("04")
    assert story.exits() == []
    story.does(actions.end_after_exit, reason="X05", on=LEFT)
    assert [stands(row) for row in story.exits()] == [("GHS", LEFT, [])]


def test_the_reason_that_is_recorded_on_the_page_is_what_counts(story, browse):
    story.leaves("1944")
    story.documented()
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=story.district)
    client = browse(manager)
    with scope.elevated():
        activity = story.student.activities.get()
        snapshot = Snapshot.objects.create(
            district=story.district, kind=Kind.EXITS, day=LAST_DAY, count_date=COUNT_DATE, frozen_by=manager
        )
        write(snapshot, story.exits())
    address = f"/enrollments/special-education/{activity.pk}/"
    assert address in client.get(f"/counts/{snapshot.pk}/", {"reason": "NO_BASIS"}).content.decode()
    assert client.post(address, {"reason": "X02"}).status_code == 302
    assert [stands(row) for row in story.exits()] == [("D", LEFT, [])]
