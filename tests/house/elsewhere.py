"""A child of a district with one record of each kind, and who is at home there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from documents.actions import store
from edfi.models import Connection, Resync, ResyncRow, ResyncState, Trouble
from edfi.rules.records import SSEPEA
from enrollment.models import FeedLoad, FeedRow, FeedState, Finding
from ieps.models import Line
from jobs.actions import open_job
from migration.archive.pack import Packed, packed
from migration.models import (
    ArchivedStudent,
    ArchiveRequest,
    DuplicateGroup,
    DuplicateRecord,
    FindingCase,
    LoadRun,
    RunState,
)
from migration.models import Finding as LegacyFinding
from organizations.models import District, Site, State
from security import scope
from security.actions.assign import follow
from security.actions.review import open_review
from security.models import AccessRequest, Assignment, Review, StaffIdConflict, User
from security.rules.roles import Role
from students.models import Source, Student, StudentMerge
from tests import factories as make

NAME, NUMBER = "Quillfeather", "4777000111"


@dataclass
class Elsewhere:
    """A child of another district with one record of each kind, and who is at home there."""

    district: District
    keeper: User
    student: Any
    enrollment: Any
    evaluation: Any
    notice: Any
    asked_records: Any
    iep: Any
    line: Line
    document: Any
    job: Any
    connection: Connection
    trouble: Trouble
    resync: Resync
    asked: AccessRequest
    conflict: StaffIdConflict
    review: Review
    merge: StudentMerge
    feed: FeedLoad
    finding: Finding
    archive: ArchivedStudent
    asked_archive: ArchiveRequest


def records_at(district: District, school: Site, number: str = NUMBER) -> Elsewhere:
    student = make.StudentFactory(
        district=district, district__site=school, last_name=NAME, first_name="Zephyrine",
        state_student_id=number, birth_date=date(2015, 3, 12),
    )  # fmt: skip
    keeper = with_every_role_at(district)
    evaluation = make.EvaluationFactory(student=student, district=district)
    make.LockedReportFactory(student=student, district=district, evaluation_id=evaluation.pk)
    notice = make.NoticeFactory(student=student, district=district, elements={"why": "Reads late."})
    asked_records = make.RecordsRequestFactory(student=student, district=district)
    iep = make.IepFactory(student=student, district=district, author=keeper)
    make.SectionTextFactory(iep=iep, saved_by=keeper, text=f"{NAME} reads maps well.")
    with scope.elevated():
        line = Line.objects.create(iep=iep, section="GSI", table="participants", place=1, added_by=keeper)
    connection = Connection.objects.create(
        name=f"Heron {number}",
        state=student.state,
        district=district,
        base_url="http://127.0.0.1:9/",
        key="k",
    )
    with scope.elevated():
        letter = ContentFile(b"%PDF-1.7 a letter", name="letter.pdf")
        document = store(letter, "letter", keeper.pk, student_id=student.pk, district_id=district.pk)
        trouble = Trouble.objects.create(
            connection=connection, student=student, district=district, evaluation_id=evaluation.pk,
            code="refused", needs="person", sentence="The state refused the record.", answer=NAME,
            first_seen=datetime.now(UTC), last_seen=datetime.now(UTC),
        )  # fmt: skip
        finding = Finding.objects.create(
            check_number=17, student=student, district=district, severity="warning",
            words=f"{NAME} is far from the usual age.", found_at=datetime.now(UTC),
        )  # fmt: skip
    legacy_findings_about(student, district)
    return Elsewhere(
        district, keeper, student,
        make.EnrollmentFactory(student=student, district=district, site=school),
        evaluation, notice, asked_records, iep, line, document,
        open_job("EXPORT", f"List with {NAME}", owner_id=keeper.pk),
        connection, trouble, resync_of(connection, student),
        make.AccessRequestFactory(requester=make.UserFactory(district=district), district=district),
        StaffIdConflict.objects.create(
            staff_id=f"1{number[-4:]}", claimant=make.UserFactory(district=district), holder=keeper
        ),
        district.reviews.open().first() or open_review(district, timezone.localdate()),
        merge_of(student, number),
        feed_about(student, district),
        finding,
        *archive_of(student, district, keeper),
    )  # fmt: skip


def archive_of(student: Student, district: District, keeper: User) -> tuple[ArchivedStudent, ArchiveRequest]:
    """An older record of the child that came with a rollover, open to its keeper for a month."""
    now = datetime.now(UTC)
    with scope.elevated():
        archive = ArchivedStudent.objects.create(
            student_key=student.legacy_key, last_name=NAME, first_name="Zephyrine", district=district,
            state_student_id=student.state_student_id, birth_date=student.birth_date, whole=False, records=1,
            pack=packed([Packed("04", "1", {"outcome": "ELIG"})]), run=load_run_of(student.state),
        )  # fmt: skip
        return archive, ArchiveRequest.objects.create(
            archive=archive, district=district, purpose="A parent asks.", asked_by=keeper, approved=True,
            decided_by=make.UserFactory(), decided_at=now, ends_at=now + timedelta(days=30),
        )  # fmt: skip


def load_run_of(state: State) -> LoadRun:
    now = datetime.now(UTC)
    return LoadRun.objects.create(
        pk=4777 + LoadRun.objects.count(),  # the number that odd addresses ask for is nobody's
        of_state=state, file_name="legser.dat", sha256="0", extracted_at=now, freeze=now, state=RunState.DONE,
        cut=date(2019, 7, 1), job=open_job("rollover", "Rollover of legacy SER", owner_id=None),
    )  # fmt: skip


def legacy_findings_about(student: Student, district: District) -> None:
    """The child came with a rollover, which found a fault, and another record like it."""
    freeze = datetime(2022, 7, 25, tzinfo=UTC)
    student.source, student.legacy_key = Source.LEGACY_SER, f"0{student.state_student_id}"
    said = {"rule": "DQ-017", "severity": "warning", "record_type": "01", "key": student.legacy_key,
            "district": district, "line": 2, "value": f"LAST_NAME {NAME}"}  # fmt: skip
    with scope.elevated():
        student.save(update_fields=["source", "legacy_key"])
        run = LoadRun.objects.create(
            of_state=student.state, file_name="legser.dat", sha256="0", extracted_at=freeze,
            freeze=freeze, cut=date(2015, 7, 25), state="DONE", chunks=1,
            job=open_job("rollover", "Rollover", owner_id=None),
        )  # fmt: skip
        LegacyFinding.objects.create(run=run, **said)
        about = {"of_state": student.state, "last_run": run}
        FindingCase.objects.create(**about, **said, first_run=run, handed_at=freeze, original=NAME)
        group = DuplicateGroup.objects.create(
            **about, rule="DQ-012", fingerprint=student.legacy_key, district=district
        )
        facts = {"last_name": NAME, "first_name": "Zephyrine", "fate": "migrated"}
        DuplicateRecord.objects.create(
            group=group, key=student.legacy_key, lasid="1", district=district, facts=facts
        )


def resync_of(connection: Connection, student: Student) -> Resync:
    """A comparison that found the child's record missing, and waits for a decision."""
    with scope.elevated():
        resync = Resync.objects.create(
            connection=connection, resources=[SSEPEA], state=ResyncState.COMPARED,
            compared_at=datetime.now(UTC),
        )  # fmt: skip
        key = {"studentUniqueId": student.state_student_id, "consentToEvaluationReceivedDate": "2026-09-15"}
        ResyncRow.objects.create(
            resync=resync, student=student, district=connection.district, resource=SSEPEA, school_year=2027,
            does="post", why="gone", natural_key=key, key_digest="0",
        )  # fmt: skip
    return resync


def merge_of(student: Student, number: str) -> StudentMerge:
    """Another record became this child, under a number of its own."""
    other = make.StudentFactory(
        state=student.state, state_student_id=f"9{number[1:]}", last_name=NAME, merged_into=student
    )
    with scope.elevated():
        return StudentMerge.objects.create(
            kept=student, merged=other, reason="The same birth certificate.",
            moved={"responsibilities": {"moved": [], "widened": [], "taken": []},
                   "numbers": [], "was_active": True},
        )  # fmt: skip


def feed_about(student: Any, district: District) -> FeedLoad:
    """A feed of the district that was looked through, with a row about the child."""
    year = make.SchoolYearFactory(state=district.state)
    said = {"state_student_id": student.state_student_id, "last_name": NAME, "first_name": "Zephyrine"}
    with scope.elevated():
        load = FeedLoad.objects.create(
            district=district, school_year=year, sha256=student.state_student_id, layout="own",
            state=FeedState.CHECKED, counts={"refused": 1},
        )  # fmt: skip
        FeedRow.objects.create(
            load=load, district=district, line=2, fields=said, errors=["grade is empty."], does="refused",
            student_id=student.pk,
        )  # fmt: skip
    return load


def with_every_role_at(district: District, assured: bool = True) -> User:
    return with_roles_at(district, Role, assured)


def with_roles_at(district: District, roles: Iterable[Role], assured: bool = True) -> User:
    user = make.UserFactory(assured=assured)
    Assignment.objects.bulk_create(
        Assignment(user=user, role=role, district=district, iep_forms=True, first_day=date(2020, 7, 1))
        for role in roles
    )
    follow(user)
    return user
