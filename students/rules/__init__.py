"""Codes that describe a child."""

from rulebook.registry import RuleTable
from students.rules.languages import LANGUAGES_CSV, LanguageRow

TABLES = (
    RuleTable(
        "home-languages",
        "Home languages",
        "students",
        LANGUAGES_CSV,
        LanguageRow,
        "Names of the language codes that a student record may hold.",
    ),
)
