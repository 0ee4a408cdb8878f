"""Cells that a spreadsheet would run as a formula: guarded when given out, and read back as they were."""

RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


def guarded(cell: str) -> str:
    """The cell as it is given out, with an apostrophe where it would run (OWASP, CSV injection)."""
    return GUARD + cell if _would_run(cell) else cell


def unguarded(cell: str) -> str:
    """What a cell said before `guarded`."""
    return cell[1:] if cell.startswith(GUARD) and _would_run(cell) else cell


def _would_run(cell: str) -> bool:
    """Also one that stands behind apostrophes already: it gets another, so that reading takes only ours."""
    bare = cell.lstrip(GUARD)
    return len(bare) > 1 and bare.startswith(RUN_AS_FORMULA)
