#!/usr/bin/env python3
"""Sends and receives the testbed's traffic: real sockets that play one simulated trace.

usage: traffic.py send TRACE START OUT      in the senders' namespace
       traffic.py receive TRACE START OUT   in the receivers' namespace
       traffic.py measure TRACE FOLDER POLICY

`send` and `receive` end by themselves a few seconds after the trace does. `measure` turns what they wrote into one
result: latency (one way, byte-weighted, with the propagation that the trace names), loss, utilisation.

Voice and video are RTP-like UDP of constant rate, video on for 1.8 of every 4 seconds; web, bulk and backup are TCP
(CUBIC) that carries a given number of bytes; attacks are UDP floods. One-way delay of UDP is the kernel's receive stamp
less the stamp in the payload, both of one clock; of TCP it is what the kernel's round trip exceeds the idle one by.
"""

import heapq
import json
import os
import selectors
import socket
import struct
import sys
import time
import traceback

HEADER = struct.Struct("<IIQ")  # flow, sequence number, nanoseconds since 1970
SO_RCVBUFFORCE, SO_TIMESTAMPNS = 33, 35
TCP_INFO, TCP_CONGESTION = 11, 13
PACKET = {"voice": 225, "video": 1250, "attack": 1250}
UDP_OVERHEAD = 28
VIDEO_ON, VIDEO_PERIOD = 1.8, 4.0
GRACE = 3.0
WEB, BULK = 8080, 5201


def wait_until(moment):
    left = moment - time.time()
    if left > 0:
        time.sleep(left)


def quantile(values, share):
    """The smallest (value, weight) pair's value at which `share` of the weight is reached."""
    values = sorted(values)
    total, goal = 0.0, share * sum(weight for _, weight in values)
    for value, weight in values:
        total += weight
        if total >= goal:
            return value
    return float("nan")


# --- senders


def send_datagrams(trace, start, out):
    flows = trace["flows"]
    events, sockets, sent, late = [], {}, {}, []
    padding = {kind: bytes(size - UDP_OVERHEAD - HEADER.size) for kind, size in PACKET.items()}
    for index, flow in enumerate(flows):
        if flow["kind"] in PACKET:
            # Flows of one rate that start together would otherwise send in step.
            gap = 8 * PACKET[flow["kind"]] / flow["amount"]
            heapq.heappush(events, (flow["start"] + gap * (index * 0.618 % 1), index, 0))
    while events and events[0][0] < trace["seconds"]:
        due, index, sequence = heapq.heappop(events)
        flow = flows[index]
        if due >= (flow.get("end") or float("inf")):
            if index in sockets:
                sockets.pop(index).close()
            continue
        now = time.time() - start
        if due > now:
            time.sleep(due - now)
        else:
            late.append(now - due)
        kind = flow["kind"]
        if kind != "video" or (due + flow["phase"]) % VIDEO_PERIOD < VIDEO_ON:
            if index not in sockets:
                sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                sender.setblocking(False)
                sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
                sender.bind((flow["source"], flow["source_port"]))
                sender.connect((flow["destination"], flow["destination_port"]))
                sockets[index] = sender
            try:
                sockets[index].send(HEADER.pack(index, sequence, time.time_ns()) + padding[kind])
            except OSError:
                pass  # counted as sent and so as lost, as by a full queue of the sender's own
            sequence += 1
            sent[kind] = sent.get(kind, 0) + PACKET[kind]
        heapq.heappush(events, (due + 8 * PACKET[kind] / flow["amount"], index, sequence))
    late.sort()
    result = {"sent": sent, "late_ms": 1e3 * late[int(0.99 * len(late))] if late else 0}
    json.dump(result, open(out + ".udp", "w"))


class Transfer:
    """One TCP flow: so many bytes, then an answer of one byte."""

    def __init__(self, flow, start):
        self.kind = "web" if flow["kind"] == "web" else "bulk"
        self.left = int(flow["amount"])
        self.began = time.time()
        self.acknowledged = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, b"cubic")
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 19)
        self.socket.bind((flow["source"], flow["source_port"]))
        self.greeting = struct.pack("<I", self.left)
        self.connected = False
        try:
            self.socket.connect((flow["destination"], flow["destination_port"]))
        except BlockingIOError:
            pass

    def information(self):
        raw = self.socket.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 232)
        (trip,) = struct.unpack_from("<I", raw, 68)
        (acknowledged,) = struct.unpack_from("<Q", raw, 120)
        sent, repeated = struct.unpack_from("<QQ", raw, 200)
        return trip / 1e3, acknowledged, sent, repeated


def send_streams(trace, start, out):
    waiting = [flow for flow in trace["flows"] if flow["kind"] not in PACKET]
    waiting.reverse()
    selector, alive = selectors.DefaultSelector(), set()
    block = bytes(1 << 16)
    result = {"trips": [], "web": [], "sent": 0, "repeated": 0, "web_failed": 0}
    next_sample = 0.2

    def sample(transfer):
        trip, acknowledged, _, _ = transfer.information()
        if acknowledged > transfer.acknowledged:
            result["trips"].append((trip, acknowledged - transfer.acknowledged, transfer.kind))
            transfer.acknowledged = acknowledged

    def finish(transfer, completed):
        try:
            sample(transfer)
            _, _, sent, repeated = transfer.information()
            result["sent"] += sent
            result["repeated"] += repeated
        except OSError:
            pass
        if transfer.kind == "web":
            if completed:
                result["web"].append(1e3 * (time.time() - transfer.began))
            else:
                result["web_failed"] += 1
        selector.unregister(transfer.socket)
        transfer.socket.close()
        alive.discard(transfer)

    while True:
        now = time.time() - start
        if now >= trace["seconds"] + 0.5:
            break
        while waiting and waiting[-1]["start"] <= now and now < trace["seconds"]:
            transfer = Transfer(waiting.pop(), start)
            alive.add(transfer)
            selector.register(transfer.socket, selectors.EVENT_WRITE, transfer)
        if now >= next_sample:
            next_sample += 0.1
            for transfer in alive:
                if transfer.connected:
                    sample(transfer)
        pause = min(next_sample, waiting[-1]["start"] if waiting else next_sample) - now
        for key, mask in selector.select(max(0.0005, pause)):
            transfer = key.data
            try:
                if mask & selectors.EVENT_WRITE:
                    if not transfer.connected:
                        error = transfer.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                        if error:
                            raise OSError(error, "connect")
                        transfer.connected = True
                        transfer.socket.send(transfer.greeting)
                    if transfer.left > 0:
                        transfer.left -= transfer.socket.send(block[: min(transfer.left, len(block))])
                    if transfer.left <= 0:
                        selector.modify(transfer.socket, selectors.EVENT_READ, transfer)
                elif transfer.socket.recv(1):
                    finish(transfer, True)
                else:
                    finish(transfer, False)
            except BlockingIOError:
                continue
            except OSError:
                finish(transfer, False)
    for transfer in list(alive):
        # A page that is still on its way has taken so long already; leaving it out would reward being slow.
        if transfer.kind == "web":
            result["web"].append(1e3 * (time.time() - transfer.began))
            transfer.kind = "bulk"
        finish(transfer, True)
    json.dump(result, open(out + ".tcp", "w"))


# --- receivers


def receive_datagrams(trace, start, out, kind, port):
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    receiver.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    receiver.bind(("0.0.0.0", port))
    receiver.settimeout(0.2)
    delays, received = [], 0
    while time.time() < start + trace["seconds"] + 1:
        try:
            data, extra, _, _ = receiver.recvmsg(2048, 64)
        except socket.timeout:
            continue
        _, _, stamp = HEADER.unpack_from(data)
        seconds, nanoseconds = struct.unpack("qq", extra[0][2][:16])
        delays.append((seconds * 10**9 + nanoseconds - stamp) / 1e6)
        received += len(data) + UDP_OVERHEAD
    json.dump({"delays": delays, "received": received}, open(f"{out}.{kind}", "w"))


def receive_streams(trace, start, out):
    selector, received = selectors.DefaultSelector(), {WEB: 0, BULK: 0}
    listeners = {}
    for port in received:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("0.0.0.0", port))
        listener.listen(512)
        listener.setblocking(False)
        listeners[listener] = port
        selector.register(listener, selectors.EVENT_READ, None)
    buffer = bytearray(1 << 17)
    while time.time() < start + trace["seconds"] + 1:
        for key, _ in selector.select(0.2):
            if key.data is None:
                try:
                    connection, _ = key.fileobj.accept()
                except OSError:
                    continue
                connection.setblocking(False)
                state = {"port": listeners[key.fileobj], "left": None, "got": 0}
                selector.register(connection, selectors.EVENT_READ, state)
                continue
            connection, state = key.fileobj, key.data
            try:
                if state["left"] is None:
                    greeting = connection.recv(4)
                    if len(greeting) < 4:
                        raise OSError("no greeting")
                    state["left"] = struct.unpack("<I", greeting)[0]
                    continue
                count = connection.recv_into(buffer)
                if not count:
                    raise OSError("closed")
                if time.time() < start + trace["seconds"]:
                    received[state["port"]] += count
                state["left"] -= count
                if state["left"] <= 0:
                    connection.send(b"k")
                    selector.unregister(connection)
                    connection.close()
            except BlockingIOError:
                continue
            except OSError:
                selector.unregister(connection)
                connection.close()
    json.dump({"web": received[WEB], "bulk": received[BULK]}, open(out + ".sink", "w"))


# --- measurement


def measure(trace, folder, policy):
    def read(suffix):
        return json.load(open(f"{folder}/{policy}.{suffix}"))

    udp, tcp, sink = read("send.udp"), read("send.tcp"), read("receive.sink")
    video, voice, flood = read("receive.video"), read("receive.voice"), read("flood")
    propagation = 1e3 * trace["propagation"]
    delays = [(delay + propagation, PACKET["voice"]) for delay in voice["delays"]]
    delays += [(delay + propagation, PACKET["video"]) for delay in video["delays"]]
    real_time = sum(value * weight for value, weight in delays) / max(1, sum(weight for _, weight in delays))
    tail = quantile(delays, 0.99)
    delays += [(max(propagation, trip - propagation), weight) for trip, weight, _ in tcp["trips"]]
    weight = sum(weight for _, weight in delays)
    sent = {kind: udp["sent"].get(kind, 0) for kind in PACKET}
    lost_real_time = sent["voice"] + sent["video"] - voice["received"] - video["received"]
    offered = sent["voice"] + sent["video"] + tcp["sent"]
    delivered = voice["received"] + video["received"] + sink["web"] + sink["bulk"]
    capacity = sum(map(sum, trace["capacity"])) * trace["interval"] / 8
    return {
        "policy": policy,
        "seed": trace["seed"],
        "seconds": trace["seconds"],
        "mean_latency": sum(value * weight for value, weight in delays) / max(1, weight),
        "real_time_latency": real_time,
        "real_time_latency99": tail,
        "legitimate_loss": 100 * (lost_real_time + tcp["repeated"]) / max(1, offered),
        "real_time_loss": 100 * lost_real_time / max(1, sent["voice"] + sent["video"]),
        "useful_utilisation": 100 * delivered / capacity,
        "web_completion_time": sum(tcp["web"]) / max(1, len(tcp["web"])),
        "web_completion_time99": quantile([(value, 1) for value in tcp["web"]], 0.99),
        "attack_bytes_passed": 100 * flood["bytes"] / sent["attack"] if sent["attack"] else None,
        "web_flows": len(tcp["web"]),
        "web_failed": tcp["web_failed"],
        "sender_late_ms": udp["late_ms"],
    }


def fork_all(jobs):
    """Runs each job in a process of its own; one that fails makes this one fail."""
    children = []
    for job, arguments in jobs:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                job(*arguments)
                status = 0
            except Exception:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        children.append(child)
    failed = [child for child in children if os.waitpid(child, 0)[1] != 0]
    sys.exit(1 if failed else 0)


def main():
    role, trace = sys.argv[1], json.load(open(sys.argv[2]))
    if role == "measure":
        folder, policy = sys.argv[3:5]
        print(json.dumps(measure(trace, folder, policy), indent=1, sort_keys=True))
        return
    start, out = float(sys.argv[3]), sys.argv[4]
    if role == "send":
        wait_until(start - 0.05)
        fork_all([(send_datagrams, (trace, start, out)), (send_streams, (trace, start, out))])
    fork_all(
        [
            (receive_datagrams, (trace, start, out, "voice", 5060)),
            (receive_datagrams, (trace, start, out, "video", 5004)),
            (receive_streams, (trace, start, out)),
        ]
    )


if __name__ == "__main__":
    main()
