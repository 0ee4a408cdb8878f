"""What the stand-in holds, and the rules of writing to it."""

import uuid
from dataclasses import dataclass, field

from . import problems
from .resources import (
    PROGRAM_KEY,
    PROGRAMS,
    RESOURCES,
    SCHOOLS,
    SEORA,
    SSA,
    SSEPEA,
    STUDENTS,
    Resource,
    check_body,
    natural_key,
    value_at,
)


@dataclass
class Item:
    id: str
    payload: dict
    version: int

    @property
    def etag(self) -> str:
        return str(self.version)

    def shown(self) -> dict:
        return {"id": self.id, **self.payload, "_etag": self.etag}


@dataclass
class Store:
    """One ODS: records by resource and natural key, the descriptors it knows, the ed-orgs of the client."""

    education_organizations: set[int]
    descriptors: set[str]
    client_schools: set[int]
    items: dict[str, dict[tuple, Item]] = field(default_factory=lambda: {name: {} for name in RESOURCES})
    version: int = 0

    def upsert(self, resource: Resource, payload: dict, if_match: str | None) -> tuple[Item, bool]:
        """(item, created). EDFI-B5, EDFI-B6."""
        if isinstance(payload, dict) and "id" in payload:
            raise problems.assigned_id()
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
        payload = {name: value for name, value in payload.items() if name != "id"}
        self._check(resource, payload)
        self._check_version(item, if_match)
        old, new = natural_key(resource, item.payload), natural_key(resource, payload)
        if new != old:
            self._move(resource, item, old, new)
        self._change(item, payload)
        return item

    def delete(self, resource: Resource, item_id: str, if_match: str | None) -> None:
        """EDFI-B9."""
        item = self.find(resource, item_id)
        self._check_relationship(resource, item.payload)
        self._check_version(item, if_match)
        if dependent := self._dependent(resource, item):
            raise problems.dependent_item(dependent)
        del self.items[resource.name][natural_key(resource, item.payload)]

    def find(self, resource: Resource, item_id: str) -> Item:
        for item in self.items[resource.name].values():
            if item.id == item_id:
                return item
        raise problems.not_found()

    def query(self, resource: Resource, criteria: dict[str, str]) -> list[Item]:
        """Items whose fields have these values; the ed-org meant is the record's, not its program's."""
        paths = {path.rsplit(".", 1)[-1]: path for path in reversed(resource.fields)}
        return [
            item
            for item in self.items[resource.name].values()
            if all(
                str(value_at(item.payload, paths.get(name, name))) == value
                for name, value in criteria.items()
            )
            and (resource.name != SSEPEA or self._related(item.payload))
        ]

    def put(self, name: str, payload: dict) -> Item:
        """Store a record as it is, without any check."""
        self.version += 1
        item = Item(uuid.uuid4().hex, payload, self.version)
        self.items[name][natural_key(RESOURCES[name], payload)] = item
        return item

    def _change(self, item: Item, payload: dict) -> None:
        if item.payload != payload:
            self.version += 1
            item.payload, item.version = payload, self.version

    def _move(self, resource: Resource, item: Item, old: tuple, new: tuple) -> None:
        if not resource.updatable:
            raise problems.key_change(resource.item)
        if new in self.items[resource.name]:
            raise problems.non_unique_identity()
        self.items[resource.name][new] = self.items[resource.name].pop(old)

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
        if resource.name == SSEPEA and not self._related(payload):
            raise problems.not_related("StudentUniqueId")

    def _related(self, payload: dict) -> bool:
        student = value_at(payload, "studentReference.studentUniqueId")
        return any(
            value_at(item.payload, "studentReference.studentUniqueId") == student
            and value_at(item.payload, place) in self.client_schools
            for name, place in (
                (SSA, "schoolReference.schoolId"),
                (SEORA, "educationOrganizationReference.educationOrganizationId"),
            )
            for item in self.items[name].values()
        )

    def _check_version(self, item: Item, if_match: str | None) -> None:
        """EDFI-B15."""
        if if_match is not None and if_match.strip('"') != item.etag:
            raise problems.stale()

    def _dependent(self, resource: Resource, item: Item) -> str | None:
        key = natural_key(resource, item.payload)
        for other in RESOURCES.values():
            for holder in self.items[other.name].values():
                if self._points_at(other, holder.payload, resource.name, key):
                    return other.item
        return None

    def _points_at(self, other: Resource, payload: dict, name: str, key: tuple) -> bool:
        targets = {
            "studentReference": (STUDENTS, ("studentUniqueId",)),
            "schoolReference": (SCHOOLS, ("schoolId",)),
            "programReference": (PROGRAMS, PROGRAM_KEY),
        }
        return any(
            targets[reference][0] == name
            and tuple(payload[reference][part] for part in targets[reference][1]) == key
            for reference in other.references
            if reference in targets
        )
