"""Re-create `ui/static/vendor/` from the published npm packages: `python ui/vendor.py`.

Needs `npm` on the machine of the person who updates, never at run time.

What is taken: the minified CSS and JS, the icon sprite, every image and font that the CSS still
names, and the Public Sans weights that `eser.css` uses. Two things are cut from the copies, because
the hashed static storage refuses a file that names a missing one: source map comments, and the
`@font-face` rules of typefaces that the product does not use.
"""

import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
USWDS = "@uswds/uswds@3.14.0"
HTMX = "htmx.org@2.0"
PUBLIC_SANS = ("Regular", "SemiBold", "Bold")
UNUSED_FACE = re.compile(r'@font-face\{[^}]*font-family:"?(?:Merriweather|Source Sans)[^}]*\}')
SOURCE_MAP = re.compile(r"\n?(?:/\*|//)# sourceMappingURL=\S+(?: \*/)?\n?")
NAMED_FILE = re.compile(r"url\(\.\./([^)#?]+)\)")

README = """# Files from elsewhere

Not written by this project, and not to be edited here. Re-create with `python ui/vendor.py` (needs npm);
its head says what is taken and what is cut from the copies.

| folder | package | version | licence |
|---|---|---|---|
| `uswds/` | `@uswds/uswds` | {uswds} | CC0, parts Apache-2.0, OFL-1.1, MIT: `uswds/LICENSE.md` |
| `htmx/` | `htmx.org` | {htmx} | 0BSD: `htmx/LICENSE` |
"""


def fetch(package: str, into: Path) -> Path:
    """Unpack the npm package under `into`; returns its folder."""
    into.mkdir()
    subprocess.run(["npm", "pack", package, "--silent"], cwd=into, check=True)  # noqa: S603, S607  # nosec B607
    with tarfile.open(next(into.glob("*.tgz"))) as archive:
        archive.extractall(into, filter="data")
    return into / "package"


def version(package: Path) -> str:
    return json.loads((package / "package.json").read_text())["version"]


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def copy_without(source: Path, target: Path, *cuts: re.Pattern[str]) -> str:
    """Copy a text file without what the patterns match; returns the text written."""
    text = source.read_text()
    for cut in cuts:
        text = cut.sub("", text)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    return text


def take_uswds(package: Path, target: Path) -> None:
    dist = package / "dist"
    css = copy_without(dist / "css/uswds.min.css", target / "css/uswds.min.css", SOURCE_MAP, UNUSED_FACE)
    for script in ("uswds.min.js", "uswds-init.min.js"):
        copy_without(dist / "js" / script, target / "js" / script, SOURCE_MAP)
    fonts = {f"fonts/public-sans/PublicSans-{weight}.woff2" for weight in PUBLIC_SANS}
    for name in {"img/sprite.svg", *fonts, *NAMED_FILE.findall(css)}:
        copy(dist / name, target / name)
    copy(package / "LICENSE.md", target / "LICENSE.md")


def take_htmx(package: Path, target: Path) -> None:
    copy(package / "dist/htmx.min.js", target / "htmx.min.js")
    copy(package / "LICENSE", target / "LICENSE")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        uswds, htmx = fetch(USWDS, Path(folder) / "uswds"), fetch(HTMX, Path(folder) / "htmx")
        shutil.rmtree(VENDOR, ignore_errors=True)
        take_uswds(uswds, VENDOR / "uswds")
        take_htmx(htmx, VENDOR / "htmx")
        (VENDOR / "README.md").write_text(README.format(uswds=version(uswds), htmx=version(htmx)))


if __name__ == "__main__":
    main()
