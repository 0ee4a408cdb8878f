"""Notices to parents: their kinds, what each says, and how it reaches them."""

from notices.rules.channels import CHANNELS_CSV, Channel
from notices.rules.kinds import ELEMENTS_CSV, NOTICES_CSV, Element, NoticeRow
from rulebook.registry import RuleTable

TABLES = (
    RuleTable(
        "notices",
        "Notices to parents",
        "notices",
        NOTICES_CSV,
        NoticeRow,
        "Which notices there are, and which deadline tells by when each is sent.",
    ),
    RuleTable(
        "notice-elements",
        "What a notice says",
        "notices",
        ELEMENTS_CSV,
        Element,
        "Each element of each notice: the question to its writer, and whether it may be left out.",
    ),
    RuleTable(
        "notice-channels",
        "Ways of delivery",
        "notices",
        CHANNELS_CSV,
        Channel,
        "How a notice reaches the parents, and which ways ask for a proof.",
    ),
)
