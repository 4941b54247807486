"""Plays whole journeys over HTTP, as people would with a browser, and tells them in the terminal.

It knows the product by its pages alone: it imports none of its rooms but the captions of the eight steps.
"""
