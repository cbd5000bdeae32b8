"""The socket of the server, opened first, so that its address can be printed before the server runs."""

from __future__ import annotations

import socket

from insulinoma.errors import UsageError


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; UsageError when the address is taken or not of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    # Or the end of every answer waits 40 ms for the browser to acknowledge its beginning.
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise UsageError(f"{host}:{port} cannot be used ({error.strerror}). Expected another --port.") from error
    found.listen(256)
    return found
