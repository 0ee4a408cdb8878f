"""The IEP: its form and its code sets."""

from ieps.rules.codes import CODE_TABLES
from ieps.rules.form import FIELDS_CSV, SECTIONS_CSV, Field, Section
from ieps.rules.leap_connect import THRESHOLDS_CSV, Band
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "iep-sections",
        "Sections of the IEP",
        "ieps",
        SECTIONS_CSV,
        Section,
        "Which sections an IEP has, and when an optional one belongs to it.",
    ),
    RuleTable(
        "iep-fields",
        "Fields of the IEP",
        "ieps",
        FIELDS_CSV,
        Field,
        "What each field asks for, whether it must be filled in, and where that is written.",
    ),
    RuleTable(
        "leap-connect",
        "LEAP Connect thresholds",
        "ieps",
        THRESHOLDS_CSV,
        Band,
        "How far below the mean cognitive functioning has to be for the alternate assessment.",
    ),
    *(
        RuleTable(code_set.replace("_", "-"), title, "ieps", path, row_type, "A code set of the IEP.")
        for code_set, (path, row_type, title) in CODE_TABLES.items()
    ),
)
