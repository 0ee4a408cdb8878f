"""Small numbers, for those who may only see aggregates: fewer than ten children could be recognized."""

from collections.abc import Callable, Mapping

FEWEST = 10


def suppressed(numbers: Mapping[str, int]) -> dict[str, int | None]:
    """None where a number is withheld; a zero tells of nobody and stays.

    With the total at hand one withheld number could be worked out from the others, and so could several that
    are few together: further ones are withheld, the smallest first, until that is not so.
    """
    withheld = {key for key, n in numbers.items() if 0 < n < FEWEST}
    others = sorted((key for key, n in numbers.items() if n >= FEWEST), key=lambda key: numbers[key])
    while withheld and others and _could_be_worked_out(numbers, withheld):
        withheld.add(others.pop(0))
    return {key: None if key in withheld else n for key, n in numbers.items()}


def may_be_summed(numbers: Mapping[str, int], is_summed: Callable[[str], bool]) -> bool:
    """May the sum of these keys stand beside the numbers as `suppressed` shows them?

    With the total at hand it is two sums: neither may tell what is withheld within it.
    """
    withheld = {key for key, n in suppressed(numbers).items() if n is None}
    summed = {key for key in withheld if is_summed(key)}
    return not any(part and _could_be_worked_out(numbers, part) for part in (summed, withheld - summed))


def _could_be_worked_out(numbers: Mapping[str, int], withheld: set[str]) -> bool:
    return len(withheld) == 1 or sum(numbers[key] for key in withheld) < FEWEST


def told(total: int) -> int | None:
    return None if 0 < total < FEWEST else total
