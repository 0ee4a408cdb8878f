"""The text of a PDF as its letters are drawn: enough of the format to read what typst writes."""

import re
import zlib
from collections.abc import Iterator

OBJECT = re.compile(rb"\n(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"(.*?)\nstream\n(.*)\nendstream", re.DOTALL)
PLAIN = rb"\\.|[^\\()]"
STRING = rb"\(((?:%b|\((?:%b)*\))*)\)" % (PLAIN, PLAIN)  # brackets in pairs stand as they are
DRAWN = re.compile(rb"/(f\d+) [\d.]+ Tf|%b|<([0-9A-Fa-f]*)>" % STRING, re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
BY_LETTER = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
GAPS = re.compile("[\\s\u200b\u200c\u200d\ufe0f]+")


def pages_of(pdf: bytes) -> list[str]:
    """Of each page its text, in the order in which it is drawn, without spaces and line ends."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = (body for body in objects.values() if b"/Type/Page/" in body)
    return [squeezed("".join(_drawn(objects, page))) for page in pages]


def text_of(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def squeezed(text: str) -> str:
    """Without what a line break may add or take away."""
    return GAPS.sub("", text)


def _drawn(objects: dict[int, bytes], page: bytes) -> Iterator[str]:
    resources = objects[_number(rb"/Resources (\d+) 0 R", page)] if b"/Resources " in page else page
    letters = {
        name: _letters(objects, int(font)) for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    font: dict[bytes, str] = {}
    for name, words, digits in DRAWN.findall(_stream(objects[_number(rb"/Contents (\d+) 0 R", page)])):
        font = letters[name] if name else font
        codes = bytes.fromhex(digits.decode()) or ESCAPED.sub(_unescaped, words)
        yield from (font.get(codes[at : at + 2], "") for at in range(0, len(codes), 2))


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8)]) if len(code) == 3 else BY_LETTER.get(code, code)


def _letters(objects: dict[int, bytes], font: int) -> dict[bytes, str]:
    table = _stream(objects[_number(rb"/ToUnicode (\d+) 0 R", objects[font])])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table.partition(b"endcodespacerange")[2])
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs
    }


def _stream(body: bytes) -> bytes:
    found = STREAM.match(body)
    return zlib.decompress(found[2]) if b"FlateDecode" in found[1] else found[2]


def _number(pattern: bytes, body: bytes) -> int:
    return int(re.search(pattern, body)[1])
