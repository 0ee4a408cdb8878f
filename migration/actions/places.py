"""The places of the legacy system: districts and sites from its two reference files."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from migration import package as packages
from organizations.models import District, Site, SiteAffiliation, SiteKind, State
from organizations.rules.profiles import Profile, state_profile
from security.refusals import RuleBroken

DISTRICTS_CSV, SITES_CSV = "leas.csv", "sites.csv"
COLUMNS = {
    DISTRICTS_CSV: {"sponsor_code", "name"},
    SITES_CSV: {"site_code", "name", "sponsor_code", "opened", "closed", "overseen_by"},
}


def places_of(extract: Path, state_code: str) -> State | None:
    """The state with the places of an extract's `reference/`, made where missing; None without it."""
    with packages.opened(extract) as package:
        names = {name: f"{packages.PLACES}/{name}" for name in COLUMNS}
        if not all(package.has(name) for name in names.values()):
            return None
        with TemporaryDirectory() as folder:
            for name, full in names.items():
                with package.open(full) as file:
                    (Path(folder) / name).write_bytes(file.read())
            return load_places(Path(folder), state_code, only_missing=True)


@transaction.atomic
def load_places(folder: Path, state_code: str, *, only_missing: bool = False) -> State:
    """Districts, sites and oversight from `leas.csv` and `sites.csv`; what exists is brought up to date, or
    with `only_missing` left as it is.

    A site whose sponsor is no district is nonpublic; a column `adult_program` may say yes. Raises RuleBroken
    for a missing file or column.
    """
    profile = state_profile(Profile(state_code))
    state, _ = State.objects.get_or_create(
        code=state_code,
        defaults={"name": profile.name, "profile": state_code, "time_zone": profile.time_zone},
    )
    way = "get_or_create" if only_missing else "update_or_create"
    for row in _rows(folder / DISTRICTS_CSV):
        getattr(District.objects, way)(state=state, code=row["sponsor_code"], defaults={"name": row["name"]})
    districts = {district.code: district for district in District.objects.filter(state=state)}
    for row in _rows(folder / SITES_CSV):
        _load_site(state, districts, row, way)
    return state


def _load_site(state: State, districts: dict[str, District], row: dict[str, str], way: str) -> None:
    district = districts.get(row["sponsor_code"])
    site, _ = getattr(Site.objects, way)(
        state=state,
        code=row["site_code"],
        defaults={
            "name": row["name"],
            "district": district,
            "kind": SiteKind.PUBLIC if district else SiteKind.NONPUBLIC,
            "first_day": _day(row["opened"]),
            "last_day": _day(row["closed"]),
            "adult_program": row.get("adult_program") == "yes",
        },
    )
    if row["overseen_by"]:
        if row["overseen_by"] not in districts:
            raise RuleBroken(
                f"{SITES_CSV}: site {row['site_code']} is overseen by {row['overseen_by']}, no district."
            )
        getattr(SiteAffiliation.objects, way)(
            site=site,
            district=districts[row["overseen_by"]],
            defaults={"first_day": _day(row["opened"]) or date(1900, 1, 1), "last_day": _day(row["closed"])},
        )


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise RuleBroken(f"{path.name} is not in the folder. Ask for the reference files of the extract.")
    reader = csv.DictReader(StringIO(_decoded(path.read_bytes()), newline=""))
    if missing := COLUMNS[path.name] - set(reader.fieldnames or ()):
        raise RuleBroken(f"{path.name} lacks the column {', '.join(sorted(missing))}.")
    return list(reader)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RuleBroken(f"{SITES_CSV}: {text!r} is not a date like 2016-06-30.") from None
