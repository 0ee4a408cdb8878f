"""Which child of ours a legacy key belongs to, where it was migrated: for a page of keys in a few queries."""

from collections.abc import Iterable

from evaluations.models import Evaluation
from ieps.models import Iep
from security.models import User
from students.models import Source, Student, StudentIdentifier

OF_AN_EVALUATION, OF_AN_IEP = ("04", "05"), ("08", "09", "10", "11")
OF_NO_CHILD = ("13", "??")
Place = tuple[str, str]  # record type, legacy key


def children_of(user: User, places: Iterable[Place]) -> dict[Place, Student]:
    """Those that the reader sees; a child that was merged since is the one that it became."""
    places = {place for place in places if place[0] not in OF_NO_CHILD}
    evaluations = _owners(Evaluation, places, OF_AN_EVALUATION)
    ieps = _owners(Iep, places, OF_AN_IEP)
    by_student = {_first(key) for kind, key in places if kind not in (*OF_AN_EVALUATION, *OF_AN_IEP)}
    own = _by_legacy_key(by_student)
    ids = {*evaluations.values(), *ieps.values(), *own.values()}
    seen = Student.objects.visible_to(user).select_related("state").in_bulk(ids)
    found = {}
    for place in places:
        kind, key = place[0], _first(place[1])
        owner = (evaluations if kind in OF_AN_EVALUATION else ieps if kind in OF_AN_IEP else own).get(key)
        if owner in seen:
            found[place] = seen[owner]
    return found


def _first(key: str) -> str:
    return key.partition("|")[0]


def _owners(model, places: Iterable[Place], kinds: tuple[str, ...]) -> dict[str, int]:
    keys = {_first(key) for kind, key in places if kind in kinds}
    if not keys:
        return {}
    rows = model.objects.filter(source=Source.LEGACY_SER, legacy_key__in=keys).exclude(student=None)
    return dict(rows.values_list("legacy_key", "student_id"))


def _by_legacy_key(keys: set[str]) -> dict[str, int]:
    if not keys:
        return {}
    rows = Student.objects.filter(source=Source.LEGACY_SER, legacy_key__in=keys, merged_into=None)
    found = dict(rows.values_list("legacy_key", "pk"))
    merged = StudentIdentifier.objects.filter(what="legacy ID", value__in=keys - found.keys())
    return dict(merged.values_list("value", "student_id")) | found
