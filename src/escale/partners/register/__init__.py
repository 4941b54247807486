"""The register of French citizens established abroad. Adapter, settings and simulator."""
