"""The definition that test expressions stand in: `shop/app`, connected to `shop/db`."""

from provisioner.script.context import Link, Nowhere, RefusedError
from provisioner.script.values import Value

VARIABLES: dict[str, Value] = {"size": 2, "name": "web", "empty": "", "args": {"x": 1}}


class Shop(Nowhere):
    def variable(self, name: str, *, guarded: bool) -> Value:
        return VARIABLES[name] if name in VARIABLES else super().variable(name, guarded=guarded)

    def connection(self, name: str) -> Link:
        if name != "database":
            raise RefusedError("unknown-connection", f'no connection "{name}"')
        return Link(target="shop/db", service="postgres", hostname="db.shop.internal", port=5432)

    def hostname(self, path: str, container: str) -> str:
        return f"{container}.{'.'.join(reversed(path.split('/')))}.internal"

    def service(self, path: str, service: str) -> Link:
        return Link(target=path, service=service, port=5432)

    def entity(self, path: str) -> Value:
        return {"region": "eu"}

    def self_path(self) -> str:
        return "shop/app"

    def unique(self) -> str:
        return "6f1c0b52-8f1d-5a6e-9d53-0c5e8f6a7b10"
