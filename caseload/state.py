"""What a state administrator comes for: districts that lack something, and what waits for the state."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from enrollment.models import SupportRequest
from enrollment.models.support_request import RequestState
from organizations.models import Site
from security.models import Assignment, Designation, StaffIdConflict, SupportGrant
from security.queries.desk import LACKS, DistrictLine, every_district
from ui.parts import Check, Status

MOST_DISTRICTS, MOST_NAMES = 12, 3
TONES = {"coordinator": "bad", "policy": "bad", "review": "warn", "requests": "warn"}


@dataclass(frozen=True)
class StateHome:
    """`strip`: number, label, note, address, tone and icon of each count; `lacking`: the districts shown."""

    strip: list[tuple[int, str, str, str, str, str]]
    waiting: list[Check]
    lacking: list[tuple[DistrictLine, list[Status]]]
    lacking_in_all: int
    districts: int

    @property
    def counted(self) -> str:
        return f"{self.lacking_in_all} of {self.districts}"


def state_home() -> StateHome:
    """About a dozen queries, however many districts and people there are."""
    lines = every_district(signatures=False)
    lacking = sorted((line for line in lines if line.lacks), key=lambda line: -len(line.lacks))
    return StateHome(
        strip=_strip(lines),
        waiting=[_designations(), _requests_to_the_state(), _support_access(), _orphans(), _conflicts()],
        lacking=[(line, _lacks_of(line)) for line in lacking[:MOST_DISTRICTS]],
        lacking_in_all=len(lacking),
        districts=len(lines),
    )


def statewide_roles() -> int:
    now = timezone.now()
    return Assignment.objects.answered_by_the_state(timezone.localdate(now)).unended(now).count()


def _strip(lines: list[DistrictLine]) -> list[tuple[int, str, str, str, str, str]]:
    n = {what: sum(what in line.lacks for line in lines) for what, _ in LACKS}
    late = sum(line.overdue for line in lines)
    desk = reverse("security:desk")
    reviews, requests = reverse("security:reviews"), reverse("security:requests")
    return [
        _count(n["coordinator"], "Districts without a coordinator", "nothing can be approved there",
               f"{desk}?lacks=coordinator#districts"),
        _count(n["policy"], "Without a security policy", "for this school year",
               f"{desk}?lacks=policy#districts"),
        _count(n["review"], "Reviews overdue", "open for more than 30 days", f"{reviews}?state=overdue"),
        _count(late, "Requests escalated", "waited more than 10 business days",
               f"{requests}?state=escalated"),
    ]  # fmt: skip


def _count(n: int, label: str, note: str, url: str) -> tuple[int, str, str, str, str, str]:
    return (n, label, note, url, "bad", "error") if n else (n, label, note, url, "good", "check_circle")


def _lacks_of(line: DistrictLine) -> list[Status]:
    return [Status(TONES[what], label.lower()) for what, label in LACKS if what in line.lacks]


def _check(n: int, one: str, many: str, none: str, sub: str, url: str) -> Check:
    """`one` and `many` follow the number."""
    if not n:
        return Check("good", none, url=url)
    return Check("warn", f"{n:,} {one if n == 1 else many}", sub, url)


def _designations() -> Check:
    rows = list(Designation.objects.waiting().select_related("district"))
    return _check(
        len(rows), "designation to process", "designations to process", "No designation waits",
        _names([row.district.name for row in rows]), f"{reverse('security:desk')}#designations",
    )  # fmt: skip


def _names(names: list[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _requests_to_the_state() -> Check:
    """Those that the list shows: also the answered ones, which wait for the district."""
    to_answer = Count("pk", filter=Q(state=RequestState.OPEN))
    found = SupportRequest.objects.filter(closed_at=None).aggregate(all=Count("pk"), ours=to_answer)
    return _check(
        found["all"], "support request about a student", "support requests about students",
        "No support request is open", f"{found['ours']:,} to answer, the others wait for their districts",
        reverse("enrollment:requests"),
    )  # fmt: skip


def _support_access() -> Check:
    """The districts decide; the state sees it."""
    waiting = Count("pk", filter=Q(approved_at=None))
    there = Q(ended_at=None) & (Q(approved_at=None) | Q(ends_at__gt=timezone.now()))
    found = SupportGrant.objects.filter(there).aggregate(all=Count("pk"), waiting=waiting)
    return _check(
        found["all"], "support access", "support accesses", "Support has no access and asks for none",
        f"{found['waiting']} waiting for their district, {found['all'] - found['waiting']} open now",
        reverse("security:support"),
    )  # fmt: skip


def _orphans() -> Check:
    return _check(
        Site.objects.orphans(timezone.localdate()).count(), "site without an overseeing district",
        "sites without an overseeing district", "Every site in use has an overseeing district",
        "No district reaches the children there as a site", f"{reverse('students:cut_over')}#orphans",
    )  # fmt: skip


def _conflicts() -> Check:
    return _check(
        StaffIdConflict.objects.open().of_no_district().count(), "staff ID in conflict",
        "staff IDs in conflict", "No staff ID waits for the state",
        "Neither person has a district, so the state decides",
        f"{reverse('security:desk')}#staff-id-conflicts",
    )  # fmt: skip
