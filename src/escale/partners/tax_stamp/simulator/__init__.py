"""A believable stamp service: verification interface, PayFiP, pay page and shop."""
