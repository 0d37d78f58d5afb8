"""What the servicer asks of a resource type. Properties are plain Python values with `Secret` and `UNKNOWN` among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from provisioner.deploy.hosts.progress import Progress

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A refusal of one property in Check."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. `path` is a property path; `of_inputs` is False where the outputs differ from what they should be."""

    path: str
    kind: Literal["add", "delete", "update"] = "update"
    replaces: bool = False
    of_inputs: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What Read found: inputs and outputs as they are."""

    inputs: Properties
    outputs: Properties


class Resource(Protocol):
    """A resource type of this provider. Methods raise `HostError` where a host refuses."""

    def check(self, inputs: Properties) -> tuple[Properties, Sequence[Failure]]:
        """The inputs with their defaults, and everything that is wrong with them. Unknown values pass."""
        ...

    def diff(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[Change]: ...

    def words(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[str]:
        """What an update would do, in sentences for people."""
        ...

    def create(self, inputs: Properties, progress: Progress, *, preview: bool) -> tuple[str, Properties]:
        """The id ("" in a preview) and the outputs."""
        ...

    def read(self, id: str, inputs: Properties, outputs: Properties) -> Found | None:
        """What is really there; None where it is gone. `inputs` are empty on import."""
        ...

    def update(self, id: str, inputs: Properties, outputs: Properties, progress: Progress, *, preview: bool) -> Properties:
        """The new outputs; `outputs` are the last ones."""
        ...

    def delete(self, id: str, outputs: Properties, progress: Progress) -> None:
        """Deleting what is gone succeeds."""
        ...
