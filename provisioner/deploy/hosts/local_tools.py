"""Programs of this machine, called."""

import subprocess

from provisioner.errors import HostError


def call(*command: str, seconds: float = 60, input: str = "") -> str:
    """Run a program of this machine; its output. A status other than 0 is a `HostError` with the program's own words."""
    done = attempt(*command, seconds=seconds, input=input)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip() or f"status {done.returncode}"
        raise HostError(f"`{' '.join(command)}` failed: {said[-2000:]}")
    return done.stdout


def attempt(*command: str, seconds: float = 60, input: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program whose failure is an answer. Raises `HostError` where it cannot be started or does not end."""
    try:
        return subprocess.run(command, capture_output=True, text=True, input=input, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise HostError(f"`{' '.join(command)}` did not end within {seconds:g} s") from None
    except OSError as error:
        raise HostError(f"`{command[0]}` cannot be started: {error}") from None
