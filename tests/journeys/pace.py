"""A person at work in a browser: what each deed takes is counted, never waited for.

120 words a minute are typed (the pace that the project promises by), 200 are read; a click with the way to it
takes three seconds, a key two tenths, and finding one's way on another page four. The time that the system
itself takes comes on top.
"""

import time

from playwright.sync_api import Locator, Page

TYPED, READ = 120 / 60, 200 / 60  # words a second
CLICK, KEY, ORIENTATION = 3.0, 0.2, 4.0  # seconds
FOCUSED = """() => {
  const it = document.activeElement, label = it.labels?.[0];
  const drawn = [[it], [it, "::before"], [label ?? it, "::before"]].map((of) => getComputedStyle(...of));
  const seen = label && it.matches("[type=radio],[type=checkbox]") ? label : it;
  const {x, y, width, height} = seen.getBoundingClientRect();
  const top = document.elementFromPoint(x + Math.min(width, 40) / 2, y + Math.min(height, 40) / 2);
  const group = it.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
  return {
    name: `${group} ${it.ariaLabel ?? label?.textContent ?? it.textContent}`.replace(/\\s+/g, " ").trim(),
    isLost: it === document.body,
    isMarked: drawn.some(({outlineStyle, outlineWidth}) => outlineStyle !== "none" && outlineWidth !== "0px"),
    isCovered: !(top && (seen.contains(top) || top.contains(it) || top.contains(seen))),
  };
}"""

AT_REST = """() => Promise.allSettled(
  document.getAnimations().filter((each) => each instanceof CSSTransition).map(({finished}) => finished))"""


class Pace:
    """The clock of one task, whoever works on it."""

    def __init__(self) -> None:
        self.counted, self.begun = 0.0, time.monotonic()

    @property
    def minutes(self) -> float:
        return (self.counted + time.monotonic() - self.begun) / 60


class Person:
    """One who works with the mouse, and who can do without it."""

    def __init__(self, page: Page, pace: Pace) -> None:
        self.page, self.pace = page, pace

    def click(self, name: str, role: str = "button", within: Locator | None = None) -> None:
        """Of several the first."""
        self.pace.counted += CLICK
        (within or self.page).get_by_role(role, name=name).first.click()

    def follow(self, name: str, role: str = "link", within: Locator | None = None) -> None:
        """To another page."""
        before = self.page.url
        self.click(name, role, within)
        self.page.wait_for_function(
            "before => location.href !== before && document.readyState === 'complete'", arg=before
        )
        self.pace.counted += ORIENTATION

    def press_and_stay(self, name: str) -> None:
        """The page comes again, as the button left it."""
        with self.page.expect_navigation():
            self.click(name)

    def look_over(self) -> None:
        """Read every field of the section that was taken over, and has words in it."""
        self.read(
            self.page.locator(".e-panel").filter(has_text="not yet looked at").locator("input, textarea")
        )

    def type(self, field: str | Locator, words: str) -> None:
        self.pace.counted += CLICK + len(words.split()) / TYPED
        self._field(field).fill(words)

    def choose(self, field: str | Locator, option: str) -> None:
        self.pace.counted += 2 * CLICK
        self._field(field).select_option(option)

    def tick(self, group: Locator, answer: str) -> None:
        self.pace.counted += CLICK
        group.get_by_text(answer, exact=True).click()

    def fill_line(self, line: Locator) -> None:
        """A service of 30 minutes, once a week."""
        for column, code in {"Service": "SLP", "Recipient": "S", "Per": "W", "Location": "SPE"}.items():
            self.choose(line.get_by_label(column, exact=True), code)
        for column, words in {
            "Minutes": "30",
            "Sessions": "1",
            "Provider type": "Speech-language pathologist",
        }.items():
            self.type(line.get_by_label(column), words)

    def draw(self, pad: Locator) -> None:
        self.pace.counted += CLICK
        box = pad.bounding_box()
        self.page.mouse.move(box["x"] + 30, box["y"] + 60)
        self.page.mouse.down()
        for step in range(1, 6):
            self.page.mouse.move(box["x"] + 30 + 40 * step, box["y"] + 60 + 20 * (step % 2))
        self.page.mouse.up()

    def read(self, what: Locator) -> None:
        words = sum(
            len(text.split()) for text in what.evaluate_all("all => all.map((e) => e.value ?? e.innerText)")
        )
        self.pace.counted += words / READ

    def _field(self, field: str | Locator) -> Locator:
        return self.page.get_by_label(field).first if isinstance(field, str) else field


class Keys:
    """The same page by keyboard alone; at each step the focus is somewhere, marked and not covered."""

    def __init__(self, person: Person) -> None:
        self.page, self.pace = person.page, person.pace

    def press(self, key: str) -> str:
        """What has the focus now, in the words that name it."""
        self.pace.counted += KEY
        self.page.keyboard.press(key)
        return self.focused()

    def focused(self) -> str:
        it = self.page.evaluate(FOCUSED)
        if it["isCovered"]:
            self.page.evaluate(AT_REST)
            it = self.page.evaluate(FOCUSED)
        assert not it["isLost"], f"The focus is lost after {self.page.url}"
        assert it["isMarked"], f"The focus on “{it['name']}” is not seen"
        assert not it["isCovered"], f"What has the focus is covered: “{it['name']}”"
        return it["name"]

    def go_to(self, name: str, *, exact: bool = False, most: int = 150) -> None:
        for _ in range(most):
            reached = self.press("Tab")
            if reached == name or (name in reached and not exact):
                return
        raise AssertionError(f"“{name}” is not reached")

    def type(self, words: str) -> None:
        self.pace.counted += len(words.split()) / TYPED
        self.page.keyboard.insert_text(words)

    def press_on(self, name: str, key: str) -> None:
        self.go_to(name)
        self.press(key)

    def write(self, field: str, words: str) -> None:
        self.go_to(field)
        self.type(words)

    def open(self, name: str, *, exact: bool = False) -> None:
        """What leads to another page, or brings this one again."""
        self.go_to(name, exact=exact)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.pace.counted += KEY + ORIENTATION
