"""What the stand-in holds, and the rules of writing to it."""

import uuid
from dataclasses import dataclass, field

from . import problems
from .resources import (
    ED_ORG,
    PARTICIPATION,
    PROGRAM_KEY,
    PROGRAMS,
    RESOURCES,
    SCHOOLS,
    SEORA,
    SSA,
    SSEPEA,
    STUDENT,
    STUDENTS,
    Resource,
    as_taken,
    check_body,
    natural_key,
    value_at,
)

PLACES = {SSA: "schoolReference.schoolId", SEORA: ED_ORG}
TARGETS = {
    "studentReference": (STUDENTS, ("studentUniqueId",)),
    "schoolReference": (SCHOOLS, ("schoolId",)),
    "programReference": (PROGRAMS, PROGRAM_KEY),
}
POINTED_AT = {name for name, _ in TARGETS.values()}


@dataclass
class Item:
    id: str
    resource: str
    payload: dict
    version: int

    @property
    def etag(self) -> str:
        return str(self.version)

    def shown(self) -> dict:
        return {"id": self.id, **self.payload, "_etag": self.etag}


@dataclass(frozen=True)
class Deleted:
    """What was an item of the resource until this version."""

    resource: str
    id: str
    key: dict[str, object]
    version: int

    def shown(self) -> dict:
        return {"id": self.id, "changeVersion": self.version, "keyValues": self.key}


@dataclass
class Store:
    """One ODS: records by resource and natural key, the descriptors it knows, the ed-orgs of the client."""

    education_organizations: set[int]
    descriptors: set[str]
    client_schools: set[int]
    items: dict[str, dict[tuple, Item]] = field(default_factory=lambda: {name: {} for name in RESOURCES})
    ids: dict[str, Item] = field(default_factory=dict)
    of_student: dict[object, dict[str, Item]] = field(default_factory=dict)
    version: int = 0
    deleted: list[Deleted] = field(default_factory=list)

    def upsert(self, resource: Resource, payload: dict, if_match: str | None) -> tuple[Item, bool]:
        """(item, created). EDFI-B5, EDFI-B6."""
        if isinstance(payload, dict) and "id" in payload:
            raise problems.assigned_id()
        payload = as_taken(resource, payload)
        self._check(resource, payload)
        known = self.items[resource.name].get(natural_key(resource, payload))
        if known is None:
            return self.put(resource.name, payload), True
        self._check_version(known, if_match)
        self._change(known, payload)
        return known, False

    def replace(self, resource: Resource, item_id: str, payload: dict, if_match: str | None) -> Item:
        """EDFI-B7, EDFI-B8."""
        item = self.find(resource, item_id)
        payload = as_taken(resource, payload)
        self._check(resource, payload)
        self._check_version(item, if_match)
        new = natural_key(resource, payload)
        if new != natural_key(resource, item.payload):
            self._check_move(resource, new)
        self._change(item, payload)
        return item

    def delete(self, resource: Resource, item_id: str, if_match: str | None) -> None:
        """EDFI-B9."""
        item = self.find(resource, item_id)
        self._check_relationship(resource, item.payload)
        self._check_version(item, if_match)
        if dependent := self._dependent(resource, item):
            raise problems.dependent_item(dependent)
        self.forget(item)
        self.version += 1
        key = {path.rsplit(".", 1)[-1]: value_at(item.payload, path) for path in reversed(resource.key)}
        self.deleted.append(Deleted(resource.name, item.id, key, self.version))

    def find(self, resource: Resource, item_id: str) -> Item:
        item = self.ids.get(item_id)
        if item is None or item.resource != resource.name:
            raise problems.not_found()
        return item

    def query(self, resource: Resource, criteria: dict[str, str]) -> list[Item]:
        """Items whose fields have these values; the ed-org meant is the record's, not its program's."""
        paths = {path.rsplit(".", 1)[-1]: path for path in reversed(resource.fields)}
        return [
            item
            for item in self._among(resource, criteria.get("studentUniqueId"))
            if all(
                str(value_at(item.payload, paths.get(name, name))) == value
                for name, value in criteria.items()
            )
            and (resource.name not in (SSEPEA, PARTICIPATION) or self._related(item.payload))
        ]

    def put(self, name: str, payload: dict) -> Item:
        """Store a record as it is, without any check; what has its key becomes it."""
        if before := self.items[name].get(natural_key(RESOURCES[name], payload)):
            self._change(before, payload)
            return before
        self.version += 1
        item = Item(uuid.uuid4().hex, name, payload, self.version)
        self._keep(item)
        return item

    def _keep(self, item: Item) -> None:
        self.items[item.resource][natural_key(RESOURCES[item.resource], item.payload)] = item
        self.ids[item.id] = item
        self.of_student.setdefault(value_at(item.payload, STUDENT), {})[item.id] = item

    def forget(self, item: Item) -> None:
        del self.items[item.resource][natural_key(RESOURCES[item.resource], item.payload)]
        del self.ids[item.id]
        del self.of_student[value_at(item.payload, STUDENT)][item.id]

    def _among(self, resource: Resource, student: str | None) -> list[Item]:
        """All of the resource, or those of the student alone: a large ODS answers as fast as a small one."""
        if student is None or STUDENT not in resource.fields:
            return list(self.items[resource.name].values())
        return [item for item in self.of_student.get(student, {}).values() if item.resource == resource.name]

    def _change(self, item: Item, payload: dict) -> None:
        if item.payload == payload:
            return
        self.version += 1
        resource = RESOURCES[item.resource]
        moves = natural_key(resource, item.payload) != natural_key(resource, payload)
        if moves:
            self.forget(item)
        item.payload, item.version = payload, self.version
        if moves:
            self._keep(item)

    def _check_move(self, resource: Resource, new: tuple) -> None:
        if not resource.updatable:
            raise problems.key_change(resource.item)
        if new in self.items[resource.name]:
            raise problems.non_unique_identity()

    def _check(self, resource: Resource, payload: dict) -> None:
        check_body(resource, payload, self.descriptors)
        for reference in resource.references:
            if not self._resolves(reference, payload[reference]):
                name = reference.removesuffix("Reference")
                raise problems.unresolved_reference(name[0].upper() + name[1:])
        self._check_relationship(resource, payload)

    def _resolves(self, reference: str, value: dict) -> bool:
        if reference == "studentReference":
            return (value["studentUniqueId"],) in self.items[STUDENTS]
        if reference == "schoolReference":
            return (value["schoolId"],) in self.items[SCHOOLS]
        if reference == "programReference":
            return tuple(value[part] for part in PROGRAM_KEY) in self.items[PROGRAMS]
        ed_org = value["educationOrganizationId"]
        return ed_org in self.education_organizations or (ed_org,) in self.items[SCHOOLS]

    def _check_relationship(self, resource: Resource, payload: dict) -> None:
        """A student is reached through an enrollment or a responsibility. EDFI-B22, EDFI-B23."""
        if resource.name in (SSEPEA, PARTICIPATION) and not self._related(payload):
            raise problems.not_related("StudentUniqueId")

    def _related(self, payload: dict) -> bool:
        of_student = self.of_student.get(value_at(payload, STUDENT), {}).values()
        return any(
            item.resource in PLACES and value_at(item.payload, PLACES[item.resource]) in self.client_schools
            for item in of_student
        )

    def _check_version(self, item: Item, if_match: str | None) -> None:
        """EDFI-B15."""
        if if_match is not None and if_match.strip('"') != item.etag:
            raise problems.stale()

    def _dependent(self, resource: Resource, item: Item) -> str | None:
        if resource.name not in POINTED_AT:
            return None
        key = natural_key(resource, item.payload)
        for other in RESOURCES.values():
            for holder in self.items[other.name].values():
                if self._points_at(other, holder.payload, resource.name, key):
                    return other.item
        return None

    def _points_at(self, other: Resource, payload: dict, name: str, key: tuple) -> bool:
        return any(
            TARGETS[reference][0] == name
            and tuple(payload[reference][part] for part in TARGETS[reference][1]) == key
            for reference in other.references
            if reference in TARGETS
        )
