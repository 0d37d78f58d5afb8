"""The resource `Secret`: random text, made once and kept."""

import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any, Final

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.resource import Change, Failure, Found, Properties
from provisioner.errors import HostError
from provisioner.protocol.values import UNKNOWN, Secret, plain

ALPHABET: Final = string.ascii_letters + string.digits
"""62 characters, 5.95 bits each, safe in shells, URLs and connection strings."""

LONGEST: Final = 1024


class SecretResource:
    def check(self, inputs: Properties) -> tuple[Properties, Sequence[Failure]]:
        length = plain(inputs.get("length"))
        failures = [Failure(property=name, reason="expected length alone") for name in inputs if name != "length"]
        whole = isinstance(length, int) and not isinstance(length, bool)
        if length is not UNKNOWN and not (whole and 1 <= length <= LONGEST):
            failures.append(Failure(property="length", reason=f"expected a number from 1 to {LONGEST}, found {length!r}"))
        return inputs, failures

    def diff(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[Change]:
        same = plain(old_inputs.get("length")) == plain(inputs.get("length"))
        return () if same else (Change(path="length", replaces=True),)

    def words(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[str]:
        return ()

    def create(self, inputs: Properties, progress: Progress, *, preview: bool) -> tuple[str, Properties]:
        length = plain(inputs["length"])
        if preview:
            return "", {"length": length, "value": Secret(UNKNOWN)}
        return secrets.token_hex(8), _outputs(length)

    def read(self, id: str, inputs: Properties, outputs: Properties) -> Found | None:
        if "value" not in outputs:
            raise HostError(f"secret {id} cannot be imported: it is kept nowhere but in the stack that made it")
        return Found(inputs=inputs, outputs=outputs)

    def update(self, id: str, inputs: Properties, outputs: Properties, progress: Progress, *, preview: bool) -> Properties:
        raise HostError(f"secret {id} never changes in place")

    def delete(self, id: str, outputs: Properties, progress: Progress) -> None:
        """It is kept in the stack's state alone, which the engine clears."""


def _outputs(length: int) -> Mapping[str, Any]:
    return {"length": length, "value": Secret("".join(secrets.choice(ALPHABET) for _ in range(length)))}
