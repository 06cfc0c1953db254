#!/usr/bin/env python3
"""Calls and video over RTP (RFC 3550), both ways or one way, for the lab that records flows of known class.

usage: rtp.py serve ADDRESS SECONDS PORT...          answers nothing, sends back what a call would
       rtp.py send ADDRESS PORT KIND SECONDS SEED    KIND: a key of CODECS or VIDEO

Packet lengths and times are those of the codecs: constant for PCMU (RFC 3551), G.729 and AMR, varying for Opus
(RFC 7587); video is frames of 30 or 25 a second, cut into packets of at most 1,200 bytes, larger every second.
"""

import random
import select
import socket
import struct
import sys
import time

CODECS = {
    "pcmu20": (0.020, lambda dice: 160),
    "pcmu30": (0.030, lambda dice: 240),
    "g729": (0.020, lambda dice: 20),
    "amr": (0.020, lambda dice: 32),
    "g722": (0.020, lambda dice: 160),
    "ilbc": (0.030, lambda dice: 50),
    "gsm": (0.020, lambda dice: 33),
    "opus60": (0.060, lambda dice: max(40, int(dice.gauss(190, 25)))),
    "opus": (0.020, lambda dice: max(20, int(dice.gauss(80, 12)))),
}
VIDEO = {"video540": (1 / 25, 4_000), "video1080": (1 / 30, 14_000),
         "video720": (1 / 50, 7_000), "screen": (1 / 8, 9_000)}


def packets(kind, dice):
    """Yields (seconds since the packet before, payload bytes) without end."""
    if kind in CODECS:
        gap, size = CODECS[kind]
        while True:
            yield gap, size(dice)
    gap, mean = VIDEO[kind]
    frame = 0
    while True:
        bytes_left = int(mean * (4 if frame % 25 == 0 else 1) * dice.uniform(0.6, 1.4))
        first = True
        while bytes_left > 0:
            size = min(1200, bytes_left)
            yield (gap if first else 0.0004), size
            bytes_left -= size
            first = False
        frame += 1


def talk(sender, target, kind, seconds, seed):
    dice = random.Random(seed)
    sequence, due = dice.randrange(1 << 16), time.monotonic()
    end = due + seconds
    source = dice.randrange(1 << 32)
    for gap, size in packets(kind, dice):
        due += gap
        if due > end:
            return
        time.sleep(max(0, due - time.monotonic()))
        header = struct.pack("!BBHII", 0x80, 0 if kind in CODECS else 96, sequence & 0xFFFF, sequence * 160, source)
        sender.sendto(header + bytes(size), target)
        sequence += 1
        while select.select([sender], [], [], 0)[0]:
            sender.recv(2048)


def serve(address, seconds, ports):
    """Sends every packet of a call back, as long as it is short: two people who talk at the same time."""
    sockets = []
    for port in ports:
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind((address, port))
        sockets.append(listener)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for ready in select.select(sockets, [], [], 0.5)[0]:
            data, peer = ready.recvfrom(2048)
            if data[1] == 0:
                ready.sendto(data, peer)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], float(sys.argv[3]), [int(port) for port in sys.argv[4:]])
    else:
        host, port, kind, length, number = sys.argv[2:7]
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        talk(own, (host, int(port)), kind, float(length), int(number))
