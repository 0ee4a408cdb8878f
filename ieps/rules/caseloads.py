"""How many children with an IEP in force one case manager has, in the steps in which it is told."""

SIZES = {"1 to 10": (1, 10), "11 to 20": (11, 20), "21 to 30": (21, 30), "31 to 40": (31, 40)}
MORE = "More than 40"
STEPS = {**SIZES, MORE: (41, None)}


def size_of(n: int) -> str:
    return next((words for words, (_, most) in SIZES.items() if n <= most), MORE)
