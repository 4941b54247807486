"""Relay of the French national central bureau of Interpol for stolen, lost and invalid passports ("sltd-relay/1")."""
