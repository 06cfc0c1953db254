#!/usr/bin/env python3
"""A receiver of messages for the long tests: keeps the identifier of each, and can be killed at any moment.

usage: receiver.py tcp|tls|unix PLACE FILE [CERTIFICATES]

PLACE is a port of 127.0.0.1 or the path of a socket. TCP and TLS carry RFC 5424 with octet counting, Unix lines of EVE. FILE gets a
line for each message that came whole: its identifier and event type. A message is written down before the next bytes
are read, so what a kill loses was never acknowledged for long. Messages that cannot be read are written as `torn`.
"""

import json
import os
import re
import select
import socket
import ssl
import sys

SYSLOG = re.compile(rb'<\d+>1 \S+ \S+ \S+ \S+ (\S+) \[[^\]]*? ?id="([0-9a-f]{32})"')


def octets(buffer):
    """Whole messages at the start of a stream with octet counting, and how many bytes they take."""
    place, messages = 0, []
    while True:
        space = buffer.find(b" ", place, place + 8)
        if space < 0:
            return messages, place
        end = space + 1 + int(buffer[place:space])
        if end > len(buffer):
            return messages, place
        found = SYSLOG.match(buffer, space + 1, end)
        messages.append(found[2] + b" " + found[1] if found else b"torn " + bytes(buffer[space + 1 : space + 61]).hex().encode())
        place = end


def lines(buffer):
    place, messages = 0, []
    while True:
        end = buffer.find(b"\n", place)
        if end < 0:
            return messages, place
        try:
            event = json.loads(buffer[place:end])
            if "alert" in event:
                identifier = event["alert"]["context"]["leptonnet"]["event_id"]
            else:
                identifier = event["metadata"]["flowbits"][0].removeprefix("leptonnet.event.")
            messages.append(f"{identifier} {event['event_type']}".encode())
        except (ValueError, KeyError, IndexError):
            messages.append(b"torn " + bytes(buffer[place : place + 60]).hex().encode())
        place = end + 1


def main():
    kind, place, path = sys.argv[1:4]
    take = lines if kind == "unix" else octets
    if kind == "unix":
        if os.path.exists(place):
            os.unlink(place)
        server = socket.socket(socket.AF_UNIX)
        server.bind(place)
    else:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", int(place)))
    context = None
    if kind == "tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{sys.argv[4]}/server.pem", f"{sys.argv[4]}/server.key")
    server.listen(8)
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    # A run that was killed may have left half a line.
    os.write(log, b"\n")
    print("listening", flush=True)
    waiting = {server: None}
    while True:
        for ready in select.select(list(waiting), [], [])[0]:
            if ready is server:
                caller = server.accept()[0]
                try:
                    waiting[context.wrap_socket(caller, server_side=True) if context else caller] = bytearray()
                except (ssl.SSLError, OSError):
                    caller.close()
                continue
            buffer = waiting[ready]
            try:
                data = ready.recv(1 << 18)
                # What TLS has decrypted already no longer makes the socket readable.
                while context and data and ready.pending():
                    data += ready.recv(1 << 18)
            except OSError:
                data = b""
            if not data:
                del waiting[ready]
                ready.close()
                continue
            buffer += data
            messages, taken = take(buffer)
            if messages:
                os.write(log, b"\n".join(messages) + b"\n")
                del buffer[:taken]


main()
