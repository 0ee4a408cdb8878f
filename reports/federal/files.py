"""Writing a federal file from frozen counts: the header first, then every record that the tables ask for."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from shutil import copyfileobj
from typing import BinaryIO

from django.db import connection

from ieps.rules.environment import KINDERGARTEN
from organizations.models import District, Site, SiteKind
from reports.federal.comment import explanations
from reports.federal.tallies import cells_by_place, year_of
from reports.models import Snapshot
from reports.rules.federal.cells import Cells, Row, cells_of, rows_of, writes_zeros
from reports.rules.federal.child import in_kindergarten_or_above
from reports.rules.federal.records import Explained, FileOf, Place, clean, header_line, lines
from reports.rules.federal.rows import Level, Zeros
from reports.rules.federal.tables import zeros

BLOCK, AT_A_TIME = 256 * 1024, 5_000


@dataclass(frozen=True)
class Serves:
    """In which grades a place has children enrolled on the day."""

    below_k: bool = False
    k: bool = False
    above_pk: bool = False


def records(snapshots: Sequence[Snapshot], file: FileOf) -> Iterator[tuple[Place, Row]]:
    """Every record of the file, place by place; a place without a counted child has its zeros."""
    rule, year = zeros(file.spec, file.level, file.year), year_of(snapshots)
    places = places_of(snapshots, file.level)
    serves = {} if rule is Zeros.ALWAYS else _serves(snapshots, file.level)
    nobody = cells_of(file.spec, file.level, year, ())
    cells: Iterator[tuple[int, Cells]] = cells_by_place(snapshots, file.spec, file.level)
    for pk, found in _with_the_empty(cells, sorted(places), nobody):
        grades = serves.get(pk, Serves())
        with_zeros = writes_zeros(rule, below_k=grades.below_k, k=grades.k, above_pk=grades.above_pk)
        if with_zeros or found is not nobody:
            yield from ((places[pk], row) for row in rows_of(file.spec, file.level, year, found, with_zeros))


def _with_the_empty(
    cells: Iterator[tuple[int, Cells]], places: Iterable[int], nobody: Cells
) -> Iterator[tuple[int, Cells]]:
    """Both in the order of the ids."""
    at, found = next(cells, (0, None))
    for pk in places:
        if found is not None and at == pk:
            yield pk, found
            at, found = next(cells, (0, None))
        else:
            yield pk, nobody


def places_of(snapshots: Sequence[Snapshot], level: Level) -> dict[int, Place]:
    """By id: the state is 0; districts are those of the snapshots, schools the public ones of them."""
    if level is Level.STATE:
        return {0: Place()}
    districts = {row.pk: row.code for row in District.objects.filter(snapshots__in=snapshots)}
    if level is Level.DISTRICT:
        return {pk: Place(clean(code)) for pk, code in districts.items()}
    schools = Site.objects.filter(kind=SiteKind.PUBLIC, district_id__in=districts)
    return {row.pk: Place(clean(districts[row.district_id]), clean(row.code)) for row in schools}


def _serves(snapshots: Sequence[Snapshot], level: Level) -> dict[int, Serves]:
    place = "district_id" if level is Level.DISTRICT else "coalesce(responsible_site_id, site_id)"
    grades: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {place}, grade FROM enrollment_enrollment WHERE district_id = ANY (%s)"  # noqa: S608
            " AND first_day <= %s AND (last_day IS NULL OR last_day > %s) AND grade <> '' AND NOT no_show",
            [[row.district_id for row in snapshots], snapshots[0].day, snapshots[0].day],
        )
        for pk, grade in cursor.fetchall():
            grades.setdefault(pk, set()).add(grade)
    return {pk: _served(found) for pk, found in grades.items()}


def _served(grades: set[str]) -> Serves:
    above = {grade for grade in grades if in_kindergarten_or_above(grade)}
    return Serves(bool(grades - above), KINDERGARTEN in grades, bool(above))


def explained(snapshots: Sequence[Snapshot], file: FileOf) -> Explained | None:
    """What a district said about a cell stands in its own file."""
    if file.level is not Level.DISTRICT or len(snapshots) != 1:
        return None
    said = {key[1:]: words for key, words in explanations(snapshots).items()}
    return partial(_explained, said, file.spec) if said else None


def _explained(said: dict[tuple, str], spec: str, place: Place, row: Row) -> str:
    return said.get((spec, row.set.set, row.codes), "")


def write(
    target: BinaryIO,
    snapshots: Sequence[Snapshot],
    file: FileOf,
    identifier: str,
    told: Callable[[int], None] = lambda n: None,
) -> int:
    """Header and records; returns how many records. The records go to a temporary file first, for the header
    says how many there are. After each full block `told` hears how many are written;
    it may raise to stop it.
    """
    with tempfile.TemporaryFile() as body:
        number, written = 0, _lines(snapshots, file)
        while some := list(islice(written, AT_A_TIME)):
            body.write("".join(some).encode())
            number += len(some)
            if len(some) == AT_A_TIME:
                told(number)
        target.write(header_line(file, number, identifier).encode())
        body.seek(0)
        copyfileobj(body, target, BLOCK)
    return number


def _lines(snapshots: Sequence[Snapshot], file: FileOf) -> Iterator[str]:
    return lines(file, records(snapshots, file), explained(snapshots, file))


def identifier(file: FileOf, made_on: date) -> str:
    """Free and unique: 32 characters at most."""
    return f"{file.spec}{file.level}{made_on:%Y%m%d}v{file.version}"
