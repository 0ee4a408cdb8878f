"""Evaluations: code sets, deadlines, and what is asked before one is locked."""

from evaluations.rules import codes, parts, report_sections, stages
from evaluations.rules.countings import COUNTINGS_CSV, Counting
from evaluations.rules.deadlines import DEADLINES_CSV, Deadline
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "evaluation-stages",
        "Stages of an evaluation",
        "evaluations",
        stages.STAGES_CSV,
        stages.StageRow,
        "How far an evaluation has come, and what comes next.",
    ),
    RuleTable(
        "exceptionalities",
        "Exceptionalities",
        "evaluations",
        codes.EXCEPTIONALITIES_CSV,
        codes.Exceptionality,
        "What an evaluation can find, with the ages where only some may have it.",
    ),
    RuleTable(
        "evaluation-types",
        "Types of evaluation",
        "evaluations",
        codes.TYPES_CSV,
        codes.TypeRow,
        "Which evaluations there are, and which of them need consent.",
    ),
    RuleTable(
        "evaluation-outcomes",
        "Outcomes of an evaluation",
        "evaluations",
        codes.OUTCOMES_CSV,
        codes.OutcomeRow,
        "How an evaluation ends.",
    ),
    RuleTable(
        "evaluation-extensions",
        "Extensions of an evaluation",
        "evaluations",
        codes.EXTENSIONS_CSV,
        codes.Extension,
        "Why an evaluation may take longer.",
    ),
    RuleTable(
        "delay-reasons-wi",
        "Delay reasons, Wisconsin",
        "evaluations",
        codes.DELAY_REASONS_WI_CSV,
        codes.DelayReasonRow,
        "What Wisconsin receives about a late evaluation: a descriptor or a text, never both.",
    ),
    RuleTable(
        "not-enrolled",
        "Evaluated without being enrolled",
        "evaluations",
        codes.NOT_ENROLLED_CSV,
        codes.NotEnrolled,
        "Children who attend no public school and are evaluated all the same.",
    ),
    RuleTable(
        "evaluation-areas",
        "Areas of an evaluation",
        "evaluations",
        parts.AREAS_CSV,
        parts.Area,
        "What is assessed, and which areas a state asks for of every child.",
    ),
    RuleTable(
        "evaluation-team",
        "Team of an evaluation",
        "evaluations",
        parts.TEAM_PARTS_CSV,
        parts.TeamPart,
        "In what part somebody belongs to the team that decides about eligibility.",
    ),
    RuleTable(
        "report-sections",
        "Sections of the evaluation report",
        "evaluations",
        report_sections.REPORT_SECTIONS_CSV,
        report_sections.ReportSection,
        "What the integrated report asks for, and which sections a state requires before it is locked.",
    ),
    RuleTable(
        "deadlines",
        "Deadlines",
        "evaluations",
        DEADLINES_CSV,
        Deadline,
        "What is due when, counted in which days, and where that is written.",
    ),
    RuleTable(
        "countings",
        "How deadlines are counted",
        "evaluations",
        COUNTINGS_CSV,
        Counting,
        "What starts each deadline, how many of which days it runs in each state, and what meets it.",
    ),
)
