"""A district whose enrollments stand in its own ODS, and what is read from there."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import connection

from documents.models import Document
from edfi.actions import ods as setup
from edfi.actions.pull import ask_for_pull, carry_out
from edfi.client import Patience
from edfi.models import DistrictOds, OdsPull, OdsValue
from enrollment.actions.feed import check_feed, load_feed
from enrollment.models import Enrollment, FeedLoad, FeedRow
from organizations.models import District, SchoolYear, Site
from security import scope
from security.models import User
from security.rules.roles import Role
from tests import factories
from tests.standin.ods import Ods, running
from tests.standin.resources import SCHOOLS, SSA, STUDENTS

IMPATIENT = Patience(tries=2, first_pause=0.0, timeout=5)
SCHOOL, OTHER_SCHOOL, AGENCY = 19012, 19013, 255901
URI = "uri://ed-fi.org"
SIXTH, SEVENTH = f"{URI}/GradeLevelDescriptor#Sixth grade", f"{URI}/GradeLevelDescriptor#Seventh grade"
TRANSFER = f"{URI}/EntryTypeDescriptor#Transfer from a private, non-religious school"
TO_PRIVATE = f"{URI}/ExitWithdrawTypeDescriptor#Transferred to a private school"
FEMALE = f"{URI}/SexDescriptor#Female"
MEANINGS = {
    ("grade", SIXTH): "06", ("grade", SEVENTH): "07", ("entry", TRANSFER): "1880",
    ("exit", TO_PRIVATE): "1943", ("sex", FEMALE): "F",
}  # fmt: skip


@pytest.fixture
def ods() -> Iterator[Ods]:
    with running(Ods(schools=set())) as standin:
        yield standin


@dataclass
class World:
    """The verbs of these tests. `shows` puts an enrollment, and its child, into the ODS."""

    ods: Ods
    there: DistrictOds
    district: District
    school: Site
    other: Site
    year: SchoolYear
    manager: User

    def has_school(self, school_id: int, name: str = "Heron School", agency: int = AGENCY) -> None:
        reference = {"localEducationAgencyId": agency}
        payload = {
            "schoolId": school_id,
            "nameOfInstitution": name,
            "localEducationAgencyReference": reference,
        }
        self.ods.store().put(SCHOOLS, payload)

    def shows(self, number: str, *, student: dict | None = None, school: int = SCHOOL, **changes) -> str:
        """Gives the id of the enrollment in the ODS."""
        self.ods.store().put(
            STUDENTS,
            {
                "studentUniqueId": number, "firstName": "Ida", "lastSurname": f"Landry{number[-3:]}",
                "birthDate": "2014-03-12", "birthSexDescriptor": FEMALE, **(student or {}),
            },
        )  # fmt: skip
        usual = {
            "entryDate": "2026-08-10", "schoolReference": {"schoolId": school},
            "studentReference": {"studentUniqueId": number}, "entryGradeLevelDescriptor": SIXTH,
            "entryTypeDescriptor": TRANSFER,
        }  # fmt: skip
        return self.ods.store().put(SSA, {**usual, **changes}).id

    def means(self, **more: str) -> None:
        """The values mean what `MEANINGS` says."""
        for (kind, uri), code in MEANINGS.items():
            OdsValue.objects.update_or_create(ods=self.there, kind=kind, uri=uri, defaults={"code": code})

    def pull(self, *, by: User | None = None, **how) -> OdsPull:
        asker = by or self.manager
        with scope.of(asker):
            pull = ask_for_pull(by=asker, district=self.district, year=self.year, **how)
        pull = OdsPull.objects.select_related("ods__district__state", "school_year").get(pk=pull.pk)
        return carry_out(pull, patience=IMPATIENT)

    def load(self, pull: OdsPull) -> FeedLoad:
        found = load_feed(check_feed(pull.load))
        with connection.cursor() as cursor:  # who writes ends with the transaction of the load
            cursor.execute("SELECT set_config('pghistory.context_metadata', '{}', true)")
        return found

    def lines(self, pull: OdsPull) -> list[dict]:
        """What the feed would do, by line."""
        load = check_feed(pull.load)
        with scope.system():
            return [
                {**row.fields, "does": row.does, "errors": " ".join(row.errors)}
                for row in FeedRow.objects.filter(load=load)
            ]

    def file(self, pull: OdsPull) -> list[dict]:
        """The lines that were handed over."""
        if pull.load is None:
            return []
        with scope.system(), Document.objects.get(pk=pull.load.document_id).file.open("rb") as file:
            return list(csv.DictReader(io.StringIO(file.read().decode())))

    def empty(self) -> None:
        """No child is in the ODS any more, and its change queries tell so."""
        for resource in (SSA, STUDENTS):
            for item in list(self.ods.store().items[resource].values()):
                self.ods.delete(resource, item.id)

    def enrollments(self) -> list[tuple[str, str, str]]:
        with scope.system():
            rows = Enrollment.objects.filter(district=self.district).order_by("student__state_student_id")
            return list(rows.values_list("student__state_student_id", "entry_code", "exit_code"))


def build_world(ods: Ods) -> World:
    state = factories.StateFactory(code="DC", name="District of Columbia", profile="DC")
    district = factories.DistrictFactory(state=state, edfi_id=AGENCY)
    school = factories.SiteFactory(state=state, district=district, edfi_id=SCHOOL)
    other = factories.SiteFactory(state=state, district=district, edfi_id=OTHER_SCHOOL)
    year = factories.SchoolYearFactory(
        state=state, name="2026-27", first_day=date(2026, 7, 1), last_day=date(2027, 6, 30)
    )
    manager = factories.UserFactory(role=Role.DATA_MANAGER, role__district=district)
    there = setup.keep_ods(
        by=manager, district=district, setup=setup.OdsSetup(ods.base_url, ods.key, ods.secret, "state")
    )
    world = World(ods, there, district, school, other, year, manager)
    world.has_school(SCHOOL)
    return world


@pytest.fixture
def world(db, ods: Ods, settings) -> World:
    settings.ESER_EDFI_UNENCRYPTED = True  # the stand-in answers without encryption
    return build_world(ods)
