#!/usr/bin/env python3
"""Makes captures that try the detector's limits. The same arguments give the same bytes.

usage: attackfile.py hosts OUTPUT COUNT        COUNT inside hosts that each ask two others
       attackfile.py flood OUTPUT PACKETS      ten minutes of ordinary traffic, then in one minute a flood of PACKETS
                                               SYNs with spoofed sources and a scan of 500 ports between two other hosts
"""

import random
import struct
import sys

START = 1_700_000_000
HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
ETHERNET = bytes.fromhex("020000000001020000000002") + b"\x08\x00"
SYN, SYN_ACK, ACK, RST_ACK = 2, 18, 16, 20


def ip(text):
    return int.from_bytes(bytes(map(int, text.split("."))), "big")


RECORD = struct.Struct("<IIII")
# Length, protocol 6, no checksum: nobody checks it, as capture offload leaves it out as well.
SEGMENT = struct.Struct(">BBHHHBBHIIHHIIBBHHH")


def segment(microseconds, source, port, target, target_port, flags, sequence=1):
    return RECORD.pack(START + microseconds // 1_000_000, microseconds % 1_000_000, 54, 54) + ETHERNET + SEGMENT.pack(
        0x45, 0, 40, 0, 0x4000, 64, 6, 0, source, target, port, target_port, sequence, 0, 0x50, flags, 64240, 0, 0)


def handshake(time, source, port, target, target_port):
    """A connection that is opened, answered and reset."""
    return [(time, segment(time, source, port, target, target_port, SYN)),
            (time + 200, segment(time + 200, target, target_port, source, port, SYN_ACK)),
            (time + 400, segment(time + 400, source, port, target, target_port, ACK)),
            (time + 90_000, segment(time + 90_000, source, port, target, target_port, RST_ACK))]


def hosts(output, count):
    base = ip("10.0.0.0")
    chance = random.Random(3)
    packets = []
    for host in range(count):
        for _ in range(2):
            time = chance.randrange(1_200_000_000)
            peer = base + 1 + chance.randrange(count)
            packets += handshake(time, base + 1 + host, 40000 + chance.randrange(20000), peer, 443)
    packets.sort()
    output.writelines(packet for _, packet in packets)


def flood(output, count):
    chance = random.Random(5)
    ordinary = []
    servers = [ip(f"10.0.0.{index}") for index in range(10, 20)]
    for client in range(100, 140):
        time = chance.randrange(10_000_000)
        while time < 660_000_000:
            ordinary += handshake(time, ip(f"10.0.0.{client}"), 40000 + chance.randrange(20000), chance.choice(servers), 443)
            time += chance.randrange(1_000_000, 20_000_000)
    for port in range(500):
        time = 620_000_000 + port * 40_000
        scan = (ip("10.0.0.120"), 50000, ip("10.0.0.30"), port + 1)
        ordinary += [(time, segment(time, *scan, SYN)),
                     (time + 150, segment(time + 150, scan[2], scan[3], scan[0], scan[1], RST_ACK))]
    ordinary.sort()
    victim = ip("10.0.0.12")
    # Public addresses that are neither private nor multicast.
    sources = (address for address in iter(lambda: 0x0B000000 + chance.getrandbits(30), None))
    following = 0
    for number in range(count):
        time = 600_000_000 + number * 60_000_000 // count
        while following < len(ordinary) and ordinary[following][0] <= time:
            output.write(ordinary[following][1])
            following += 1
        output.write(segment(time, next(sources), 1024 + number % 60000, victim, 80, SYN))
    output.writelines(packet for _, packet in ordinary[following:])


def main():
    kinds = {"hosts": hosts, "flood": flood}
    if len(sys.argv) != 4 or sys.argv[1] not in kinds:
        sys.exit(__doc__.strip())
    with open(sys.argv[2], "wb", buffering=1 << 20) as output:
        output.write(HEADER)
        kinds[sys.argv[1]](output, int(sys.argv[3]))


main()
