"""What a run gave, as one object for programs."""

from collections import defaultdict
from typing import Any

from migration.models import LoadRun, RunState
from migration.rules.findings import quality_rules

NOTHING: dict[str, Any] = {
    "run": None, "types": {}, "drafts": 0, "continuity": 0, "archived_students": 0, "findings": {},
}  # fmt: skip
SIGNED = "DQ-101"  # the sample sheet is signed, no record breaks it


def result_of(run: LoadRun) -> dict[str, Any]:
    """`types`: code -> extracted, migrated, archived, rejected; `findings`: every rule -> its record keys.

    A refused or failed run has `refused` with its sentence, and what was known until then.
    """
    found = defaultdict(list)
    for rule, key in run.findings.order_by("key").values_list("rule", "key"):
        found[rule].append(key)
    result: dict[str, Any] = {
        "run": run.pk,
        "types": {
            count.record_type: {
                "extracted": count.extracted,
                "migrated": count.migrated,
                "archived": count.archived,
                "rejected": count.rejected,
            }
            for count in run.record_counts.all()
        },
        "drafts": run.drafts,
        "continuity": run.continuity,
        "archived_students": run.archived_students,
        "findings": {rule: found[rule] for rule in quality_rules() if rule != SIGNED},
    }
    if run.state not in (RunState.DONE, RunState.CHECKED):
        result["refused"] = run.sentence
    return result
