"""Service accounts."""

import re
from collections.abc import Iterable
from typing import Final

from provisioner.sandbox.gcp.common import free, number, project
from provisioner.sandbox.kinds import Autoname, Call, Failure, Kind, Properties

ACCOUNT: Final = "gcp:serviceaccount/account:Account"
ID: Final = re.compile(r"[a-z](?:[-a-z0-9]{4,28}[a-z0-9])")


def email(call: Call) -> str:
    return f"{call.inputs['accountId']}@{project(call)}.iam.gserviceaccount.com"


def identify(call: Call) -> str:
    return f"projects/{project(call)}/serviceAccounts/{email(call)}"


def outputs(call: Call, id: str) -> Properties:
    return {
        "email": email(call),
        "member": f"serviceAccount:{email(call)}",
        "name": id,
        "project": project(call),
        "uniqueId": number(call, digits=21),
    }


def check(call: Call) -> Iterable[Failure]:
    value = call.inputs.get("accountId")
    if isinstance(value, str) and not ID.fullmatch(value):
        yield Failure(property="accountId", reason=f'"account_id" ("{value}") doesn\'t match regexp "^{ID.pattern}$"')


KINDS: Final = (
    Kind(
        token=ACCOUNT,
        identify=identify,
        outputs=outputs,
        computed=("email", "member", "name", "project", "uniqueId"),
        immutable=frozenset({"accountId", "project"}),
        autoname=Autoname(property="accountId", maximum=30, lower=True),
        check=check,
        refuse=free(identify),
    ),
)
