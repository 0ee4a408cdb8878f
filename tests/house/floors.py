"""The floors of the house, from the ground up (docs/adr/0001)."""

FLOORS = [
    {"ui"},
    {"rulebook", "journal", "jobs", "documents"},
    {"organizations"},
    {"security"},
    {"students"},
    {"enrollment"},
    {"evaluations"},
    {"notices"},
    {"ieps"},
    {"migration", "reports", "caseload", "edfi"},
    {"eser"},
]


def floor_of(app: str) -> int | None:
    """How high the app lives; None for an app that is not ours."""
    return next((number for number, rooms in enumerate(FLOORS) if app in rooms), None)
