#!/usr/bin/env python3
"""Makes a large capture for load tests from the recorded ones: many copies with other addresses, mixed by time.

usage: loadfile.py OUTPUT COPIES WINDOW_SECONDS

Reads the Ethernet captures below fixtures/captures, cuts frames to 384 bytes as a monitoring probe does, and gives each
copy IPv4 and IPv6 addresses and a start time of its own inside the window. The same arguments give the same bytes.
"""

import gzip
import pathlib
import random
import struct
import subprocess
import sys

CAPTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures/captures"
NAMES = ("office.pcapng.zst", "dns.pcap", "http.pcapng.zst", "tls12.pcap", "tls13.pcapng.zst", "icmp.pcap", "closed.pcap",
         "loss.pcap.gz")
SNAPLEN = 384


def plain(name):
    path = CAPTURES / name
    if name.endswith(".zst"):
        return subprocess.run(["zstd", "-qdc", str(path)], stdout=subprocess.PIPE, check=True).stdout
    return gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()


def pcap_frames(data):
    nanoseconds = struct.unpack_from("<I", data)[0] == 0xA1B23C4D
    offset = 24
    while offset < len(data):
        seconds, fraction, captured, original = struct.unpack_from("<IIII", data, offset)
        yield seconds * 10**9 + fraction * (1 if nanoseconds else 1000), data[offset + 16 : offset + 16 + captured], original
        offset += 16 + captured


def pcapng_frames(data):
    """Enhanced packet blocks of a little-endian file whose stamps count nanoseconds, which is what the lab writes."""
    offset = 0
    while offset < len(data):
        kind, length = struct.unpack_from("<II", data, offset)
        if kind == 6:
            _, high, low, captured, original = struct.unpack_from("<IIIII", data, offset + 8)
            yield high << 32 | low, data[offset + 28 : offset + 28 + captured], original
        offset += length


def main():
    output, copies, window = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(7)
    templates = []
    for name in NAMES:
        data = plain(name)
        frames = list((pcapng_frames if ".pcapng" in name else pcap_frames)(data))
        first = frames[0][0]
        templates.append([(time - first, bytearray(frame[:SNAPLEN]), original) for time, frame, original in frames])

    order = []
    for copy in range(copies):
        for number, template in enumerate(templates):
            start = chance.randrange(window * 10**9)
            order += [(start + frame[0], copy, number, index) for index, frame in enumerate(template)]
    order.sort()

    base = 1_700_000_000 * 10**9
    with open(output, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, SNAPLEN, 1))
        for time, copy, number, index in order:
            _, frame, original = templates[number][index]
            ethertype = frame[12] << 8 | frame[13]
            high, low = copy >> 8 & 0xFF, copy & 0xFF
            if ethertype == 0x0800:
                # The network's octets: 10.20 and 198.18 become others, hosts keep their last octet.
                frame[27], frame[28], frame[31], frame[32] = 20 + high & 0xFF, low, 18 + high & 0xFF, low
            elif ethertype == 0x86DD:
                frame[26], frame[27], frame[42], frame[43] = high, low, high, low
            stamp = base + time
            file.write(struct.pack("<IIII", stamp // 10**9, stamp % 10**9, len(frame), original))
            file.write(frame)
    print(f"loadfile: {len(order)} packets, {copies} copies in {window} s: {output}")


main()
