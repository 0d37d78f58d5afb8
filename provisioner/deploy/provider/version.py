"""The version of the installed package."""


def version() -> str:
    """`0.1.0`, as the wheel's metadata has it."""
    from importlib import metadata

    return metadata.version("provisioner")
