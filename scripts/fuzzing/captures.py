"""Reads captures for making seeds and slices: plain Python, for sound files only."""

import pathlib
import struct
import subprocess

ETHERNET, RAW, COOKED = 1, 101, 113


def plain_bytes(path, limit=None):
    """The first `limit` uncompressed bytes of a capture file, all without a limit."""
    tool = {".zst": ["zstd", "-qdc"], ".gz": ["gzip", "-dc"]}.get(pathlib.Path(path).suffix)
    if tool is None:
        with open(path, "rb") as file:
            return file.read(limit if limit is not None else -1)
    with subprocess.Popen(tool + [str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        data = process.stdout.read(limit if limit is not None else -1)
        process.stdout.close()
        process.kill()
    return data


def record_ends(data):
    """Offsets behind the file header and behind each whole record or block, in ascending order."""
    order, ends = byte_order(data), []
    if is_pcapng(data):
        offset = 0
        while offset + 12 <= len(data):
            (length,) = struct.unpack_from(order + "I", data, offset + 4)
            if length < 12 or offset + length > len(data):
                break
            offset += length
            ends.append(offset)
        return ends
    offset = 24
    ends.append(offset)
    while offset + 16 <= len(data):
        (length,) = struct.unpack_from(order + "I", data, offset + 8)
        if length > 262144 or offset + 16 + length > len(data):
            break
        offset += 16 + length
        ends.append(offset)
    return ends


def packets(data):
    """Link type and bytes of each packet (pcapng: enhanced packet blocks of the first section)."""
    order, start = byte_order(data), 0
    link_types = []
    if not is_pcapng(data):
        link_types.append(struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF)
    for end in record_ends(data):
        if not is_pcapng(data):
            if start:
                yield link_types[0], data[start + 16 : end]
        else:
            kind = struct.unpack_from(order + "I", data, start)[0]
            if kind == 1:
                link_types.append(struct.unpack_from(order + "H", data, start + 8)[0])
            elif kind == 6:
                interface, _, _, captured = struct.unpack_from(order + "IIII", data, start + 8)
                yield link_types[interface], data[start + 28 : start + 28 + captured]
        start = end


def is_pcapng(data):
    return data[:4] == b"\x0a\x0d\x0d\x0a"


def byte_order(data):
    if is_pcapng(data):
        return "<" if data[8:12] == b"\x4d\x3c\x2b\x1a" else ">"
    return "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"


def network_packet(link_type, frame):
    """EtherType and bytes of the network packet in a frame, or None."""
    if link_type == RAW:
        return (0x0800 if frame[:1] and frame[0] >> 4 == 4 else 0x86DD), frame
    start = {ETHERNET: 12, COOKED: 14}.get(link_type)
    if start is None or len(frame) < start + 2:
        return None
    kind = int.from_bytes(frame[start : start + 2], "big")
    while kind in (0x8100, 0x88A8) and len(frame) >= start + 6:
        start += 4
        kind = int.from_bytes(frame[start : start + 2], "big")
    return kind, frame[start + 2 :]


def segment(link_type, frame):
    """Transport number, source, destination and payload of a TCP or UDP packet that is no fragment, or None."""
    found = network_packet(link_type, frame)
    if found is None:
        return None
    kind, packet = found
    if kind == 0x0800 and len(packet) >= 20 and not int.from_bytes(packet[6:8], "big") & 0x3FFF:
        length, transport, header = int.from_bytes(packet[2:4], "big"), packet[9], (packet[0] & 15) * 4
        source, destination = packet[12:16], packet[16:20]
    elif kind == 0x86DD and len(packet) >= 40:
        length, transport, header = 40 + int.from_bytes(packet[4:6], "big"), packet[6], 40
        source, destination = packet[8:24], packet[24:40]
    else:
        return None
    body = packet[header:length]
    if transport not in (6, 17) or len(body) < (20 if transport == 6 else 8):
        return None
    ports = int.from_bytes(body[:2], "big"), int.from_bytes(body[2:4], "big")
    payload = body[(body[12] >> 4) * 4 :] if transport == 6 else body[8:]
    return transport, (source, ports[0]), (destination, ports[1]), payload
