"""What adapters and simulators share: an HTTP client with our taxonomy of errors, and the simulators' common ground."""
