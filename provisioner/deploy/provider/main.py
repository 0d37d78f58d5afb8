"""`pulumi-resource-provisioner`: the engine starts it, reads its port from the first line, and ends it."""

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Final

WORKERS: Final = 32
"""Calls in progress: the engine's default is four times the number of cores."""

GRACE_SECONDS: Final = 4
"""What calls in progress get to come to their end."""

WATCH_SECONDS: Final = 1
"""How often is looked whether the engine still lives: where it is killed, nobody ends its plugins."""

_UNLIMITED: Final = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def main() -> None:
    """Serve until the engine ends this process. The engine's address is the first argument; flags may follow."""
    import grpc

    from provisioner.deploy.provider.log import Engine
    from provisioner.deploy.provider.servicer import Provisioner
    from provisioner.protocol import provider_pb2_grpc

    # The engine ends a plugin with SIGINT, and kills it some seconds later where that has no effect.
    ended = threading.Event()
    engine = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    address = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "")
    server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS), options=_UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provisioner(Engine(address)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    while not ended.wait(WATCH_SECONDS) and os.getppid() == engine:
        pass
    server.stop(GRACE_SECONDS).wait()
