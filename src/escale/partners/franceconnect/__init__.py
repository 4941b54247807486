"""FranceConnect+: the citizens' sign-in at eIDAS substantial. Adapter, settings and simulator."""
