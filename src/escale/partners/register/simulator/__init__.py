"""A believable the register for the demonstration and the tests."""
