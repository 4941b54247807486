"""The eight steps of the poster, one Django app each. A step may look back, never ahead."""
