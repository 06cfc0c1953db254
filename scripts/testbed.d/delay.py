#!/usr/bin/env python3
"""A delay line: what is routed into one TUN device comes out of another so many milliseconds later.

usage: delay.py ROUTER-NAMESPACE MILLISECONDS SECONDS

Runs in the receivers' namespace, whose answers it delays; the other end is in the router's. The kernel of a testbed
machine may lack netem, and answers are small and few enough for a program. Prints "ready"; ends after SECONDS.
"""

import collections
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000


def open_tun(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    subprocess.run(["ip", "link", "set", name, "up", "txqueuelen", "2000"], check=True)
    return device


def main():
    namespace, delay, seconds = sys.argv[1], float(sys.argv[2]) / 1e3, float(sys.argv[3])
    entrance = open_tun("answers")
    with open(f"/var/run/netns/{namespace}") as handle:
        if ctypes.CDLL(None, use_errno=True).setns(handle.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    exit_device = open_tun("answers")
    print("ready", flush=True)
    line = collections.deque()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        wait = max(0.0, line[0][0] - time.monotonic()) if line else 0.2
        if select.select([entrance], [], [], wait)[0]:
            now = time.monotonic()
            while True:
                try:
                    line.append((now + delay, os.read(entrance, 2048)))
                except BlockingIOError:
                    break
        now = time.monotonic()
        while line and line[0][0] <= now:
            try:
                os.write(exit_device, line.popleft()[1])
            except OSError:
                pass  # a full device loses the answer, as a full queue would


if __name__ == "__main__":
    main()
