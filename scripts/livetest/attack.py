"""A capture of attacks, made in code: a SYN flood from forged sources and a port scan."""

import random
import struct


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def syn(source, target, source_port, target_port, number):
    header = struct.pack("!BBHHHBBHII", 0x45, 0, 40, number & 0xFFFF, 0, 64, 6, 0, source, target)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    segment = struct.pack("!HHIIBBHHH", source_port, target_port, number, 0, 0x50, 2, 1024, 0, 0)
    return bytes.fromhex("020000000001020000000002") + b"\x08\x00" + header + segment


def write(path, packets=60_000, seed=11, others=0):
    """Writes the capture; the same arguments give the same bytes. `others` moves attacker and victims to other addresses."""
    generator = random.Random(seed)
    victim = 0xC6336407 + others
    with open(path, "wb") as file:
        file.write(struct.pack("=IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number in range(packets):
            if number % 20 == 0:
                frame = syn(0x0A140163 + others, 0x0A140164 + others, 41000, number // 20 % 65535 + 1, number)
            else:
                frame = syn(generator.getrandbits(32), victim, generator.randrange(1024, 65536), 80, number)
            file.write(struct.pack("=IIII", 1_700_000_000 + number // 20_000, number % 20_000 * 50, len(frame), len(frame)))
            file.write(frame)
