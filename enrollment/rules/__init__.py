"""Entry and exit: codes, stages, rosters, documentation."""

from enrollment.rules.checks import CHECKS_CSV, EXIT_MEANINGS_CSV, Check, ExitMeaning
from enrollment.rules.codes import (
    ENTRY_CODES_CSV,
    EXIT_CODES_CSV,
    SPED_EXITS_CSV,
    EntryCode,
    ExitCode,
    SpedExit,
)
from enrollment.rules.effects import EXIT_EFFECTS_CSV, EffectRow
from enrollment.rules.exit_bases import EXIT_BASES_CSV, ExitBasis
from enrollment.rules.feed import FEED_LAYOUT_CSV, LayoutRow
from enrollment.rules.seds import SEDS_MOVES_CSV, SedsMove
from enrollment.rules.support_issues import SUPPORT_ISSUES_CSV, SupportIssue
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "entry-codes",
        "Entry codes",
        "enrollment",
        ENTRY_CODES_CSV,
        EntryCode,
        "How a student comes to be enrolled. Where the state prints no name, its words of use stand instead.",
    ),
    RuleTable(
        "exit-codes",
        "Exit codes",
        "enrollment",
        EXIT_CODES_CSV,
        ExitCode,
        "How an enrollment ends, and what that means for rosters, cohort, dropout count and documentation.",
    ),
    RuleTable(
        "sped-exits",
        "Reasons why special education ends",
        "enrollment",
        SPED_EXITS_CSV,
        SpedExit,
        "A school exit is not a program exit; the program ends with a reason of its own.",
    ),
    RuleTable(
        "exit-effects",
        "What an exit does",
        "enrollment",
        EXIT_EFFECTS_CSV,
        EffectRow,
        "The sentences shown before an exit is saved, each with the rule behind it.",
    ),
    RuleTable(
        "seds-moves",
        "Special education roster: moves",
        "enrollment",
        SEDS_MOVES_CSV,
        SedsMove,
        "The life cycle from active to exited. A pending exit is not an exit.",
    ),
    RuleTable(
        "feed-layout",
        "Feed of a student information system: columns",
        "enrollment",
        FEED_LAYOUT_CSV,
        LayoutRow,
        "What a district's own system sends each night, in its own file or as OneRoster 1.2.",
    ),
    RuleTable(
        "support-issues",
        "Requests to the state",
        "enrollment",
        SUPPORT_ISSUES_CSV,
        SupportIssue,
        "What a district may ask of the state about an enrollment, and what a granted request does.",
    ),
    RuleTable(
        "enrollment-checks",
        "Enrollment audit: the checks",
        "enrollment",
        CHECKS_CSV,
        Check,
        "What is looked for on every change and each night, and what is not checked for want of data.",
    ),
    RuleTable(
        "exit-meanings",
        "Exits with a diploma or to another school",
        "enrollment",
        EXIT_MEANINGS_CSV,
        ExitMeaning,
        "Which exit codes say diploma, and after which the student should soon be enrolled elsewhere.",
    ),
    RuleTable(
        "exit-bases",
        "Exits from school and the federal basis of exit",
        "enrollment",
        EXIT_BASES_CSV,
        ExitBasis,
        "Why special education ended with an exit from school, where its code says so and nobody else did.",
    ),
)
