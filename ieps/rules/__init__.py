"""The IEP: its form and its code sets."""

from ieps.rules.codes import CODE_TABLES
from ieps.rules.form import COLUMNS_CSV, FIELDS_CSV, FORMS_CSV, SECTIONS_CSV, Column, Field, Form, Section
from ieps.rules.leap_connect import THRESHOLDS_CSV, Band
from rulebook.registry import RuleTable

TABLES = (
    RuleTable("iep-forms", "Forms of the IEP", "ieps", FORMS_CSV, Form, "Which form each state has."),
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
        "iep-columns",
        "Columns of the tables of the IEP",
        "ieps",
        COLUMNS_CSV,
        Column,
        "What each line of a table of the IEP asks for.",
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
