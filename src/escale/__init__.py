"""Escale: renewing a French passport from abroad without travelling."""
