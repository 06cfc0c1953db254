#!/usr/bin/env python3
"""The site's traffic: what is ordinary, what attacks, and what arrives.

usage: traffic.py serve REPORT SECONDS            at the victim: answers, and counts what arrives
       traffic.py use REPORT SECONDS SEED         outside: clients that ask the victim by TCP and by UDP
       traffic.py flood REPORT SECONDS SEED       outside: UDP from forged sources
       traffic.py scan REPORT SECONDS SEED        outside: one host connects to every port

Each writes a JSON report at its end. Every packet of the flood and of the clients' UDP stream begins with a mark, so that
the victim counts by kind what reached it.
"""

import asyncio
import json
import pathlib
import random
import socket
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from network import CLIENTS, DNS, SCANNER, VICTIM  # noqa: E402

WEB, STREAM, FLOODED = 8080, 5004, 9000
FLOOD_RATE, FLOOD_SIZE = 2500, 1000


def report(path, **figures):
    pathlib.Path(path).write_text(json.dumps(figures), encoding="utf-8")


async def serve(path, seconds):
    counts = {"stream_packets": 0, "stream_bytes": 0, "web_bytes": 0, "connections": 0}

    async def answer(reader, writer):
        counts["connections"] += 1
        try:
            size = int((await reader.readline()).split()[1])
            writer.write(b"x" * size)
            await writer.drain()
            counts["web_bytes"] += size
        except (ValueError, IndexError, ConnectionError):
            pass
        writer.close()

    class Stream(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, source):
            counts["stream_packets"] += 1
            counts["stream_bytes"] += len(data)
            self.transport.sendto(data[:16], source)

    class Sink(asyncio.DatagramProtocol):
        def datagram_received(self, data, source):
            pass

    class Names(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, source):
            self.transport.sendto(data[:2] + b"\x81\x80" + data[4:], source)

    loop = asyncio.get_running_loop()
    await asyncio.start_server(answer, VICTIM, WEB)
    await loop.create_datagram_endpoint(Stream, local_addr=(VICTIM, STREAM))
    await loop.create_datagram_endpoint(Sink, local_addr=(VICTIM, FLOODED))
    await loop.create_datagram_endpoint(Names, local_addr=(DNS, 53))
    print("ready", flush=True)
    await asyncio.sleep(seconds)
    report(path, **counts)


async def use(path, seconds, seed):
    """Clients: short transfers, each from a port of its own, a steady stream with echoes, and names asked for."""
    generator = random.Random(seed)
    end = time.monotonic() + seconds
    figures = {"delays": [], "stream_sent": 0, "stream_bytes": 0, "web_asked": 0, "web_got": 0, "web_seconds": []}

    async def fetch(client):
        size = generator.choice([2000, 4000, 8000, 16000])
        figures["web_asked"] += size
        begin = time.monotonic()
        try:
            async with asyncio.timeout(4):
                reader, writer = await asyncio.open_connection(VICTIM, WEB, local_addr=(client, 0))
                writer.write(f"GET {size}\n".encode())
                got = await reader.read(-1)
                figures["web_got"] += len(got)
                figures["web_seconds"].append((begin, time.monotonic() - begin))
                writer.close()
        except (TimeoutError, OSError):
            pass

    async def browse(client):
        tasks = []
        while time.monotonic() < end:
            await asyncio.sleep(generator.expovariate(1.0))
            if generator.random() < 0.3:
                asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                asker.bind((client, 0))
                name = f"host{generator.randrange(40)}"
                query = struct.pack("!HHHHHH", generator.getrandbits(16), 0x100, 1, 0, 0, 0)
                query += bytes([len(name)]) + name.encode() + b"\x04test\x00\x00\x01\x00\x01"
                asker.sendto(query, (DNS, 53))
                await asyncio.sleep(0.05)
                asker.close()
            tasks.append(asyncio.create_task(fetch(client)))
        await asyncio.gather(*tasks)

    class Echo(asyncio.DatagramProtocol):
        def datagram_received(self, data, source):
            sent, = struct.unpack("!d", data[:8])
            figures["delays"].append((sent, time.monotonic() - sent))

    async def stream(client):
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            Echo, local_addr=(client, 0), remote_addr=(VICTIM, STREAM))
        while time.monotonic() < end:
            transport.sendto(struct.pack("!d", time.monotonic()) + b"s" * 392)
            figures["stream_sent"] += 1
            figures["stream_bytes"] += 400
            await asyncio.sleep(0.04)
        await asyncio.sleep(1)
        transport.close()

    await asyncio.gather(*(browse(client) for client in CLIENTS), *(stream(client) for client in CLIENTS[:3]))
    report(path, **figures)


def flood(path, seconds, seed):
    """Whole packets through a raw socket: forged sources that nobody answers."""
    generator = random.Random(seed)
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    target = socket.inet_aton(VICTIM)
    payload = b"f" * (FLOOD_SIZE - 28)
    begin = time.monotonic()
    first = time.time()
    sent = 0
    while True:
        passed = time.monotonic() - begin
        if passed >= seconds:
            break
        while sent < passed * FLOOD_RATE:
            source = struct.pack("!I", 0xC6130000 + generator.getrandbits(16))
            header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, 17, 0, source, target)
            datagram = struct.pack("!HHHH", generator.randrange(1024, 65536), FLOODED, len(payload) + 8, 0)
            raw.sendto(header + datagram + payload, (VICTIM, 0))
            sent += 1
        time.sleep(0.002)
    report(path, first=first, packets=sent, bytes=sent * FLOOD_SIZE)


def scan(path, seconds, seed):
    """Connects to port after port from one host, as a scanner without privileges does."""
    generator = random.Random(seed)
    ports = list(range(1, 20000))
    generator.shuffle(ports)
    first = time.time()
    begin = time.monotonic()
    tried = 0
    open_ones = []
    for port in ports:
        if time.monotonic() - begin >= seconds:
            break
        probe = socket.socket()
        probe.bind((SCANNER, 0))
        probe.setblocking(False)
        probe.connect_ex((VICTIM, port))
        open_ones.append(probe)
        tried += 1
        if len(open_ones) > 200:
            open_ones.pop(0).close()
        time.sleep(0.005)
    report(path, first=first, packets=tried, bytes=tried * 60)


def main():
    verb, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    if verb == "serve":
        asyncio.run(serve(path, seconds))
    elif verb == "use":
        asyncio.run(use(path, seconds, seed))
    else:
        {"flood": flood, "scan": scan}[verb](path, seconds, seed)


if __name__ == "__main__":
    main()
