"""A believable ProConnect for the demonstration and the tests."""
