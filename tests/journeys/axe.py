"""What is wrong with a page: WCAG 2.2 AA by axe, and what axe does not see.

A page is loaded once; narrow and zoomed it is the same page in a smaller window.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST = "color-contrast"
WIDE, NARROW, ZOOMED = 1280, 400, 320  # 320 is 1280 at 400 %
# What a smaller window can break. What appears only in one is in the frame: there every rule is asked once.
OF_THE_LAYOUT = ("target-size", "scrollable-region-focusable")
ASTRAY = """() => {
  const wrong = [];
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls", "for"])
    for (const element of document.querySelectorAll(`[${name}]`))
      for (const id of element.getAttribute(name).split(/\\s+/))
        if (!document.getElementById(id)) wrong.push(`${name}="${id}" leads nowhere`);
  const stays = (link) => link.hash && link.pathname + link.search === location.pathname + location.search;
  for (const link of [...document.querySelectorAll("a[href*='#']")].filter(stays))
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1))))
      wrong.push(`the link ${link.hash} leads nowhere`);
  const seen = new Set();
  for (const {id} of document.querySelectorAll("[id]")) {
    if (seen.has(id)) wrong.push(`id ${id} twice`);
    seen.add(id);
  }
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one heading of the first level");
  return wrong;
}"""
VIOLATIONS = """async (options) => {
  const {violations} = await axe.run(document, options);
  return violations.map(({id, nodes}) => ({id, html: nodes.map(({html}) => html)}));
}"""
# Two texts in the same classes all the way up have the same colours: there are no styles inside a page.
# Which places were asked about stays with the tab, as long as it stays at this address.
CONTRAST_OF_NEW = """async () => {
  const known = new Set(JSON.parse(sessionStorage.places ?? "[]")), fresh = [];
  const step = (e) => [e.localName, e.type, e.className.baseVal ?? e.className, e.ariaCurrent,
                       e.ariaSelected, e.hidden, e.open, e.disabled].join();
  const place = (e) => e === document.body ? "" : place(e.parentElement) + ">" + step(e);
  const has_words = (e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  for (const element of document.body.querySelectorAll("*")) {
    if (!has_words(element) && !element.matches("input,textarea,select")) continue;
    const its = place(element);
    if (known.has(its) || !element.checkVisibility()) continue;
    known.add(its);
    fresh.push(element);
  }
  if (!fresh.length) return [];
  sessionStorage.places = JSON.stringify([...known]);
  const options = {runOnly: ["color-contrast"], resultTypes: ["violations"]};
  const {violations} = await axe.run({include: fresh}, options);
  return violations.map(({id, nodes}) => ({id, html: nodes.map(({html}) => html)}));
}"""
REFUSED = ("/rollover/",)  # to all but the state: a refusal is a page too
ROOM_TO_SEARCH = "() => document.querySelector('#q')?.clientWidth ?? 9999"
SEARCHED = 120  # px: a name
BEYOND_THE_EDGE = "() => document.documentElement.scrollWidth - window.innerWidth"


def findings(page: Page, path: str, narrow: Sequence[str] = WCAG, *, ask_axe: bool = True) -> Iterator[str]:
    """`narrow`: the rules that are asked about the narrow page too. The page has axe in it."""
    at_width(page, WIDE)
    answer = page.goto(path)
    if answer is None or (answer.status != 200 and path not in REFUSED):
        yield f"no page: {answer and answer.status}"
        return
    if urlsplit(page.url).path != urlsplit(path).path:
        yield f"led to {page.url}"
    yield from page.evaluate(ASTRAY)
    if (room := page.evaluate(ROOM_TO_SEARCH)) < SEARCHED:
        yield f"{room} px to type a search in"
    if ask_axe:
        yield from by_axe(page)
        yield from told(page.evaluate(CONTRAST_OF_NEW))
    at_width(page, NARROW)
    if ask_axe:
        yield from (f"{NARROW} px: {finding}" for finding in by_axe(page, narrow))
    yield from beyond_the_edge(page, NARROW)
    at_width(page, ZOOMED)
    yield from beyond_the_edge(page, ZOOMED)


def at_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def beyond_the_edge(page: Page, width: int) -> Iterator[str]:
    if (beyond := page.evaluate(BEYOND_THE_EDGE)) > 0:
        yield f"{width} px: {beyond} px run over the edge"


def by_axe(page: Page, rules: Sequence[str] = WCAG) -> Iterator[str]:
    without = {CONTRAST: {"enabled": False}} if rules == WCAG else {}
    options = {"runOnly": list(rules), "resultTypes": ["violations"], "rules": without}
    yield from told(page.evaluate(VIOLATIONS, options))


def told(violations: list[dict]) -> Iterator[str]:
    for violation in violations:
        where = "; ".join(html[:120] for html in violation["html"][:2])
        yield f"{violation['id']}: {where}"
