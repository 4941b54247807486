"""The eight steps of the poster. A step may look back, never ahead."""
