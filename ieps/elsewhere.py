"""What is chosen in an IEP from other records: schools of the district, annual goals."""

from collections.abc import Iterable

from django.db.models import Q

from ieps.items import Entry
from ieps.models import Iep, SectionText
from ieps.section_form import Choices
from organizations.models import Site

GOALS = "INS"
LONGEST = 80


def elsewhere_of(iep: Iep, entries: Iterable[Entry]) -> dict[str, Choices]:
    """By type of field; one query for each type that the entries have."""
    ways = {"site": sites_of, "goal": goals_of}
    types = {entry.type for entry in entries}
    return {kind: way(iep) for kind, way in ways.items() if kind in types}


def sites_of(iep: Iep) -> Choices:
    """The district's own sites and those affiliated with it."""
    if iep.district_id is None:
        return []
    own = Q(district=iep.district_id) | Q(affiliations__district=iep.district_id)
    sites = Site.objects.filter(own).distinct().order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in sites]


def goals_of(iep: Iep) -> Choices:
    """The annual goals of the instructional plan, by their line."""
    texts = SectionText.objects.filter(iep=iep, section=GOALS, line__removed_at__isnull=True, line__table="")
    goals = texts.filter(field__endswith=".goal").order_by("line__place")
    return [(str(text.line_id), _short(text.text)) for text in goals if text.text.strip()]


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()}…"
