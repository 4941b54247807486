"""Draws journey.svg, the picture of the README: ``python docs/img/draw_journey.py``.

Eight columns, one per step of the poster; three lanes, for who holds what. The captions come from the law itself. The
colours follow the reader's light or dark preference.
"""

from html import escape
from pathlib import Path
from textwrap import wrap

from escale.case.journey import STEPS

TARGET = Path(__file__).with_name("journey.svg")
WIDTH, HEIGHT = 1120, 430
LEFT, STEP = 146, 119
LANES = {"Vous": 215, "Courrier": 290, "Poste consulaire": 365}
# What travels: colour, its places (step, lane), and its name with the place of the name.
TRAVELS = [
    ("paper", [(3, "Vous"), (3.5, "Courrier"), (4, "Poste consulaire")], "photo, étiquette", (2.35, 325)),
    ("fresh", [(5, "Poste consulaire"), (6, "Courrier"), (7, "Vous")], "nouveau passeport", (4.75, 283)),
    ("spent", [(8, "Vous"), (8.18, "Courrier"), (8.36, "Poste consulaire")], "ancien passeport", (7.2, 333)),
]
ACTS = [(1, "Vous"), (2, "Vous"), (2, "Poste consulaire"), (4, "Vous")]
STYLE = """
  text { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #161616 }
  .caption { font-size: 13px } .lane { font-size: 13px; font-weight: 600 } .what { font-size: 12px; font-style: italic }
  .number { font-size: 16px; font-weight: 700; fill: #ffffff; text-anchor: middle }
  .middle { text-anchor: middle } .rail { stroke: #cecece; stroke-width: 2 }
  .ground { fill: #ffffff } .disc, .act { fill: #000091 }
  .call { stroke: #000091; stroke-width: 2; stroke-dasharray: 5 4 }
  .paper, .fresh, .spent { fill: none; stroke-width: 4; stroke-linecap: round; stroke-linejoin: round }
  .paper { stroke: #6a6af4 } .fresh { stroke: #18753c } .spent { stroke: #b34000 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #161616 } text { fill: #f6f6f6 } .rail { stroke: #4a4a4a } .number { fill: #161616 }
    .disc, .act { fill: #8585f6 } .call { stroke: #8585f6 }
    .fresh { stroke: #27a658 } .spent { stroke: #fc5d00 }
  }
"""


def column(step: float) -> float:
    """Horizontal place of a step's column; fractions lie between two columns."""
    return LEFT + (step - 0.5) * STEP


def text(x: float, y: float, words: str, style: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{style}">{escape(words)}</text>'


def captions() -> list[str]:
    """The head of each column: a numbered disc and the poster's words."""
    drawn = []
    for step in STEPS:
        x = column(step.number)
        drawn += [f'<circle cx="{x:.0f}" cy="34" r="17" class="disc"/>', text(x, 40, str(step.number), "number")]
        for row, line in enumerate(wrap(step.caption, 16)):
            drawn.append(text(x, 76 + 17 * row, line, "caption middle"))
    return drawn


def lanes() -> list[str]:
    """A rail for each holder."""
    drawn = []
    for name, y in LANES.items():
        drawn.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - 12}" y2="{y}" class="rail"/>')
        drawn.append(text(12, y + 5, name, "lane"))
    return drawn


def travels() -> list[str]:
    """What goes from hand to hand, and the acts that move nothing."""
    drawn = [f'<circle cx="{column(step):.0f}" cy="{LANES[lane]}" r="7" class="act"/>' for step, lane in ACTS]
    top, bottom = LANES["Vous"], LANES["Poste consulaire"]
    drawn.append(f'<line x1="{column(4):.0f}" y1="{top}" x2="{column(4):.0f}" y2="{bottom}" class="call"/>')
    drawn.append(text(column(4) + 8, 255, "visio", "what"))
    for style, places, name, (step, y) in TRAVELS:
        points = " ".join(f"{column(at):.0f},{LANES[lane]}" for at, lane in places)
        drawn.append(f'<polyline points="{points}" class="{style}"/>')
        drawn += [f'<circle cx="{column(at):.0f}" cy="{LANES[lane]}" r="3" class="{style}"/>' for at, lane in places]
        drawn.append(text(column(step), y, name, "what"))
    middle, duties = (
        (column(5) + column(8)) / 2,
        "quarante jours pour confirmer la réception et rendre l’ancien passeport",
    )
    drawn.append(f'<path d="M{column(5):.0f},392 v10 H{column(8.4):.0f} v-10" class="spent" style="stroke-width:2"/>')
    drawn.append(text(middle, 421, duties, "what middle"))
    return drawn


def picture() -> str:
    """The whole picture as an SVG document."""
    title = "Les huit étapes du renouvellement du passeport depuis l’étranger"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t">',
            f'<title id="t">{title}</title>',
            f"<style>{STYLE}</style>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" class="ground"/>',
            *captions(),
            *lanes(),
            *travels(),
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(picture())
