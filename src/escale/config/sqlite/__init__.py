"""SQLite backend whose writers queue fairly."""
