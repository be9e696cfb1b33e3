"""A key for the sandbox: the JSON file of a service account that exists nowhere else.

The key pair is fresh each time and opens nothing but the sandbox. The file is treated as a real one must be all the
same: readable by its owner alone, and never half written.
"""

import json
import os
import tempfile
import uuid
from pathlib import Path

CLIENT_EMAIL = "ircal-sandbox@sandbox.example.org"

_KEY_BITS = 2048
_PUBLIC_EXPONENT = 65537


def write_credentials(path: str | os.PathLike[str], token_uri: str, client_email: str = CLIENT_EMAIL) -> str:
    """Write a service-account file whose tokens come from `token_uri`; the account's address is returned."""
    account = {
        "type": "service_account",
        "project_id": "ircal-sandbox",
        "private_key_id": uuid.uuid4().hex,
        "private_key": _private_key(),
        "client_email": client_email,
        "client_id": "100000000000000000000",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    }
    _write_privately(Path(path), json.dumps(account, indent=2) + "\n")
    return client_email


def _private_key() -> str:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  # slow, and needed only here
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415  # the same

    key = rsa.generate_private_key(public_exponent=_PUBLIC_EXPONENT, key_size=_KEY_BITS)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode("ascii")


def _write_privately(path: Path, text: str) -> None:
    # mkstemp makes the file 0600; it is complete before it has the name that others look for.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
