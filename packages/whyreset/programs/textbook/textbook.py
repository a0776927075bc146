"""The textbook programs in Python (standard library only).

textbook.py idle-server PORT IDLE_MS            answers POSTs; closes connections that are idle for so long
textbook.py posts URL COUNT KEEPALIVE IDLE_MS   POSTs every 200 to 300 ms over a kept-alive connection
textbook.py closing-server PORT                 closes right after its first read
textbook.py writes-again HOST:PORT              writes again a second after its first write
textbook.py tells-apart HOST:PORT ...           says whether each connect or read was refused, reset or else

Each error is one line of JSON: {"error": ..., "code": ...}.
"""
import errno
import http.client
import http.server
import json
import socket
import sys
import time
from urllib.parse import urlsplit


def report(error):
    code = errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)
    print(json.dumps({"error": f"{type(error).__name__}: {error}", "code": code}), flush=True)


def idle_server(port, idle):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = int(idle) / 1000

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "3")
            self.end_headers()
            self.wfile.write(b"ok\n")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("", int(port)), Handler)
    print("ready", flush=True)
    server.serve_forever()


def posts(url, count, keep_alive, idle):
    target = urlsplit(url)
    failed, connection, used = 0, None, 0.0
    for i in range(int(count)):
        stale = int(idle) > 0 and time.monotonic() - used > int(idle) / 1000
        if connection is None or keep_alive != "true" or stale:
            connection = http.client.HTTPConnection(target.hostname, target.port)
        try:
            headers = {} if keep_alive == "true" else {"Connection": "close"}
            connection.request("POST", target.path, b"x" * 20, headers)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            failed += 1
            report(error)
            connection.close()
            connection = None
        used = time.monotonic()
        time.sleep((200 + (i * 37) % 101) / 1000)
    print(f"done: {int(count) - failed} of {count} without an error", flush=True)


def closing_server(port):
    listener = socket.create_server(("", int(port)))
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        connection.recv(1024)
        connection.close()


def writes_again(address):
    host, port = address.rsplit(":", 1)
    connection = socket.create_connection((host, int(port)))
    for wait in (1, 0.1, 0.05):
        try:
            connection.sendall(b"a line\n")
        except OSError as error:
            report(error)
            break
        time.sleep(wait)
    try:
        if connection.recv(1024) == b"":
            print("end of file", flush=True)
    except OSError as error:
        report(error)
    print("done", flush=True)


def tells_apart(*addresses):
    for address in addresses:
        host, port = address.rsplit(":", 1)
        try:
            connection = socket.create_connection((host, int(port)), timeout=2)
            connection.sendall(b"hello\n")
            said = "closed" if connection.recv(1024) == b"" else "answered"
        except ConnectionRefusedError as error:
            said = "refused"
            report(error)
        except ConnectionResetError as error:
            said = "reset"
            report(error)
        except TimeoutError as error:
            said = "timed out"
            report(error)
        except OSError as error:
            said = "something else"
            report(error)
        print(address, said, flush=True)


mode, *arguments = sys.argv[1:]
globals()[mode.replace("-", "_")](*arguments)
