"""SSH key pairs."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account
from provisioner.sandbox.kinds import Autoname, Call, CloudRefusal, Failure, Kind, Reference

KEY = "aws:ec2/keyPair:KeyPair"
_TYPES = {"ssh-ed25519": "ed25519", "ssh-rsa": "rsa"}


def named_by(property: str) -> Reference:
    """A property names a key pair; EC2 copies the key, so nothing holds the pair."""
    missing = "InvalidKeyPair.NotFound: The key pair '{value}' does not exist"
    return Reference(property=property, tokens=(KEY,), field="keyName", missing=missing, holds=False)


def _check(call: Call) -> Iterator[Failure]:
    key, name = call.inputs.get("publicKey"), call.inputs.get("keyName")
    if isinstance(name, str) and len(name) > 255:
        yield Failure(property="keyName", reason=f"expected length of key_name to be in the range (0 - 255), got {len(name)}")
    if isinstance(key, str) and (len(key.split()) < 2 or key.split()[0] not in _TYPES or not key.split()[1].startswith("AAAA")):
        reason = "InvalidKey.Format: Key is not in valid OpenSSH public key format (ssh-ed25519 or ssh-rsa)"
        yield Failure(property="publicKey", reason=reason)


def _refuse(call: Call) -> None:
    if call.world.find(KEY, keyName=call.inputs["keyName"], region=account.region(call)):
        raise CloudRefusal(f"InvalidKeyPair.Duplicate: The keypair '{call.inputs['keyName']}' already exists.")


def _outputs(call: Call, id: str) -> dict[str, Any]:
    kind, body = str(call.inputs["publicKey"]).split()[:2]
    return {
        **account.shared(call),
        "arn": account.arn(call, "ec2", f"key-pair/{id}"),
        "fingerprint": _fingerprint(body),
        "keyPairId": f"key-0{call.digest[:16]}",
        "keyType": _TYPES[kind],
    }


def _fingerprint(body: str) -> str:
    try:
        key = base64.b64decode(body + "=" * (-len(body) % 4))
    except binascii.Error:
        key = body.encode()
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


KINDS = (
    Kind(
        token=KEY,
        identify=lambda call: str(call.inputs["keyName"]),
        outputs=_outputs,
        computed=(*account.SHARED, "arn", "fingerprint", "keyPairId", "keyType"),
        immutable=frozenset({"keyName", "keyNamePrefix", "publicKey", "region"}),
        autoname=Autoname(property="keyName", maximum=255),
        check=_check,
        refuse=_refuse,
    ),
)
