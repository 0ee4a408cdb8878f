"""The review of access: opened when due, decided by two people, closed for good (SEC-32 to SEC-36)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from journal.actions import record
from organizations.models import District
from organizations.rules.calendar import school_year_of
from security.access import check, holds, who_can
from security.actions.assign import district_of, end_assignment, why_not_end
from security.actions.notices import tell
from security.models import Assignment, EndReason, Review, ReviewLine, User, access_settings_of
from security.queries.people import people_with, state_administrators
from security.queries.recorded import training_recorded
from security.refusals import RuleBroken, Stale
from security.rules.reviews import SETTLED, Decision, Part, next_due, why_not_close
from security.rules.roles import Permission

PERMISSION_OF = {Part.SUPERVISOR: Permission.APPROVE_REQUESTS, Part.COORDINATOR: Permission.GRANT_ACCESS}


@dataclass(frozen=True)
class Decided:
    """`refused`: the sentence for each line that was not decided, by its id."""

    count: int
    refused: dict[int, str]


def next_review_of(district: District) -> date | None:
    """The day for which the next review opens; None while nobody has a role there."""
    last = district.reviews.aggregate(Max("due_on"))["due_on__max"]
    first = Assignment.objects.at_district(district).aggregate(Min("first_day"))["first_day__min"]
    return next_due(last, first, access_settings_of(district).review_months)


def open_due_reviews(day: date | None = None) -> int:
    """Open the review of each district whose day has come. May run twice. Returns how many were opened."""
    day = day or timezone.localdate()
    waiting = District.objects.exclude(reviews__in=Review.objects.open())
    return sum(_open_if_due(district, day) for district in waiting)


def _open_if_due(district: District, day: date) -> bool:
    due = next_review_of(district)
    return bool(due and due <= day and open_review(district, day))


@transaction.atomic
def open_review(district: District, due_on: date) -> Review | None:
    """One line for each role in force; none where one is open already, or nobody has a role."""
    District.objects.select_for_update().get(pk=district.pk)
    running = list(Assignment.objects.reaching(district, due_on).running())
    if not running or district.reviews.open().exists():
        return None
    review = Review.objects.create(district=district, due_on=due_on)
    ReviewLine.objects.bulk_create(ReviewLine(review=review, assignment=row) for row in running)
    words = f"opened the review of access with {len(running)} lines"
    record("REVIEW_OPENED", words, district_id=district.pk, review=review.pk)
    for permission in PERMISSION_OF.values():
        told = f"The review of access of {district} is open: {len(running)} lines to decide."
        address = f"/access/reviews/{review.pk}/"
        tell(people_with(permission, district), told, key=f"review:{review.pk}", address=address)
    return review


def part_of(user: User, line: ReviewLine) -> Part | None:
    """In which part this person decides the line; the part already taken by the same person stays theirs.

    A supervisor's own line may be decided by the state in the supervisor's place, where the district has no
    other supervisor.
    """
    taken = {Part.SUPERVISOR: line.supervisor_id, Part.COORDINATOR: line.coordinator_id}
    mine = [part for part in Part if _holds_part(user, line, part)]
    if user.pk in taken.values():
        return next((part for part in mine if taken[part] == user.pk), None)
    return next((part for part in mine if taken[part] is None), mine[0] if mine else None)


def _holds_part(user: User, line: ReviewLine, part: Part) -> bool:
    district = line.review.district
    if holds(user, PERMISSION_OF[part], district):
        return True
    if part != Part.SUPERVISOR or not holds(user, Permission.GRANT_ACCESS, None):
        return False
    return not _supervisors(line.review) - {line.assignment.user_id}


def _supervisors(review: Review) -> set[int]:
    """Asked once for a review object, however many lines share it."""
    if not hasattr(review, "_supervisors"):
        people = people_with(Permission.APPROVE_REQUESTS, review.district)
        review._supervisors = set(people.values_list("pk", flat=True))
    return review._supervisors


def why_not_decide(user: User, line: ReviewLine) -> str | None:
    """A sentence when this person cannot decide the line."""
    if not line.review.is_open:
        return "This review is closed. It can be read, and nothing in it changes."
    if line.assignment.user_id == user.pk:
        return "You cannot decide on your own access. Somebody else has to."
    if line.standing in SETTLED and line.assignment.ended_at:
        return "This role has ended. Nothing is to be decided."
    if part_of(user, line) is None:
        either = " or ".join(who_can(permission) for permission in PERMISSION_OF.values())
        return f"Only {either} of {line.review.district} can decide on this role."
    return None


@transaction.atomic
def decide(*, by: User, review: Review, decisions: Mapping[int, Decision]) -> Decided:
    """Keep or remove, for each line by its id. The coordinator's removal ends the role at once.

    Raises Stale when the review was closed meanwhile; lines that cannot be decided are named in the answer.
    """
    review = _locked(review)
    rows = ReviewLine.objects.select_for_update(of=["self"]).filter(review=review, pk__in=decisions)
    refused, count = {}, 0
    for line in rows.select_related("assignment__user", "assignment__site", "assignment__district"):
        line.review = review
        if sentence := why_not_decide(by, line) or _why_not_remove(by, line, decisions[line.pk]):
            refused[line.pk] = sentence
        else:
            count += _decide(by, line, decisions[line.pk])
    if count:
        words = f"decided {count} lines of the review"
        record("REVIEW_DECIDED", words, by=by, district_id=review.district_id, review=review.pk)
    return Decided(count, refused)


def _ends_the_role(by: User, line: ReviewLine, decision: Decision) -> bool:
    """The coordinator's removal does, at once."""
    return decision == Decision.REMOVE and part_of(by, line) == Part.COORDINATOR


def _why_not_remove(by: User, line: ReviewLine, decision: Decision) -> str | None:
    """Such as the last coordinator: that line is refused, and the others are decided."""
    if decision == Decision.REMOVE and not _is_ours(line):
        return (
            f"{line.assignment.site} is not in the care of {line.review.district} any more,"
            " so this review does not end the role. Keep it here; the district that oversees it decides."
        )
    return why_not_end(line.assignment, EndReason.REVIEW) if _ends_the_role(by, line, decision) else None


def _is_ours(line: ReviewLine) -> bool:
    """Since the review opened a site may have gone to another district (ROL-09)."""
    return district_of(line.assignment) == line.review.district_id


def _locked(review: Review) -> Review:
    row = Review.objects.select_for_update(of=["self"]).select_related("district").get(pk=review.pk)
    if not row.is_open:
        when = f"{timezone.localtime(row.closed_at):%b %d, %Y}"
        raise Stale(f"This review was closed on {when} by {row.closed_by}. Nothing in it changes any more.")
    return row


def _decide(by: User, line: ReviewLine, decision: Decision) -> bool:
    part = part_of(by, line)
    if getattr(line, f"by_{part}") == decision:
        return False
    setattr(line, f"by_{part}", decision)
    setattr(line, str(part), by)
    setattr(line, f"{part}_at", timezone.now())
    line.save()
    if _ends_the_role(by, line, decision):
        note = f"review of {line.review.due_on}"
        end_assignment(by=by, assignment=line.assignment, reason=EndReason.REVIEW, note=note)
    return True


@transaction.atomic
def close_review(*, by: User, review: Review) -> Review:
    """Every line is decided by both: from now on it is only read. Raises NotAllowed, RuleBroken, Stale."""
    row = _locked(review)
    check(by, Permission.GRANT_ACCESS, row.district, "close a review")
    if sentence := why_not_close_now(row):
        raise RuleBroken(sentence)
    row.closed_at, row.closed_by = timezone.now(), by
    row.save()
    record("REVIEW_CLOSED", "closed the review of access", by=by, district_id=row.district_id, review=row.pk)
    return row


def why_not_close_now(review: Review) -> str | None:
    standings = [line.standing for line in review.lines.select_related("assignment", "review")]
    label = school_year_of(timezone.localdate()).label
    return why_not_close(standings, training_recorded(review.district, label))


def look_at_overdue(day: date | None = None) -> int:
    """Tell the state of each review open too long; end undecided roles where it chose so (SEC-35)."""
    day = day or timezone.localdate()
    overdue = list(Review.objects.overdue(day).select_related("district"))
    for review in overdue:
        words = f"The review of access of {review.district} is overdue since {review.close_by:%b %d, %Y}."
        address = f"/access/reviews/{review.pk}/"
        tell(state_administrators(), words, key=f"overdue:{review.pk}", address=address)
        if access_settings_of(review.district).undecided_ends:
            _end_undecided(review)
    return len(overdue)


@transaction.atomic
def _end_undecided(review: Review) -> None:
    lines = review.lines.select_related("assignment__user", "assignment__site", "review")
    for line in lines:
        if line.standing not in SETTLED and _is_ours(line):
            note = "undecided 30 days after the review was due"
            # A role that must not end, such as the last coordinator's, stays and keeps the review open.
            with suppress(RuleBroken):
                end_assignment(by=None, assignment=line.assignment, reason=EndReason.REVIEW, note=note)
