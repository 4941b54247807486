"""What can go wrong when the product starts, in one sentence for the person at the terminal."""


class StackError(Exception):
    """The stack cannot start or go on. The text says what to do about it."""
