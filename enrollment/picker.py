"""The codes of a state as the code picker offers them: found by number, meaning or the words people use."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from enrollment.rules.codes import Kind, codes_for
from enrollment.rules.search import Match, find_codes
from organizations.rules.profiles import Profile
from ui.parts import CodeOption


@dataclass(frozen=True)
class Offer:
    """What the picker shows; `total` is how many codes there are without a search."""

    options: list[CodeOption]
    total: int
    query: str

    def context(self, name: str) -> dict[str, object]:
        """For the template `ui/code_options.html`, where the picker is the field of this name."""
        found = {"options": self.options, "query": self.query, "total": self.total}
        return {"name": name, "noun": "code", **found}


def offer(
    profile: Profile, kind: Kind, query: str, on: date, chosen: str = "", only: Collection[str] = ()
) -> Offer:
    """The codes in force on the day that the words find. The chosen one stays in sight."""
    query = query[:60].strip()
    found = [match for match in find_codes(profile, kind, query, on) if not only or match.code.code in only]
    options = [_option(match, chosen) for match in found]
    if chosen and all(option.code != chosen for option in options):
        kept = (match for match in find_codes(profile, kind, "", on) if match.code.code == chosen)
        options = [_option(match, chosen, "Chosen before this search") for match in kept] + options
    total = sum(not only or code.code in only for code in codes_for(profile, kind, on))
    return Offer(options, total, query)


def _option(match: Match, chosen: str, why: str = "") -> CodeOption:
    code = match.code
    plain = (code.code, code.meaning, "")
    return CodeOption(
        code.code, code.meaning, why or ("" if match.phrase in plain else f"Found by: {match.phrase}"),
        checked=code.code == chosen,
    )  # fmt: skip
