"""When parents and district may agree that no reevaluation is needed. Authority: 34 CFR 300.303(b)(2)."""

from collections.abc import Collection

from evaluations.rules.codes import exceptionality

INADEQUATE = "The data on the student are not adequate, so a reevaluation is needed (LAC 28:CI.1101.C.1)."


def why_not_waive(exceptionalities: Collection[str], data_are_adequate: bool, guidance: str) -> str | None:
    """A sentence when it may not be waived so; `guidance` is what the state's guidance said for this case."""
    if not data_are_adequate:
        return INADEQUATE
    asked = [row for row in map(exceptionality, exceptionalities) if row and row.waiver_needs_guidance]
    if asked and not guidance.strip():
        names = ", ".join(row.name for row in asked)
        return f"Say what the guidance for {names} was: it is asked for before a waiver (LAC 28:CI.1101.C.1)."
    return None
