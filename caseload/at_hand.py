"""What a person has, began and opened last: asked at each visit of the home page, so written out."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from ieps.models import IepStatus
from security import asked_often
from security.models import How, User
from security.scope import Scope
from students.models.student import IN_PLACES, NAMED, named
from ui.lists import MOST_COUNTED, Count

RECENT, DRAFTS, GIVEN_OUT, RECENTLY = 6, 5, 20, timedelta(days=60)

HAS_OWN = "SELECT EXISTS (SELECT FROM caseload_deadline WHERE responsible_id = %(me)s AND standing = 'OPEN')"
BEGUN = """
    SELECT i.id, i.student_id, i.modified_at FROM ieps_iep i
    WHERE i.status = %(draft)s AND i.student_id IS NOT NULL AND (i.author_id = %(me)s OR EXISTS (
        SELECT FROM ieps_sectiontext t WHERE t.iep_id = i.id AND t.saved_by_id = %(me)s))
    ORDER BY i.modified_at DESC LIMIT %(most)s
"""
OPENED = """
    SELECT student_id, max(at) AS last FROM security_accessrecord
    WHERE user_id = %(me)s AND how = %(opened)s AND at >= %(since)s
    GROUP BY student_id ORDER BY last DESC LIMIT %(most)s
"""

GIVEN = """
    SELECT c.id, e.student_id, c.area, c.assigned_on, e.id FROM evaluations_component c
    JOIN evaluations_evaluation e ON e.id = c.evaluation_id
    WHERE c.evaluator_id = %(me)s AND c.completed_on IS NULL AND NOT e.locked AND e.outcome = ''
    ORDER BY c.assigned_on, c.id LIMIT %(most)s
"""

# Of the children within reach the evaluations in progress, counted up to one more than is told; and the open
# exit papers, from the district that recorded the exit also after the child has left.
RUNNING = f"""
    SELECT (SELECT count(*) FROM (
            SELECT FROM evaluations_evaluation e WHERE NOT e.locked AND e.outcome = '' AND EXISTS (
                SELECT FROM students_studentaccess a WHERE a.student_id = e.student_id AND a.is_current
                AND (%(everything)s OR {IN_PLACES.format(**NAMED)}))
            LIMIT %(most)s) counted),
        count(*), count(*) FILTER (WHERE n.documentation_due < %(today)s)
    FROM enrollment_enrollment n
    WHERE n.documentation_due IS NOT NULL AND n.documentation_accepted_at IS NULL
        AND (%(everything)s OR n.district_id = ANY ({NAMED["districts"]})
             OR n.site_id = ANY ({NAMED["sites"]}))
"""  # noqa: S608  our own words


class Given(NamedTuple):
    """A component of an evaluation that waits for its evaluator."""

    pk: int
    student_id: int
    area: str
    assigned_on: date
    evaluation_id: int


class Draft(NamedTuple):
    """Of an IEP."""

    pk: int
    student_id: int
    modified_at: datetime


def has_own(user: User) -> bool:
    """Who answers for children sees their own first; everybody else all within reach."""
    return asked_often.rows(HAS_OWN, {"me": user.pk}) == [(True,)]


def running(scope: Scope, today: date) -> tuple[Count, int, int]:
    """Evaluations in progress; exit papers that are open, and of these the overdue ones."""
    asked = {"everything": scope.everything, "today": today, "most": MOST_COUNTED + 1, **named(scope)}
    evaluations, papers, overdue = asked_often.rows(RUNNING, asked)[0]
    return Count.up_to(MOST_COUNTED, evaluations), papers, overdue


def given_to(user: User) -> list[Given]:
    """What this person has still to assess, the longest given first."""
    return [Given(*row) for row in asked_often.rows(GIVEN, {"me": user.pk, "most": GIVEN_OUT})]


def drafts_of(user: User) -> list[Draft]:
    """Those that this person began or wrote in, the latest first."""
    asked = {"me": user.pk, "draft": IepStatus.DRAFT.value, "most": DRAFTS}
    return [Draft(*row) for row in asked_often.rows(BEGUN, asked)]


def recent_of(user: User) -> list[tuple[int, datetime]]:
    """The children whose record this person opened last, with the time."""
    asked = {"me": user.pk, "opened": How.OPENED.value, "since": timezone.now() - RECENTLY, "most": RECENT}
    return [(student_id, at) for student_id, at in asked_often.rows(OPENED, asked)]
