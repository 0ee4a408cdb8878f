"""A whole IEP: every field that is asked for is filled in, by its type."""

from datetime import date, timedelta

from django.utils import timezone

from ieps.items import Entry, Grid
from ieps.models import Iep, Line, SectionText
from ieps.outline import Chapter
from ieps.values import offered
from ieps.written import chapters_of
from organizations.models import Site
from tests.factories import SiteFactory

PARENT, TEACHER = "Corinne Fontenot", "Yvette Broussard"
TEAM = (
    (PARENT, "PAR"), (TEACHER, "SPE"), ("Marc Hébert", "REG"),
    ("Lucien Prejean", "ODR"), ("Mireille Guidry", "EVL"),
)  # fmt: skip


def complete(iep: Iep, by, met: date | None = None, **answers: str) -> Iep:
    """`answers` by section and key ("PLC__lre"); what is already there stays."""
    met = met or timezone.localdate()
    last = met + timedelta(days=364)
    school = Site.objects.filter(district=iep.district).first() or SiteFactory(district=iep.district)
    chosen = {
        "GSI__home_school": str(school.pk), "SITE__school": str(school.pk),
        "GSI__meeting_date": str(met), "GSI__iep_begin": str(met), "GSI__iep_end": str(last),
        "PRG__assessment": "NONE", "PRG__decision": "U", "PRG__decision_date": str(last), "PLC__lre": "RC80",
        "GSI__exceptionality_primary": "SLD", "PRG__time_frame_first": str(met),
        "PRG__time_frame_last": str(last), "PRG__total_minutes": "1800",
    } | answers  # fmt: skip
    there = set(iep.texts.values_list("section", "field"))
    places = {tuple(place.split("__")): text for place, text in chosen.items()}
    _write_all(iep, by, [(*place, text, None) for place, text in places.items() if place not in there])
    if not iep.lines.filter(table="participants").exists():
        _gather(iep, by)
    while asked := [(each, item) for each in chapters_of(iep) for item in each.missing]:
        _fill(iep, by, asked)
    return iep


def _gather(iep: Iep, by) -> None:
    lines = Line.objects.bulk_create(
        Line(iep=iep, section="GSI", table="participants", place=n, added_by=by) for n in range(len(TEAM))
    )
    cells = [
        ("GSI", f"{line.pk}.{column}", text, line.pk)
        for line, (name, role) in zip(lines, TEAM, strict=True)
        for column, text in (("name", name), ("role", role), ("attended", "Y"))
    ]
    _write_all(iep, by, cells)


def _write_all(iep: Iep, by, texts: list[tuple[str, str, str, int | None]]) -> None:
    SectionText.objects.bulk_create(
        SectionText(iep=iep, section=section, field=key, text=text, line_id=line, saved_by=by)
        for section, key, text, line in texts
    )


def line_of(iep: Iep, name: str) -> int:
    """The line of this participant."""
    return iep.texts.get(section="GSI", text=name, line__table="participants").line_id


def add_line(iep: Iep, by, section: str, table: str, **cells: str) -> Line:
    place = iep.lines.count() + 1
    line = Line.objects.create(iep=iep, section=section, table=table, place=place, added_by=by)
    for column, text in cells.items():
        write(iep, by, section, f"{line.pk}.{column}", text, line)
    return line


def write(iep: Iep, by, section: str, key: str, text: str, line: Line | None = None) -> None:
    SectionText.objects.update_or_create(
        iep=iep, section=section, field=key, defaults={"text": text, "line": line, "saved_by": by}
    )


def _fill(iep: Iep, by, asked: list[tuple[Chapter, Entry | Grid]]) -> None:
    """One round: what is asked for inside a new line comes in the next one."""
    Line.objects.bulk_create(
        Line(iep=iep, section=each.section, table=item.table, parent_id=item.parent, place=99, added_by=by)
        for each, item in asked
        if isinstance(item, Grid)
    )
    entries = [(each.section, item) for each, item in asked if isinstance(item, Entry)]
    _write_all(iep, by, [(section, item.key, text_of(item), _line(item)) for section, item in entries])


def _line(entry: Entry) -> int | None:
    first = entry.key.partition(".")[0]
    return int(first) if first.isdigit() else None


def text_of(entry: Entry) -> str:
    if entry.type.startswith("code:"):
        return next(iter(offered(entry.type)))
    texts = {"date": str(timezone.localdate()), "bool": "Y", "int": "30", "decimal": "2.5"}
    return texts.get(entry.type, f"About {entry.label.lower()}.")
