"""The staff file: looked through first, then loaded; who vanished is flagged, then suspended (SEC-42)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from documents.actions import sha256_of, store
from documents.models import Document
from documents.rules import FileRefused
from journal.actions import record
from organizations.models import District, Site, SiteAffiliation
from security.access import check, holds, holds_anywhere, who_can
from security.actions.assign import follow
from security.actions.notices import tell
from security.actions.sessions import end_sessions
from security.models import Absence, Assignment, StaffFile, User
from security.queries.people import people_with
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission
from security.rules.staff_file import (
    Miss,
    RowError,
    StaffFileRefused,
    StaffRow,
    after_miss,
    place_errors,
    read_rows,
    why_too_many,
)

KIND = "staff_file"
DEED = "load a staff file"


@dataclass(frozen=True)
class Missing:
    user: User
    district: District
    miss: Miss
    since: date


@dataclass
class Findings:
    """What a file says, and what loading it would do; refused while there are `errors` or it is `refused`."""

    rows: int = 0
    expected: int = 0
    districts: list[District] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    back: list[Absence] = field(default_factory=list)
    refused: str = ""
    doubtful: str = ""

    @property
    def may_load(self) -> bool:
        return not self.errors and not self.refused


@transaction.atomic
def send_staff_file(*, by: User, file: File, day: date | None = None) -> StaffFile:
    """Keep the file for looking through; nothing changes yet. Raises NotAllowed, RuleBroken."""
    if not holds_anywhere(by, Permission.GRANT_ACCESS):
        raise NotAllowed(f"Only {who_can(Permission.GRANT_ACCESS)} can {DEED}.")
    if day and day > timezone.localdate():
        raise RuleBroken("This day is still to come. A file speaks of a day that has come.", "day")
    digest = sha256_of(file)
    if known := StaffFile.objects.filter(sha256=digest).exclude(loaded_at=None).first():
        raise RuleBroken(f"This file was loaded before, as that of {known.day}. Export a new one.", "file")
    try:
        document = store(file, KIND, by.pk)
    except FileRefused as refusal:
        raise RuleBroken(str(refusal), "file") from None
    return StaffFile.objects.create(
        document_id=document.pk,
        name=document.name,
        sha256=digest,
        day=day or timezone.localdate(),
        sent_by=by,
    )


def look_through(by: User, staff_file: StaffFile) -> Findings:
    """The dry run: reads the file and changes nothing."""
    content = Document.objects.get(pk=staff_file.document_id).file
    try:
        with content.open("rb") as file:
            rows, errors = read_rows(file.read())
    except StaffFileRefused as refusal:
        return Findings(refused=str(refusal))
    return _findings(by, staff_file.day, rows, errors)


def _findings(by: User, day: date, rows: list[StaffRow], errors: list[RowError]) -> Findings:
    districts = {row.code: row for row in District.objects.all()}
    mine = {code for code, row in districts.items() if holds(by, Permission.GRANT_ACCESS, row)}
    wrong = sorted([*errors, *place_errors(rows, _sites_of(districts, day), mine)], key=lambda e: e.line)
    covered = [districts[code] for code in sorted({row.district_code for row in rows} & mine)]
    found = Findings(rows=len(rows) + len(errors), districts=covered, errors=wrong)
    present = defaultdict(set)
    for row in rows:
        if row.works_on(day):
            present[row.district_code].add(row.staff_id)
    for district in covered:
        _compare(found, district, present[district.code], day)
    found.doubtful = why_too_many(found.expected, len(found.missing)) or ""
    return found


def _sites_of(districts: dict[str, District], day: date) -> dict[str, set[str]]:
    """The codes of each district's own sites and of those that it oversees on the day, by its code."""
    sites: dict[str, set[str]] = {code: set() for code in districts}
    own = Site.objects.filter(district__isnull=False).values_list("district__code", "code")
    overseen = SiteAffiliation.objects.on(day).values_list("district__code", "site__code")
    for code, site in (*own, *overseen):
        sites[code].add(site)
    return sites


def _compare(found: Findings, district: District, present: set[str], day: date) -> None:
    """People with a role and a staff ID, beside the staff IDs of the file."""
    rows = Assignment.objects.at_district(district).running().values("user_id")
    people = User.objects.filter(pk__in=rows, staff_id__isnull=False).order_by("last_name", "pk")
    open_ones = {row.user_id: row for row in Absence.objects.open().filter(district=district)}
    for user in people:
        absence = open_ones.get(user.pk)
        if user.staff_id not in present:
            found.missing.append(_missing(user, district, absence, day))
        elif absence and day >= absence.last_missed_on:
            found.back.append(absence)
    found.expected += len(people)


def _missing(user: User, district: District, absence: Absence | None, day: date) -> Missing:
    if absence is None:
        return Missing(user, district, after_miss(None, False, day), day)
    miss = after_miss(absence.last_missed_on, absence.suspended_at is not None, day)
    return Missing(user, district, miss, absence.first_missed_on)


@transaction.atomic
def load_staff_file(*, by: User, staff_file: StaffFile, even_so: bool = False) -> Findings:
    """Flag and suspend who is missing, clear who is back. `even_so`: although very many are missing.

    Raises NotAllowed, RuleBroken, Stale when it was loaded already.
    """
    row = StaffFile.objects.select_for_update().get(pk=staff_file.pk)
    if row.sent_by_id != by.pk:
        raise NotAllowed("Only the person who sent this file can load it.")
    if row.loaded_at:
        raise Stale("This file is loaded already. Nothing was changed a second time.")
    found = look_through(by, row)
    if not found.may_load:
        raise RuleBroken(found.refused or "Rows of this file are wrong. Correct them and send it again.")
    if found.doubtful and not even_so:
        raise RuleBroken(found.doubtful, "even_so")
    suspended = sum(_note_missing(by, missing, row.day) for missing in found.missing)
    for absence in found.back:
        _end(absence, None, "in the staff file again")
    row.loaded_at, row.missing, row.suspended, row.back = (
        timezone.now(), len(found.missing), suspended, len(found.back),
    )  # fmt: skip
    row.save()
    for district in found.districts:
        words = f"loaded the staff file of {row.day}"
        record("STAFF_FILE_LOADED", words, by=by, district_id=district.pk, file=row.pk)
    return found


def _note_missing(by: User, missing: Missing, day: date) -> bool:
    """Returns whether the person is suspended by it."""
    absence, new = Absence.objects.select_for_update().get_or_create(
        user=missing.user,
        district=missing.district,
        ended_at=None,
        defaults={"first_missed_on": day, "last_missed_on": day},
    )
    if missing.miss == Miss.SUSPEND:
        absence.suspended_at = timezone.now()
    absence.last_missed_on = max(absence.last_missed_on, day)
    absence.save()
    if missing.miss == Miss.SUSPEND:
        follow(missing.user)
        end_sessions(missing.user, by=by, reason="missing from the staff file twice")
    if new or missing.miss == Miss.SUSPEND:
        _tell(absence, missing)
    return missing.miss == Miss.SUSPEND


def _tell(absence: Absence, missing: Missing) -> None:
    suspended = missing.miss == Miss.SUSPEND
    what = "access is suspended" if suspended else "a second miss suspends access"
    times = "twice in a row" if suspended else "for the first time"
    words = f"The staff ID of {missing.user} is missing from the staff file {times}: {what}."
    key = f"absence:{absence.pk}:{'suspended' if suspended else 'flagged'}"
    people = people_with(Permission.GRANT_ACCESS, missing.district)
    tell(people, words, key=key, address=f"/access/people/{missing.user.pk}/")
    kind = "ACCESS_SUSPENDED" if suspended else "STAFF_ID_MISSING"
    record(kind, f"user {missing.user.pk}: staff ID missing {times}", district_id=missing.district.pk)


@transaction.atomic
def lift(*, by: User, absence: Absence, note: str) -> None:
    """The person stays although the file lacks them. Raises NotAllowed, RuleBroken, Stale."""
    row = Absence.objects.select_for_update(of=["self"]).select_related("district").get(pk=absence.pk)
    check(by, Permission.GRANT_ACCESS, row.district, "lift a suspension")
    if row.user_id == by.pk:
        raise NotAllowed("You cannot lift your own suspension. Somebody else who grants access can.")
    if row.ended_at:
        raise Stale("This has been resolved already.")
    if not note.strip():
        raise RuleBroken("Say why the person stays, such as “on leave until January”.", "note")
    _end(row, by, note)


def _end(absence: Absence, by: User | None, note: str) -> None:
    absence.ended_at, absence.ended_by, absence.note = timezone.now(), by, note[:200]
    absence.save()
    follow(absence.user)
    words = f"user {absence.user_id}: absence from the staff file resolved"
    record("STAFF_ID_RESOLVED", words, by=by, district_id=absence.district_id)
