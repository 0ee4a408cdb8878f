"""When a record is at the state, from what, and in which order it gets there."""

from edfi.rules.tables import CONDITIONS_CSV, DESCRIPTORS_CSV, ConditionRow, DescriptorRow
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "edfi-sending-conditions",
        "Why a record is not sent to the state",
        "edfi",
        CONDITIONS_CSV,
        ConditionRow,
        "Every condition that keeps an eligibility record from the state's Ed-Fi API, and who can mend it.",
    ),
    RuleTable(
        "edfi-descriptors",
        "State values of local codes",
        "edfi",
        DESCRIPTORS_CSV,
        DescriptorRow,
        "Which Ed-Fi descriptor stands for a local code; a state without its own rows uses Ed-Fi's values.",
    ),
)
