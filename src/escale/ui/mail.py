"""Turn a message's words into HTML and text.

A message is a template ``mail/<language>/<code>.txt``: the first line is the subject, then paragraphs separated by
blank lines. ``- `` begins a list item, ``=> label | address`` is the one action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from escale.ui.typography import NO_BREAK, unbreakable


@dataclass(frozen=True, slots=True)
class Composed:
    subject: str
    text: str
    html: str


def _linked(line: str) -> SafeString:
    """One line, escaped; the addresses it gives can be followed."""
    return SafeString(urlize(line, autoescape=True))


def _block(lines: list[str]) -> tuple[str, SafeString]:
    if all(line.startswith("- ") for line in lines):
        items = [(_linked(line[2:]),) for line in lines]
        return "\n".join(lines), format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items))
    if len(lines) == 1 and lines[0].startswith("=> "):
        label, _, address = lines[0][3:].partition(" | ")
        button = format_html('<p class="action"><a href="{}">{}</a></p>', address.strip(), label.strip())
        colon = f"{NO_BREAK}:" if get_language() == "fr" else ":"
        return f"{label.strip()}{colon}\n{address.strip()}", button
    told = format_html_join(mark_safe("<br>"), "{}", ((_linked(line),) for line in lines))
    return "\n".join(lines), format_html("<p>{}</p>", told)


def compose(code: str, language: str, context: dict[str, Any]) -> Composed:
    """Render a message in ``language``, whatever the language of the thread: dates are written in it too.

    Raises TemplateDoesNotExist for an unknown code. Values are not HTML: text is escaped here. They are put on one
    line: what an agent wrote begins no paragraph, no list and no action.
    """
    with override(language):
        return _compose(code, language, {name: _on_one_line(value) for name, value in context.items()})


def _on_one_line(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {name: _on_one_line(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_on_one_line(part) for part in value]
    return value


def _words(template: str, language: str, context: dict[str, Any]) -> str:
    text = render_to_string(template, context)
    return unbreakable(text) if language == "fr" else text


def _compose(code: str, language: str, context: dict[str, Any]) -> Composed:
    source = _words(f"mail/{language}/{code}.txt", language, context)
    subject, _, body = source.strip().partition("\n")
    blocks = [block.strip().splitlines() for block in body.split("\n\n") if block.strip()]
    rendered = [_block([line.strip() for line in lines]) for lines in blocks]
    footer = _words(f"mail/{language}/_footer.txt", language, context).strip()
    text = "\n\n".join([part for part, _ in rendered] + ["-- ", footer])
    html = render_to_string(
        "mail/base.html",
        {
            **context,
            "subject": subject,
            "language": language,
            "blocks": [block for _, block in rendered],
            "footer": footer.splitlines(),
        },
    )
    return Composed(subject.strip(), text + "\n", html)
