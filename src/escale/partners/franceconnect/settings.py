"""Options of the FranceConnect+ adapter. Every variable is explained in the README beside."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, RSAKey

from escale.partners.kit.options import BadOption, Options

DEMO_CLIENT_ID = "escale-demonstration-franceconnect"
METHODS = ("client_secret_post", "private_key_jwt")
"""How we prove who we are: FranceConnect+ accepts both, the first by default."""
DEMO_CLIENT_SECRET = "demonstration-secret-of-franceconnect-without-any-value"


def options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    """Keyword arguments of the adapter. Raises BadOption."""
    read = Options(environ, "FRANCECONNECT")
    keys_file = read.secret("KEYS_FILE", "")
    keys = _from_file(Path(keys_file)) if keys_file else demonstration_keys(data_dir)
    authentication = read.among("AUTHENTICATION", METHODS, METHODS[0])
    proven = authentication == "private_key_jwt"
    if proven and not any(key.get("use") == "sig" and key.get("kty") == "EC" for key in keys["keys"]):
        raise BadOption("ESCALE_FRANCECONNECT_KEYS_FILE must hold an EC key with use sig for private_key_jwt.")
    return {
        "issuer": read.secret("ISSUER", f"{simulators_url}/franceconnect/api/v2"),
        "client_id": read.secret("CLIENT_ID", DEMO_CLIENT_ID),
        "client_secret": "" if proven else read.secret("CLIENT_SECRET", DEMO_CLIENT_SECRET),
        "keys": keys,
        "authentication": authentication,
        "acr": read.among("ACR", ("eidas2", "eidas3"), "eidas2"),
        "timeout": read.number("TIMEOUT", 5.0),
    }


def demonstration_keys(data_dir: Path) -> dict[str, Any]:
    """Two encryption keys and one for signatures, drawn once for this data directory and shared by its processes."""
    path = data_dir / "franceconnect-keys.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        signing = ECKey.generate_key("P-256", {"kid": "signature-1", "use": "sig", "alg": "ES256"}, private=True)
        drawn = {"keys": [_drawn("chiffrement-1"), _drawn("chiffrement-2"), dict(signing.as_dict(private=True))]}
        with tempfile.NamedTemporaryFile("w", dir=data_dir) as draft:  # readable by its owner alone
            json.dump(drawn, draft)
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)  # whole or not at all: the first process draws for all
    return _from_file(path)


def _drawn(kid: str) -> dict[str, Any]:
    # No "alg": FranceConnect+ may use RSA-OAEP or RSA-OAEP-256, as declared there.
    key = RSAKey.generate_key(2048, {"kid": kid, "use": "enc"}, private=True)
    return dict(key.as_dict(private=True))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        keys = json.loads(path.read_text())
    except (OSError, ValueError):
        raise BadOption("ESCALE_FRANCECONNECT_KEYS_FILE must be a file holding a JWKS with private keys.") from None
    if not isinstance(keys, dict) or not keys.get("keys") or not all(key.get("kid") for key in keys["keys"]):
        raise BadOption("ESCALE_FRANCECONNECT_KEYS_FILE must hold a JWKS whose keys all have a kid.")
    return keys
