"""States, grades, kinds of sites, and how days are counted."""

from organizations.rules.places import GRADES_CSV, SITE_KINDS_CSV, GradeRow, SiteKindRow
from organizations.rules.profiles import PROFILES_CSV, StateProfile
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "state-profiles",
        "State profiles",
        "organizations",
        PROFILES_CSV,
        StateProfile,
        "What differs from state to state: time zone, student ID, kinds of days, Ed-Fi program, cut-overs.",
    ),
    RuleTable(
        "grades",
        "Grades",
        "organizations",
        GRADES_CSV,
        GradeRow,
        "Grade codes in order; the level decides cohort and dropout questions.",
    ),
    RuleTable(
        "site-kinds",
        "Kinds of sites",
        "organizations",
        SITE_KINDS_CSV,
        SiteKindRow,
        "Which sites a district reaches by its responsibility for the children there.",
    ),
)
