"""The IEP: its form and its code sets."""

from ieps.rules.carrying import NEVER_CSV, NeverCopied
from ieps.rules.checks import CHECKS_CSV, Check
from ieps.rules.codes import CODE_TABLES
from ieps.rules.correcting import CORRECTABLE_CSV, TypeRow
from ieps.rules.environment import PROGRAMS_CSV, SHARES_CSV, Program, Share
from ieps.rules.evaluation_pieces import PIECES_CSV, ReportPiece
from ieps.rules.form import COLUMNS_CSV, FIELDS_CSV, FORMS_CSV, SECTIONS_CSV, Column, Field, Form, Section
from ieps.rules.indicator_13 import CHECKLIST_CSV, Item
from ieps.rules.leap_connect import THRESHOLDS_CSV, Band
from ieps.rules.life import MOVES_CSV, STAGES_CSV, MoveRow, StageRow
from ieps.rules.print_words import WORDS_CSV, Words
from ieps.rules.service_minutes import WEEKS_CSV, Weeks
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
        "iep-checks",
        "Checks of the IEP",
        "ieps",
        CHECKS_CSV,
        Check,
        "What has to hold before an IEP is official, and what is only pointed at.",
    ),
    RuleTable(
        "iep-stages", "Steps of the IEP", "ieps", STAGES_CSV, StageRow, "From the draft to the official IEP."
    ),
    RuleTable(
        "iep-moves",
        "Moves of the IEP",
        "ieps",
        MOVES_CSV,
        MoveRow,
        "Which status follows which, and who brings it about.",
    ),
    RuleTable(
        "correctable",
        "What may be corrected in an official IEP",
        "ieps",
        CORRECTABLE_CSV,
        TypeRow,
        "Slips of the pen are put right in texts only; everything else is amended.",
    ),
    RuleTable(
        "leap-connect",
        "LEAP Connect thresholds",
        "ieps",
        THRESHOLDS_CSV,
        Band,
        "How far below the mean cognitive functioning has to be for the alternate assessment.",
    ),
    RuleTable(
        "service-weeks",
        "Sessions in a week of school",
        "ieps",
        WEEKS_CSV,
        Weeks,
        "How sessions by day, month and year become minutes a week.",
    ),
    RuleTable(
        "lre-shares",
        "Settings by share of the day",
        "ieps",
        SHARES_CSV,
        Share,
        "Which setting follows from the percent of the day inside the regular class, at school age.",
    ),
    RuleTable(
        "lre-programs",
        "Settings by hours of the program",
        "ieps",
        PROGRAMS_CSV,
        Program,
        "Which setting follows from hours in a regular early childhood program and from where services are.",
    ),
    RuleTable(
        "iep-from-evaluation",
        "From the evaluation report into the IEP",
        "ieps",
        PIECES_CSV,
        ReportPiece,
        "Which piece of the report is offered for which field, and which one as its text.",
    ),
    RuleTable(
        "iep-never-copied",
        "Never taken over from an earlier IEP",
        "ieps",
        NEVER_CSV,
        NeverCopied,
        "What each meeting decides anew; days are never taken over either.",
    ),
    RuleTable(
        "indicator-13-checklist",
        "Checklist of indicator 13",
        "ieps",
        CHECKLIST_CSV,
        Item,
        "What the IEP of a youth must have for transition, and what only the team can answer.",
    ),
    RuleTable(
        "iep-print-words",
        "Words of the printed IEP",
        "ieps",
        WORDS_CSV,
        Words,
        "Headings and fixed words of the printed form, and what stands beside them in a second language.",
    ),
    *(
        RuleTable(code_set.replace("_", "-"), title, "ieps", path, row_type, "A code set of the IEP.")
        for code_set, (path, row_type, title) in CODE_TABLES.items()
    ),
)
