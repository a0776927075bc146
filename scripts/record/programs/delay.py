"""Forward frames between two interfaces, each held for MS milliseconds: a path with a real round trip.

usage: delay.py A B MS [--again TEXT LATER_MS]
--again: the first frame from B that contains TEXT is delivered a second time, LATER_MS later, as a
duplicate that took a longer way.
"""
import heapq
import select
import socket
import sys
import time

PACKET_OUTGOING = 4
a, b, delay = sys.argv[1], sys.argv[2], float(sys.argv[3]) / 1000
again = None
if "--again" in sys.argv:
    at = sys.argv.index("--again")
    again = (sys.argv[at + 1].encode(), float(sys.argv[at + 2]) / 1000)

ends = []
for name in (a, b):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    end.bind((name, 0))
    end.setblocking(False)
    ends.append(end)

held, order = [], 0
print("ready", flush=True)
while True:
    wait = None if not held else max(0, held[0][0] - time.monotonic())
    readable, _, _ = select.select(ends, [], [], wait)
    for end in readable:
        while True:
            try:
                frame, source = end.recvfrom(65535)
            except BlockingIOError:
                break
            if source[2] == PACKET_OUTGOING:
                continue
            out = ends[1 - ends.index(end)]
            due = time.monotonic() + delay
            heapq.heappush(held, (due, order, out, frame))
            order += 1
            if again is not None and end is ends[1] and again[0] in frame:
                heapq.heappush(held, (due + again[1], order, out, frame))
                order += 1
                again = None
    while held and held[0][0] <= time.monotonic():
        _, _, out, frame = heapq.heappop(held)
        try:
            out.send(frame)
        except OSError:
            pass  # the interface is down: the frame is lost, as on a cut wire
