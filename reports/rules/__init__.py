"""What is reported to the federal government: indicators, and what takes a child out of them."""

from reports.rules import environment_shares, federal, post_school
from reports.rules.dictionary import DICTIONARY_CSV, Meaning
from reports.rules.disproportionality import DISPROPORTIONALITY_CSV, Analysis
from reports.rules.environment_shares import ENVIRONMENT_SHARES_CSV
from reports.rules.indicators import EXCEPTIONS_CSV, INDICATORS_CSV, Excepted, Indicator
from reports.rules.post_school import POST_SCHOOL_CSV
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
        "environment-shares",
        "Settings of indicators 5 and 6",
        "reports",
        ENVIRONMENT_SHARES_CSV,
        environment_shares.Part,
        "Which settings each part of indicators 5 and 6 counts, and of whom it is a share.",
    ),
    RuleTable(
        "post-school",
        "Answers of indicator 14",
        "reports",
        POST_SCHOOL_CSV,
        post_school.Part,
        "Which answers each part of indicator 14 counts.",
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
