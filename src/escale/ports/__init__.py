"""What we ask of each partner: one Protocol per file, plain dataclasses across the border.

Adapters live in ``escale.partners``; steps know only these files.
"""
