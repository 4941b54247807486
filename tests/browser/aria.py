"""A page as a screen reader takes it: landmarks, headings, names, tables, errors, languages.

Roles and names are those of Chromium's accessibility tree; what the tree does not say is read in the document.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from playwright.sync_api import CDPSession, Page

NAMED = {
    "button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "slider",
    "switch", "tab", "menuitem", "dialog", "img", "image", "progressbar", "meter", "radiogroup", "table", "region",
    "heading", "option", "group", "Date", "video",
}  # fmt: skip
ONCE = ("banner", "main", "contentinfo")
# Landmarks that a page may have several of, provided that their names tell them apart.
SEVERAL = {"navigation", "region", "form", "complementary", "search"}
# Groups that need no name: a summary or a label speaks for the first two, and an address is its own words.
SILENT = {"DETAILS", "OPTGROUP", "ADDRESS"}

DOCUMENT = """() => {
  const told = [], of = (node) => node.outerHTML.slice(0, 120);
  const words = (ids) => ids.split(/\\s+/).map((id) => document.getElementById(id));
  for (const node of document.querySelectorAll('[aria-describedby],[aria-labelledby],[aria-controls],[aria-owns]')) {
    for (const name of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'aria-owns']) {
      if (node.hasAttribute(name) && words(node.getAttribute(name)).some((one) => !one))
        told.push(`${name} leads nowhere: ${of(node)}`);
    }
  }
  for (const field of document.querySelectorAll('main :is(input,select,textarea)[aria-invalid=true]')) {
    const group = field.closest('fieldset');
    const ids = [field, group].flatMap((one) => one ? [one.getAttribute('aria-describedby'),
      one.getAttribute('aria-labelledby'), one.getAttribute('aria-errormessage')] : []).filter(Boolean).join(' ');
    const said = ids && words(ids).some((one) => one && one.matches('[class*=error],[id*=error],:has([class*=error])')
      && one.textContent.trim());
    if (!said) told.push(`the error is not told with its field: ${of(field)}`);
  }
  for (const group of document.querySelectorAll('main :is(.fr-input-group--error,.fr-select-group--error,' +
      '.fr-upload-group--error,.fr-fieldset--error,.fr-checkbox-group--error,.fr-radio-group--error)')) {
    const field = group.querySelector('input, select, textarea');
    const told_so = !field || group.querySelector('[aria-invalid=true]');
    if (!told_so) told.push(`a field in error does not say so: ${of(group)}`);
  }
  for (const table of document.querySelectorAll('main table')) {
    const heads = [...table.querySelectorAll('th')];
    if (!heads.length) told.push(`a table without headers: ${of(table)}`);
    for (const head of heads) if (!head.scope && !head.id) told.push(`a header without scope: ${of(head)}`);
    if (!table.caption && !table.hasAttribute('aria-labelledby') && !table.hasAttribute('aria-label'))
      told.push(`a table without a caption: ${of(table)}`);
  }
  for (const link of document.querySelectorAll('main a[href^="#"]')) {
    const id = link.getAttribute('href').slice(1);
    if (id && !document.getElementById(id)) told.push(`a link to nowhere on the page: ${of(link)}`);
  }
  for (const link of document.querySelectorAll('a[target=_blank]')) {
    const said = `${link.title} ${link.textContent} ${link.getAttribute('aria-label') || ''}`;
    const announced = /nouvelle fenêtre|nouvel onglet|new window|new tab/i.test(said);
    if (!announced) told.push(`a new window is not announced: ${of(link)}`);
  }
  return told;
}"""
FACTS = """() => ({
  language: document.documentElement.lang, title: document.title,
  fields: document.querySelectorAll('main [aria-invalid=true]').length,
  summary: document.querySelectorAll('main .fr-alert--error a[href^="#id_"]').length,
})"""


def complaints(page: Page, session: CDPSession, *, language: str) -> list[str]:
    """One sentence per thing that a screen reader would stumble on."""
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    told: list[str] = page.evaluate(DOCUMENT)
    facts = page.evaluate(FACTS)
    if facts["language"] != language:
        told.append(f"the page says that it is in « {facts['language']} »")
    title = facts["title"]
    if (facts["fields"] or facts["summary"]) and not title.startswith(("Erreur", "Error")):
        told.append(f"fields are in error and the title does not say so: « {title} »")
    return told + _tree(session, [node for node in nodes if not node.get("ignored")])


def _tree(session: CDPSession, nodes: list[dict[str, Any]]) -> list[str]:
    told, roles, names = [], Counter[str](), Counter[tuple[str, str]]()
    for node in nodes:
        role, name = _value(node, "role"), _value(node, "name").strip()
        roles[role] += 1
        if role == "heading" and _level(node) == 1:
            roles["h1"] += 1
        if role in SEVERAL and (name or role != "form"):  # a form without a name is no landmark
            names[role, name] += 1
        if role in NAMED and not name and _tag(session, node) not in SILENT:
            told.append(f"a {role} without a name: {_html(session, node)}")
    told += [f"{roles[role]} {role} instead of one" for role in (*ONCE, "h1") if roles[role] != 1]
    told += [f"{count} {role} named « {name} »" for (role, name), count in names.items() if count > 1]
    return told


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _level(node: dict[str, Any]) -> int:
    return next((one["value"]["value"] for one in node.get("properties", ()) if one["name"] == "level"), 0)


def _tag(session: CDPSession, node: dict[str, Any]) -> str:
    described = session.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})
    return str(described["node"]["nodeName"])


def _html(session: CDPSession, node: dict[str, Any]) -> str:
    found = session.send("DOM.getOuterHTML", {"backendNodeId": node["backendDOMNodeId"]})
    return str(found["outerHTML"])[:160]
