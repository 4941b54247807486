"""The partners: adapters that speak their real protocols, and believable simulators of each.

Beside the steps and unknown to them. Partners are independent of each other; they share ``kit``.
"""
