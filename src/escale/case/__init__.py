"""The law of the journey. Pure Python: no framework, no clock, no network.

Everything a case may do is stated here as tables; the rest of the house obeys them.
"""
