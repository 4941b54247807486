"""What axe-core has against a page: its violations, and what it could not judge."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# The design system draws icons and the underline of links as background images, behind which axe cannot measure a
# contrast. They are taken away, and a link that was underlined so is underlined by the browser instead; so is the
# coloured edge of an alert, beside its text. What scrolls inside the page is unrolled, and a table made to fit: axe
# cannot judge what is cut.
PLAIN = """() => {
  for (const link of document.querySelectorAll('a[href]')) {
    if (getComputedStyle(link).backgroundImage !== 'none') link.style.textDecoration = 'underline';
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`*,*::before,*::after{background-image:none!important}
    .fr-alert::before{content:none!important}
    [role=region][tabindex]{max-height:none!important}
    [role=region] table{table-layout:fixed!important;width:100%!important}
    .fr-table caption{display:block!important;width:16rem!important}
    [role=region] :is(th,td,td *){white-space:normal!important;overflow-wrap:anywhere!important;padding:0!important}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# What passes is not listed: listing it takes twice as long as judging.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations", "incomplete"],
}
# What another width may change: the words, names and colours of a page are the same at every width.
BY_WIDTH = ["target-size", "scrollable-region-focusable", "link-in-text-block"]
# A page looked at twice, at two widths, is made plain and given the script (half a megabyte) once.
KNOWN = "() => 'axe' in window"
# What decides a contrast once nothing but plain colours is left. It is most of what axe costs.
COLOURS = """() => {
  const clear = (colour) => colour === 'transparent' || /, 0\\)$/.test(colour);
  const found = new Set(), words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    if (!words.currentNode.data.trim()) continue;
    const own = getComputedStyle(words.currentNode.parentElement);
    const told = [own.color, own.fontSize, own.fontWeight];
    for (let one = words.currentNode.parentElement; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.opacity !== '1') told.push(style.opacity);
      if (!clear(style.backgroundColor)) { told.push(style.backgroundColor); break; }
    }
    found.add(told.join(' '));
  }
  return [...found];
}"""
SCRIPT = Axe().axe_script
# Style sheets and media are asked for again only where a rule listens to them: sound that starts by itself.
JUDGE = """([within, options]) => axe
  .run(within || document, {...options, preload: !!document.querySelector('audio, video')})
  .then(({violations, incomplete}) => ({violations, incomplete}))"""


def objections(
    tab: Page,
    where: str,
    *,
    within: str | None = None,
    judged: frozenset[str] = frozenset(),
    rules: list[str] | None = None,
    colours: set[str] | None = None,
) -> list[str]:
    """One sentence per rule, naming the page, the rule and the first elements concerned. ``within``: a selector.

    ``judged``: rules that axe leaves open on this page and that a person has answered, with the reason at the call.
    ``rules``: these alone, in place of all. ``colours``: those judged on earlier pages, which are added to; a page that
    shows no others has its contrasts judged already.
    """
    if not tab.evaluate(KNOWN):
        tab.evaluate(PLAIN)
        tab.evaluate(SCRIPT)
    asked: dict[str, Any] = {**OPTIONS, "runOnly": rules} if rules else OPTIONS
    if colours is not None:
        here = set(tab.evaluate(COLOURS))
        if here <= colours:
            asked = {**asked, "rules": {"color-contrast": {"enabled": False}}}
        colours |= here
    found = tab.evaluate(JUDGE, [within, asked])
    found["incomplete"] = [rule for rule in found["incomplete"] if rule["id"] not in judged]
    return [_sentence(level, rule, where) for level in ("violations", "incomplete") for rule in found[level]]


def _sentence(level: str, rule: dict[str, Any], where: str) -> str:
    nodes = "".join(f"\n    {node['html'][:200]} — {_why(node)}" for node in rule["nodes"][:3])
    return f"{where}: {level}: {rule['id']} ({rule['help']}), {len(rule['nodes'])} elements{nodes}"


def _why(node: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(check["message"] for part in ("any", "all", "none") for check in node[part])
