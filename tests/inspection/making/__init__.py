"""Makers of test material: nothing here is a real person's document."""
