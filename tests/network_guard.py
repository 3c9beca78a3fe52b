"""Refuse every connection that leaves this machine. Cannot be undone within a process."""

import sys


def _refuse_remote(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = arguments[:1]
    else:
        return
    if not isinstance(address, tuple):  # a Unix socket stays on this machine
        return
    host = address[0] or "localhost"
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host not in {"localhost", "::1", "0.0.0.0", "::"} and not host.startswith("127."):
        raise ConnectionError(f"The network is off in tests: refused {host}.")


sys.addaudithook(_refuse_remote)
