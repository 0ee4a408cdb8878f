"""Which letters the fonts of printed forms have: a PDF that is read aloud must not hold any other."""

import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FONTS = Path(__file__).parent / "fonts"
# Line ends of their own kind, signs that choose between two shapes, and one that PDF/UA does not allow.
NO_TEXT = frozenset({0x2028, 0x2029, *range(0xFE00, 0xFE10), 0xFEFF})
LONG_WORD = re.compile(r"\S{40}(?=\S)")
MAY_BREAK = "\N{ZERO WIDTH SPACE}"
NAMELESS = ("CJK", "HANGUL")


def printable(value: Any) -> Any:
    """The same values, with every text as it can be printed."""
    if isinstance(value, str):
        return in_letters(value)
    if isinstance(value, Mapping):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return value


def in_letters(text: str) -> str:
    """Letters that no font has stand as their names in brackets; a word longer than a line may be broken."""
    if not text.isascii() or not text.isprintable():
        text = "".join(_shown(letter) for letter in text)
    return LONG_WORD.sub(rf"\g<0>{MAY_BREAK}", text)


@cache
def _shown(letter: str) -> str:
    code, kind = ord(letter), unicodedata.category(letter)
    if letter in "\n\t" or (code in covered() and code not in NO_TEXT and kind != "Co"):
        return letter
    if kind in ("Zl", "Zp"):
        return "\n"
    if kind in ("Cc", "Cf") or code in NO_TEXT:
        return ""
    if kind == "Zs":
        return " "
    name = unicodedata.name(letter, "")
    return f"[{name.lower()}]" if name and not name.startswith(NAMELESS) else f"[U+{code:04X}]"


def font_folders() -> list[Path]:
    own = settings.ESER_FONTS
    return [FONTS, Path(own)] if own else [FONTS]


@cache
def covered() -> frozenset[int]:
    """The code points that at least one font has a shape for."""
    files = (
        path for folder in font_folders() for path in folder.iterdir() if path.suffix in (".ttf", ".otf")
    )
    return frozenset(code for path in files for code in _codes_of(path.read_bytes()) if code >= 32)


def _codes_of(font: bytes) -> Iterator[int]:
    """Reads the table `cmap` of an OpenType font (formats 4 and 12, which every font of today has)."""
    for number in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            break
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">I", font, start + 8 + 8 * number)[0]
        kind = struct.unpack_from(">H", font, at)[0]
        yield from {4: _by_segments, 12: _by_groups}.get(kind, _none)(font, at)


def _none(font: bytes, at: int) -> Iterator[int]:
    yield from ()


def _by_segments(font: bytes, at: int) -> Iterator[int]:
    doubled = struct.unpack_from(">H", font, at + 6)[0]
    ends, starts, steps, places = (
        struct.unpack_from(f">{doubled // 2}H", font, at + 14 + padding + doubled * number)
        for number, padding in enumerate((0, 2, 2, 2))
    )
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        own = at + 16 + doubled * 3 + 2 * number + places[number]
        for code in range(first, min(last, 0xFFFE) + 1):
            shape = struct.unpack_from(">H", font, own + 2 * (code - first))[0] if places[number] else code
            if shape and (shape + steps[number]) & 0xFFFF:
                yield code


def _by_groups(font: bytes, at: int) -> Iterator[int]:
    for number in range(struct.unpack_from(">I", font, at + 12)[0]):
        first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * number)
        yield from range(first, last + 1)
