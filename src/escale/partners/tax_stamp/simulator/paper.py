"""The stamp as its buyer receives it: a one-page PDF with the number and a two-dimensional code."""

from __future__ import annotations

import zxingcpp

from escale.partners.kit import paper

_TEMPLATE = """
#set document(title: "Timbre fiscal électronique")
#set text(lang: "fr", size: 11pt, font: "DejaVu Sans")
#set page(paper: "a4", margin: 2.5cm, header: text(size: 9pt)[Simulateur — document sans valeur])
= Timbre fiscal électronique
#v(1em)
#sys.inputs.product
#v(1em)
Montant : #strong(sys.inputs.amount)
#linebreak()
Acheté le #sys.inputs.bought, à utiliser jusqu’au #sys.inputs.ends inclus.
#v(2em)
#text(size: 20pt, weight: "bold", sys.inputs.number)
#v(1em)
#image("code.svg", width: 4cm, alt: "Code à deux dimensions portant le numéro du timbre")
#v(2em)
Ce timbre n’est pas nominatif : gardez son numéro pour vous jusqu’à votre demande. S’il n’est pas utilisé, son
remboursement peut être demandé dans les dix-huit mois qui suivent l’achat.
"""


def pdf(*, number: str, product: str, amount: str, bought: str, ends: str) -> bytes:
    code = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.DataMatrix)
    grouped = " ".join(number[i : i + 4] for i in range(0, 16, 4))
    values = {"number": grouped, "product": product, "amount": amount, "bought": bought, "ends": ends}
    return paper.pdf(_TEMPLATE, values, code=zxingcpp.write_barcode_to_svg(code, scale=4).encode())
