"""Capacity model on the pure core: a year of a consular network in a minute, to size posts before they open.

Nothing here touches a database or a partner. Durations and shares are assumptions, named and changeable
(``assumptions``); what may follow what is the law of ``escale.case`` itself (``paths``).
"""
