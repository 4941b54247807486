"""A believable FranceConnect+ for the demonstration and the tests."""
