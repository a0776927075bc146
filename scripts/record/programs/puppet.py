"""Sockets moved one step at a time: one JSON command per line in, one JSON answer per line out."""
import array
import fcntl
import json
import os
import select
import socket
import ssl
import struct
import sys
import termios
import time

DEADLINE = 15
sockets = {}


def name(command, found):
    found.settimeout(command.get("within", DEADLINE))
    sockets[command.get("as", "s")] = found
    return found


def listen(command):
    family = socket.AF_INET6 if ":" in command["host"] else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((command["host"], command["port"]))
    found.listen(command.get("backlog", 16))
    name(command, found)
    return {}


def connect(command):
    family = socket.AF_INET6 if ":" in command["host"] else socket.AF_INET
    found = name(command, socket.socket(family, socket.SOCK_STREAM))
    if command.get("lateAck"):
        # A health checker saves the handshake's last ACK: the first thing it sends is its RST.
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
    if command.get("noWait"):
        found.setblocking(False)
        found.connect_ex((command["host"], command["port"]))
        return {}
    found.connect((command["host"], command["port"]))
    return {"port": found.getsockname()[1]}


def accept(command):
    found, peer = sockets[command.get("on", "l")].accept()
    name(command, found)
    return {"port": peer[1]}


def send(command):
    if "text" in command:
        data = command["text"].encode()
    elif "hex" in command:
        data = bytes.fromhex(command["hex"])
    else:
        data = b"x" * command["bytes"]
    sockets[command.get("on", "s")].sendall(data)
    return {"sent": len(data)}


def recv(command):
    data = sockets[command.get("on", "s")].recv(command.get("max", 65536))
    return {"received": len(data), "text": data[:200].decode("latin1")}


def unread(command):
    """Wait until the kernel holds at least so many bytes that nobody has read."""
    found, want, deadline = sockets[command.get("on", "s")], command["atLeast"], time.monotonic() + DEADLINE
    while True:
        held = array.array("i", [0])
        fcntl.ioctl(found, termios.FIONREAD, held)
        if held[0] >= want:
            return {"unread": held[0]}
        if time.monotonic() > deadline:
            return {"error": f"only {held[0]} bytes arrived"}
        time.sleep(0.002)


def acked(command):
    """Wait until the peer has acknowledged everything that was sent."""
    found, deadline = sockets[command.get("on", "s")], time.monotonic() + DEADLINE
    while True:
        held = array.array("i", [0])
        fcntl.ioctl(found, termios.TIOCOUTQ, held)
        if held[0] == 0:
            return {}
        if time.monotonic() > deadline:
            return {"error": f"{held[0]} bytes were never acknowledged"}
        time.sleep(0.002)


def closed(command):
    """Wait until the connection is gone in the kernel, by a reset or after both FINs (TCP_INFO state CLOSE)."""
    found, deadline = sockets[command.get("on", "s")], time.monotonic() + DEADLINE
    while found.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 7:
        if time.monotonic() > deadline:
            return {"error": "the connection is still there"}
        time.sleep(0.002)
    return {}


def writable(command):
    """Wait for the end of a connect that was started with noWait."""
    found = sockets[command.get("on", "s")]
    select.select([], [found], [], command.get("within", DEADLINE))
    number = found.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    found.settimeout(DEADLINE)
    return {} if number == 0 else {"error": f"[Errno {number}] {os.strerror(number)}"}


def linger(command):
    value = struct.pack("ii", 1, 0)
    sockets[command.get("on", "s")].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, value)
    return {}


def close(command):
    sockets.pop(command.get("on", "s")).close()
    return {}


def tlsListen(command):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(command["directory"] + "/cert.pem", command["directory"] + "/key.pem")
    found = socket.create_server((command["host"], command["port"]))
    sockets["l"] = context.wrap_socket(found, server_side=True, do_handshake_on_connect=False)
    return {}


def tlsHandshake(command):
    """Shake hands; whatever comes of it, the socket is closed."""
    found = sockets.pop(command.get("on", "s"))
    try:
        found.do_handshake()
        return {}
    finally:
        found.close()


OPERATIONS = {
    f.__name__: f for f in (listen, connect, accept, send, recv, unread, acked, closed, writable, linger, close, tlsListen, tlsHandshake)
}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = OPERATIONS[command["op"]](command)
    except OSError as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
