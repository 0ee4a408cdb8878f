"""Deadlines of a child: where their facts come from, and how each is counted."""

from caseload.rules.sources import SOURCES_CSV, Source
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "deadline-sources",
        "Where deadlines come from",
        "caseload",
        SOURCES_CSV,
        Source,
        "Which recorded facts start, meet, extend and excuse each deadline, and who answers.",
    ),
)
