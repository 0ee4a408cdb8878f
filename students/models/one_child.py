"""A record belongs to one child for good; only a merge moves it, and only between its two children."""

import pgtrigger

ONLY_BY_A_MERGE = pgtrigger.Trigger(
    name="child_changes_by_a_merge_only",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(
        "OLD.student_id IS NOT NULL AND OLD.student_id IS DISTINCT FROM NEW.student_id"
    ),
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM students_studentmerge m
            WHERE (m.kept_id, m.merged_id)
                IN ((NEW.student_id, OLD.student_id), (OLD.student_id, NEW.student_id))
        ) THEN
            RAISE EXCEPTION 'pgtrigger: A record changes its child by a merge only';
        END IF;
        RETURN NEW;
    """,
)


def all_but_the_child(*more: str) -> str:
    """SQL: does anything differ between the old and the new row, other than whose it is?"""
    old, new = (
        " - ".join((f"to_jsonb({row})", "'student_id'", *(f"'{c}'" for c in more))) for row in ("OLD", "NEW")
    )
    return f"(({old}) IS DISTINCT FROM ({new}))"
