"""The rollover's tables: how the extract is written, what is checked, what becomes of each record."""

from migration.rules.became import BECAME_CSV, LEGACY_WORDS_CSV, BecameRow, LegacyWord
from migration.rules.cutover_phases import CUTOVER_PHASES_CSV, CutoverPhaseRow
from migration.rules.findings import DQ_RULES_CSV, QualityRule
from migration.rules.layout import LAYOUT_CSV, Field
from migration.rules.records import (
    ENVIRONMENTS_CSV,
    GRADES_CSV,
    LEGACY_CODES_CSV,
    RECORD_TYPES_CSV,
    Environment,
    Grade,
    LegacyCode,
    RecordType,
)
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "rollover-quality-rules",
        "Quality rules of the rollover",
        "migration",
        DQ_RULES_CSV,
        QualityRule,
        "What is checked in the legacy extract, how serious it is, and what to do about it.",
    ),
    RuleTable(
        "rollover-record-types",
        "Record types of the legacy extract",
        "migration",
        RECORD_TYPES_CSV,
        RecordType,
        "By which day a record counts as old, and which file of the CSV twin holds it.",
    ),
    RuleTable(
        "rollover-layout",
        "Layout of the legacy extract",
        "migration",
        LAYOUT_CSV,
        Field,
        "Where each field stands in a line of the fixed-width file.",
    ),
    RuleTable(
        "rollover-grades",
        "Grades and ages in the legacy extract",
        "migration",
        GRADES_CSV,
        Grade,
        "Which ages are plausible in a grade (DQ-015).",
    ),
    RuleTable(
        "rollover-environments",
        "Environment codes of the legacy extract",
        "migration",
        ENVIRONMENTS_CSV,
        Environment,
        "For whom an environment code is, and which share of regular class it stands for (DQ-062, DQ-063).",
    ),
    RuleTable(
        "rollover-legacy-codes",
        "Retired codes of the legacy extract",
        "migration",
        LEGACY_CODES_CSV,
        LegacyCode,
        "Which code a retired one is read as (DQ-034).",
    ),
    RuleTable(
        "rollover-phases",
        "Phases of a rollover",
        "migration",
        CUTOVER_PHASES_CSV,
        CutoverPhaseRow,
        "From the freeze to the go-live: who acts in each phase, and when it has ended.",
    ),
    RuleTable(
        "rollover-became",
        "What became of the fields of the legacy extract",
        "migration",
        BECAME_CSV,
        BecameRow,
        "Which part of a live record a legacy field became, shown beside it.",
    ),
    RuleTable(
        "rollover-legacy-words",
        "Words of the legacy extract",
        "migration",
        LEGACY_WORDS_CSV,
        LegacyWord,
        "What letters of the extract mean that no code set of the rule book has.",
    ),
)
