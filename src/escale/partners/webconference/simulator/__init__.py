"""The simulator: Django views without ORM, in a process of its own."""
