"""May two records become one child? Authority: enrollment audit, check 23."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What tells one child from another. `merged`: this record has become another one already."""

    number: str
    state: str
    birth_date: date
    sex: str
    folded_last_name: str
    merged: bool = False


def why_not_merge(kept: Identity, merged: Identity) -> str | None:
    """The first reason against it, or None."""
    if (kept.state, kept.number) == (merged.state, merged.number):
        return "These are one record already. Choose another one."
    if kept.state != merged.state:
        return "The two records are of different states."
    if kept.merged or merged.merged:
        return "One of the two records was merged already. Open the one that goes on."
    return None


def why_not_undo(goes_on_as_another: bool, later_merges: bool) -> str | None:
    """The last merge is undone first: a later one stands on what this one made."""
    if goes_on_as_another:
        return "The record that went on was itself merged into another one. Undo that merge first."
    return "Another record was merged into this child later. Undo that merge first." if later_merges else None


def doubts(kept: Identity, merged: Identity) -> tuple[str, ...]:
    """What speaks against one child: said before a merge, which then needs a word that it was checked."""
    found = (
        (kept.birth_date != merged.birth_date, "The birth dates differ."),
        (kept.sex != merged.sex, "The sexes differ."),
        (kept.folded_last_name != merged.folded_last_name, "The last names differ."),
    )
    return tuple(words for differs, words in found if differs)
