"""Turn off segmentation and checksum offload of the named interfaces (SIOCETHTOOL; no ethtool needed)."""
import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL = 0x8946
STXCSUM, STSO, SGSO, SGRO = 0x17, 0x1F, 0x24, 0x2C

control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for name in sys.argv[1:]:
    for command in (STSO, SGSO, SGRO, STXCSUM):
        value = array.array("B", struct.pack("II", command, 0))
        request = struct.pack("16sP", name.encode(), value.buffer_info()[0])
        fcntl.ioctl(control, SIOCETHTOOL, request)
