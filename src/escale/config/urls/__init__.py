"""One URL configuration per site."""
