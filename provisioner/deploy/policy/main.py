"""`pulumi-analyzer-policy-provisioner`: the engine runs it for packs whose runtime is `provisioner`.

The pack needs the packages of this interpreter, so it is started here and not by the engine's own language host.
"""

import runpy
import sys


def main() -> None:
    sys.argv[0] = "pulumi.policy"
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
