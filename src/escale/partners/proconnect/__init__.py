"""ProConnect: the agents' sign-in. Adapter, settings and simulator."""
