"""Relay of the French national central bureau of Interpol: stolen, lost and invalid travel documents ("sltd-relay/1")."""
