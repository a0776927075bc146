"""A key-value server that ends idle connections: idle_kill.py PORT IDLE_SECONDS fin|rst"""
import selectors
import socket
import struct
import sys
import time

port, idle, how = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
listener = socket.create_server(("", port))
chooser = selectors.DefaultSelector()
chooser.register(listener, selectors.EVENT_READ)
last, killed = {}, 0
print("ready", flush=True)
while True:
    due = min(last.values()) + idle - time.monotonic() if last else None
    for key, _ in chooser.select(None if due is None else max(0, due)):
        if key.fileobj is listener:
            client, _ = listener.accept()
            chooser.register(client, selectors.EVENT_READ)
        else:
            client = key.fileobj
            if client.recv(4096) == b"":
                chooser.unregister(client)
                last.pop(client, None)
                client.close()
                continue
            client.sendall(b"+OK\r\n")
        last[client] = time.monotonic()
    for client, at in list(last.items()):
        if time.monotonic() - at < idle:
            continue
        if how == "fin":
            client.sendall(b"-ERR idle timeout, closing\r\n")
        else:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        chooser.unregister(client)
        del last[client]
        client.close()
        killed += 1
        print(f"killed {killed}", flush=True)
