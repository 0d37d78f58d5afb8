"""The resource class `Secret`, for programs."""

import pulumi


class Secret(pulumi.CustomResource):
    """Random letters and digits, made once and kept in the stack's state. Another `length` makes another secret."""

    def __init__(self, name: str, *, length: int, opts: pulumi.ResourceOptions | None = None) -> None:
        options = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(additional_secret_outputs=["value"]), opts)
        super().__init__("provisioner:index:Secret", name, {"length": length, "value": None}, options)

    @property
    @pulumi.getter
    def value(self) -> pulumi.Output[str]:
        """The secret text, marked secret."""
        return pulumi.get(self, "value")  # pyright: ignore[reportUnknownMemberType]
