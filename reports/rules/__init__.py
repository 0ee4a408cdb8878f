"""What is reported to the federal government: indicators, and what takes a child out of them."""

from reports.rules import federal
from reports.rules.dictionary import DICTIONARY_CSV, Meaning
from reports.rules.disproportionality import DISPROPORTIONALITY_CSV, Analysis
from reports.rules.indicators import EXCEPTIONS_CSV, INDICATORS_CSV, Excepted, Indicator
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "indicators",
        "Indicators of the annual performance report",
        "reports",
        INDICATORS_CSV,
        Indicator,
        "What each indicator asks, how it is computed, and who is left out of it.",
    ),
    RuleTable(
        "indicator-exceptions",
        "Exceptions of the time to evaluate",
        "reports",
        EXCEPTIONS_CSV,
        Excepted,
        "Which reasons take a late evaluation out of the indicators.",
    ),
    RuleTable(
        "disproportionality",
        "Significant disproportionality",
        "reports",
        DISPROPORTIONALITY_CSV,
        Analysis,
        "Which outcomes are compared between races, and among whom.",
    ),
    RuleTable(
        "dictionary",
        "Meaning of the fields",
        "reports",
        DICTIONARY_CSV,
        Meaning,
        "What each field of a record means, with what it is entered, and where it goes.",
    ),
    *federal.TABLES,
)
