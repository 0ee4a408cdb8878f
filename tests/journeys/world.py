"""The world of the journey: the state's places, its people, its Ed-Fi API, and the extract to load."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from edfi.models import Connection
from migration.actions.places import load_places
from migration.sample import LEAS_CSV, SITES_CSV, sample
from organizations.models import Calendar, District, SchoolYear, Site
from organizations.rules.calendar import school_year_of
from organizations.rules.profiles import Profile
from security import scope
from security.rules.roles import Role
from students.models import Student
from tests.factories import PASSWORD, UserFactory
from tests.standin.ods import Ods

GRAND_BEND = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "legacy" / "grand-bend"
SCHOOL_AT_STATE = 19012
EVALUATE = {
    "solange": Role.EVALUATION_COORDINATOR,
    "mireille": Role.PUPIL_APPRAISAL,
    "anselm": Role.SPED_SUPERVISOR,
}


@dataclass(frozen=True)
class World:
    """`pupil` will be evaluated, `leaver` will exit; both belong to `mine`."""

    extract: Path
    mine: District
    theirs: District
    school: Site
    ods: Ods


def build(folder: Path, ods: Ods) -> World:
    """Places, people and the connection, before anything is loaded."""
    places, extract = _input(folder)
    with scope.elevated():
        state = load_places(places, Profile.DEMO)
        mine, theirs = list(state.districts.order_by("code"))[:2]
        school = mine.sites.filter(last_day=None).order_by("code").last()
        Site.objects.filter(pk=school.pk).update(edfi_id=SCHOOL_AT_STATE)
        _calendar(state, mine)
        _connect(state, ods)
    UserFactory(username="sidonie", role=Role.SEA_ADMINISTRATOR)
    dana = UserFactory(username="dana", role=Role.DATA_MANAGER, role__district=mine)
    for role in (Role.EVALUATION_COORDINATOR, Role.SPED_SUPERVISOR, Role.REGISTRAR):
        _also(dana, role, mine)
    for username, role in EVALUATE.items():
        UserFactory(username=username, role=role, role__district=mine)
    UserFactory(username="omar", role=Role.DATA_MANAGER, role__district=theirs)
    return World(extract, mine, theirs, school, ods)


def make_known_to_state(world: World, student: Student, number: str) -> None:
    """What the district's student information system does: the state knows the child and its school."""
    with scope.elevated():
        Student.objects.filter(pk=student.pk).update(edfi_id=number)
    world.ods.add_student(number, school=SCHOOL_AT_STATE)


def _input(folder: Path) -> tuple[Path, Path]:
    """The folder of the places and the extract: Grand Bend where it is there, else one that is made up."""
    if GRAND_BEND.exists():
        return GRAND_BEND / "reference", GRAND_BEND / "legser.dat"
    (folder / "leas.csv").write_text(LEAS_CSV)
    (folder / "sites.csv").write_text(SITES_CSV)
    (folder / "legser.dat").write_bytes(sample().content)
    return folder, folder / "legser.dat"


def _calendar(state, district: District) -> None:
    year = school_year_of(timezone.localdate())
    row = SchoolYear.objects.create(
        state=state, name=year.label, first_day=year.first_day, last_day=year.last_day
    )
    Calendar.objects.create(
        district=district,
        school_year=row,
        name="Regular",
        first_school_day=year.first_day,
        last_school_day=year.last_day,
    )


def _connect(state, ods: Ods) -> None:
    connection = Connection(name="State", state=state, base_url=ods.base_url, key=ods.key, enabled=True)
    connection.secret = ods.secret
    connection.save()
    ends = school_year_of(timezone.localdate()).last_day.year
    for year in (ends - 1, ends):
        connection.years.create(school_year=year)


def _also(user, role: Role, district: District) -> None:
    from security.actions.assign import assign

    assign(by=None, user=user, role=role, district=district, first_day=date(2020, 7, 1))


__all__ = ["PASSWORD", "World", "build", "make_known_to_state"]
