"""Options of adapters, read from the environment; an error says which variable to set and how."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass


class BadOption(ValueError):
    """A variable of the environment is missing or unusable; the message names it, never its value."""


@dataclass(frozen=True, slots=True)
class Options:
    """Reads the variables of one partner, ``ESCALE_<PARTNER>_<NAME>``."""

    environ: Mapping[str, str]
    partner: str

    def _variable(self, name: str) -> str:
        return f"ESCALE_{self.partner}_{name}"

    def text(self, name: str, default: str) -> str:
        return self.environ.get(self._variable(name), default)

    def secret(self, name: str, demonstration: str) -> str:
        """A key or an address of the real partner: the simulator's one by default, and never in production."""
        value = self.environ.get(self._variable(name), "")
        if value:
            return value
        if self.environ.get("ESCALE_MODE") == "production":
            raise BadOption(f"Set {self._variable(name)}: production has no default for it.")
        return demonstration

    def number(self, name: str, default: float) -> float:
        """A number, in the unit that the partner's page gives."""
        value = self.environ.get(self._variable(name), str(default))
        try:
            return float(value)
        except ValueError:
            raise BadOption(f"{self._variable(name)} must be a number.") from None

    def among(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise BadOption(f"{self._variable(name)} must be one of: {', '.join(choices)}.")
        return value

    def tls(self) -> ssl.SSLContext | None:
        """For partners that want our certificate: ``CERT_FILE`` and ``KEY_FILE`` (PEM), and ``CA_FILE`` for an
        authority of their own. None when nothing is set: ordinary TLS."""
        authority, certificate, key = (self.text(name, "") for name in ("CA_FILE", "CERT_FILE", "KEY_FILE"))
        if bool(certificate) != bool(key):
            raise BadOption(f"Set {self._variable('CERT_FILE')} and {self._variable('KEY_FILE')} together.")
        if not authority and not certificate:
            return None
        try:
            context = ssl.create_default_context(cafile=authority or None)
            if certificate:
                context.load_cert_chain(certificate, key)
        except (OSError, ssl.SSLError) as error:
            raise BadOption(
                f"The files of {self._variable('CERT_FILE')} or of its authority cannot be used."
            ) from error
        return context
