"""Lists of the apps beside this one, which they tell of when they start (students/extensions.py)."""

from reports.lists.cells import Kind
from reports.lists.children import CHILD
from reports.lists.filters import name_filter, number_filter
from reports.lists.groups import Shape
from reports.lists.listing import List, Part
from students.extensions import RecordColumn, RecordList


def from_beside(found: RecordList) -> List:
    """A list that an app beside the reports has told of, with the child's columns before its own."""
    return List(
        found.slug, found.title, found.what, (*CHILD, *map(_part_of, found.columns)),
        lambda scope, _: found.rows(scope),
        (name_filter(), number_filter("district", "District"), *found.more),
        default_sort=found.default_sort, needs=found.needs, quick=False,
        first_shape=Shape(by=found.counts[0], across=found.counts[1]),
    )  # fmt: skip


def _part_of(column: RecordColumn) -> Part:
    return Part(
        column.label, column.source, Kind(column.kind), column.sort or None, column.on_page, column.key,
        groups=column.groups, by=column.by, named=column.named,
    )  # fmt: skip
