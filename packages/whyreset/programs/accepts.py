# A server that only accepts: python3 accepts.py PORT CONNECTIONS BACKLOG
# It lets itself open no more files than CONNECTIONS need, so that the next accept() fails with EMFILE.
import errno
import json
import os
import resource
import socket
import sys
import time

port, connections, backlog = map(int, sys.argv[1:])
listener = socket.create_server(("0.0.0.0", port), backlog=backlog)
spare = os.dup(listener.fileno())  # the lowest number that is free
os.close(spare)
resource.setrlimit(resource.RLIMIT_NOFILE, (spare + connections,) * 2)
print("ready", flush=True)

accepted = []
told = False
while True:
    try:
        accepted.append(listener.accept())
    except OSError as error:
        if error.errno != errno.EMFILE:
            raise
        if not told:
            print(json.dumps({"error": str(error), "code": "EMFILE", "errno": -error.errno, "syscall": "accept"}), flush=True)
        told = True
        time.sleep(0.05)
