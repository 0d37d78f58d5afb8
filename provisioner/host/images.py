"""Image names. Podman on Debian resolves no short names, so every image gets its registry, by the rule Docker has."""


def qualified(image: str) -> str:
    """`redis:7` is `docker.io/library/redis:7`; `grafana/grafana` is `docker.io/grafana/grafana`; the rest stays."""
    first, slash, _ = image.partition("/")
    if not slash:
        return f"docker.io/library/{image}"
    if "." in first or ":" in first or first == "localhost":
        return image
    return f"docker.io/{image}"


def repository_and_version(image: str) -> tuple[str, str]:
    """Split at the tag or digest: (`docker.io/library/redis`, `7`). Without either, the version is `latest`."""
    repository, at, digest = image.partition("@")
    if at:
        return repository, digest
    path, colon, tag = image.rpartition(":")
    return (path, tag) if colon and "/" not in tag else (image, "latest")
