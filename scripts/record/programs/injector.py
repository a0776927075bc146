"""Forge RSTs on a router, as a box between does: whole frames, so every field is ours to choose.

injector.py expire CLIENT_IF SERVER_IF PORT SECONDS
    SECONDS after the last segment of a connection, one RST+ACK to each end in the name of the other.
injector.py match CLIENT_IF SERVER_IF PORT TEXT KIND
    when a segment toward PORT holds TEXT (hex:... for bytes): RSTs toward the client in the name of the
    server (KIND rst: three bare ones; ack: one RST+ACK; diagnostic: one RST+ACK with the payload of
    draft-ietf-tcpm-rst-diagnostic-payload; both: one RST+ACK to each end; twin: one RST+ACK with the TTL
    and the manners of the server, in a frame with this host's own hardware address).
"""
import select
import socket
import struct
import sys
import time

mode, client_if, server_if, port = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
FIN, SYN, RST, ACK = 1, 2, 4, 16


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def forge(source, destination, sport, dport, seq, ack, flags, window, ttl, ident, payload=b"", dont_fragment=False):
    """An IPv4 packet without options, DF clear unless told."""
    tcp = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 0x50, flags, window, 0, 0) + payload
    pseudo = source + destination + struct.pack("!BBH", 0, 6, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    fragment = 0x4000 if dont_fragment else 0
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), ident, fragment, ttl, 6, 0, source, destination)
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + tcp


taps = {}
for role, name in (("client", client_if), ("server", server_if)):
    if server_if == client_if and "client" in taps:
        taps[role] = taps["client"]
        continue
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    tap.bind((name, 0))
    # SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_MR_PROMISC: frames for other hosts as well
    tap.setsockopt(263, 1, struct.pack("iHH8s", socket.if_nametoindex(name), 1, 0, b""))
    taps[role] = tap
link = {}  # role -> Ethernet header for frames that leave toward it
own = taps["client"].getsockname()[4] if sys.argv[-1] == "twin" else None
flows = {}  # (client, port) -> what either end has to expect next


def toward(role, packet):
    taps[role].send(link[role] + packet)


def reset(flow, role, ttl, ident, kind=RST | ACK, window=0, payload=b"", df=False, shift=0):
    """A RST toward `role`, with exactly the sequence number that it expects next."""
    ack = flow["server_next" if role == "server" else "client_next"]
    seq = flow["client_next" if role == "server" else "server_next"]
    ends = (flow["client"], flow["server"], flow["sport"], port)
    source, destination, sport, dport = ends if role == "server" else (ends[1], ends[0], ends[3], ends[2])
    number = ack if kind & ACK else 0
    toward(role, forge(source, destination, sport, dport, seq + shift & 0xFFFFFFFF, number, kind, window, ttl, ident, payload, df))


def observe(role, frame, outgoing):
    """Follow the connection; give the flow and payload of a segment that the client sent."""
    start = 14
    header = (frame[start] & 15) * 4
    total = struct.unpack("!H", frame[start + 2 : start + 4])[0]
    if frame[start + 9] != 6:
        return None
    ip, segment = frame[start : start + header], frame[start + header : start + total]
    sport, dport, seq, ack, offset, flags = struct.unpack("!HHIIBB", segment[:14])
    payload = segment[(offset >> 4) * 4 :]
    if port not in (sport, dport) or outgoing:
        if outgoing and port in (sport, dport):
            link[role] = frame[:14]
        return None
    from_client = dport == port
    back = frame[6:12] + (own or frame[0:6]) + frame[12:14]
    link["client" if from_client else "server"] = back
    key = (ip[12:16], sport) if from_client else (ip[16:20], dport)
    if from_client:
        flow = flows.setdefault(key, {"client": ip[12:16], "server": ip[16:20], "sport": sport, "done": False, "client_next": 0, "server_next": 0})
    else:
        flow = flows.get(key)
    if flow is None:
        return None
    length = len(payload) + (1 if flags & (SYN | FIN) else 0)
    flow["client_next" if from_client else "server_next"] = (seq + length) & 0xFFFFFFFF
    flow["at"] = time.monotonic()
    if flags & (RST | FIN):
        flow["done"] = True
    return (flow, payload) if from_client else None


def expire(seconds):
    for flow in flows.values():
        if not flow["done"] and time.monotonic() - flow["at"] >= seconds:
            flow["done"] = True
            reset(flow, "client", ttl=128, ident=0x5A01)
            reset(flow, "server", ttl=128, ident=0x5A02)


def strike(flow, kind):
    flow["done"] = True
    if kind == "rst":
        for number, shift in enumerate((0, 1460, 4380)):
            reset(flow, "client", ttl=47, ident=0x3039 + 7 * number, kind=RST, window=1, shift=shift)
    elif kind == "ack":
        reset(flow, "client", ttl=47, ident=0x3039, window=8192)
    elif kind == "twin":
        reset(flow, "client", ttl=63, ident=0x4D2, window=64, df=True)
    elif kind == "diagnostic":
        # compact form: magic, code 9 (not authorised), enterprise number 0 (IANA)
        reset(flow, "client", ttl=47, ident=0x3039, payload=struct.pack("!HHI", 0x33AA, 9, 0))
    else:
        reset(flow, "client", ttl=47, ident=0x3039, window=8192)
        reset(flow, "server", ttl=47, ident=0x303A, window=8192)


print("ready", flush=True)
text = sys.argv[5]
needle = bytes.fromhex(text[4:]) if text.startswith("hex:") else text.encode()
while True:
    ready, _, _ = select.select(list(set(taps.values())), [], [], 0.005 if mode == "expire" and flows else None)
    for tap in ready:
        frame, source = tap.recvfrom(65535)
        seen = observe("client" if tap is taps["client"] else "server", frame, source[2] == 4)
        if seen and mode == "match" and not seen[0]["done"] and needle in seen[1]:
            strike(seen[0], sys.argv[6])
            print("struck", flush=True)
    if mode == "expire":
        expire(float(sys.argv[5]))
