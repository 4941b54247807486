"""The same hands without a mouse: every field and button is reached with Tab, and what is reached must show it."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, FileChooser, Locator

from escale.storyteller.browser import Lost
from escale.storyteller.papers import File
from tests.journeys.chromium import PATIENCE, Chromium, Look

FAR = 200
"""More stops of Tab than any page has."""
HERE = "one => one === document.activeElement"
# A ring around the control itself, or, for a box drawn beside its hidden input, around the label's drawing.
SHOWN = """one => {
  const ringed = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  const drawn = [getComputedStyle(one)];
  for (const label of one.labels || [])
    for (const part of [undefined, '::before', '::after']) drawn.push(getComputedStyle(label, part));
  return drawn.some(ringed);
}"""


class Keyboard(Chromium):
    """The hands of somebody who has no mouse. ``unseen``: controls that took the focus without showing it."""

    def __init__(self, context: BrowserContext, look: Look) -> None:
        super().__init__(context, look)
        self.unseen: set[str] = set()
        self.stops = 0
        # Listened to from the start: asked for as late as the key is pressed, the first one may come too early.
        self.choosers: list[FileChooser] = []
        self.tab.on("filechooser", lambda chooser: self.choosers.append(chooser))

    def _press(self, control: Locator) -> None:
        self._reach(control)
        self.tab.keyboard.press("Enter")

    def _attach(self, field: Locator, file: File) -> None:
        name, content, media = file
        self._reach(field)
        self.tab.keyboard.press("Space")
        self._chooser().set_files([{"name": name, "mimeType": media, "buffer": content}])

    def _chooser(self) -> FileChooser:
        for _ in range(PATIENCE // 50):
            if self.choosers:
                return self.choosers.pop()
            self.tab.wait_for_timeout(50)
        raise Lost(f"no file can be chosen with the keyboard on « {self.tab.title()} »")

    def _reach(self, wanted: Locator) -> None:
        """Press Tab until this control has the focus."""
        for _ in range(FAR):
            if wanted.evaluate(HERE):
                break
            self.tab.keyboard.press("Tab")
            self.stops += 1
        else:
            raise Lost(f"Tab never leads to {wanted} on « {self.tab.title()} » ({self.tab.url})")
        if not wanted.evaluate(SHOWN):
            self.unseen.add(f"{self.tab.title()}: {wanted.evaluate('one => one.outerHTML.slice(0, 120)')}")

    def _fill(self, where: Locator, name: str, given: str) -> None:
        field = where.locator(f'[name="{name}"]')
        kind = field.first.evaluate("field => field.type")
        if kind == "radio":
            self._choose(field, where.locator(f'[name="{name}"][value="{given}"]'))
        elif kind == "checkbox":
            box = where.locator(f'[name="{name}"][value="{given}"]') if field.count() > 1 else field
            if not box.is_checked():
                self._reach(box)
                self.tab.keyboard.press("Space")
        elif kind == "select-one":
            self._reach(field)
            self.tab.keyboard.press("Home")
            for _ in range(field.locator("option").count()):
                if field.input_value() == given:
                    break
                self.tab.keyboard.press("ArrowDown")
            if field.input_value() != given:
                raise Lost(f"the arrows never lead to {given!r} in {name}")
        elif kind != "hidden":
            self._reach(field)
            self.tab.keyboard.press("Control+a")
            self.tab.keyboard.type(given) if given else self.tab.keyboard.press("Delete")

    def _choose(self, group: Locator, wanted: Locator) -> None:
        """Tab stops once in a group of radio buttons; arrows go through it."""
        if wanted.is_checked():
            return
        chosen = group.and_(self.tab.locator(":checked"))
        self._reach(chosen if chosen.count() else group.first)
        self.tab.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.tab.keyboard.press("ArrowDown")
        raise Lost(f"the arrows never lead to {wanted}")
