"""Dates in English, day first."""
