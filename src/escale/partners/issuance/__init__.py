"""Passport issuance (TES, France Titres): the order, its states, the receipt and the invalidation ("titres-sim/1")."""
