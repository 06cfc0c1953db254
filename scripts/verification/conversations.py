"""Compares packets and bytes of every conversation in a flow log with tshark's view of the same capture."""

import collections
import json
import subprocess

from .community_id import ICMP, ICMPV6, SCTP, TCP, UDP, community_id

FIELDS = (
    "frame.number frame.len frame.time_epoch frame.protocols communityid ip.src ip.dst ip.proto ip.id ip.flags.mf ip.frag_offset "
    "ipv6.src ipv6.dst ipv6.nxt ipv6.fraghdr.ident ipv6.fraghdr.offset ipv6.fraghdr.more "
    "tcp.srcport tcp.dstport udp.srcport udp.dstport sctp.srcport sctp.dstport icmp.type icmp.code icmpv6.type "
    "icmpv6.code"
).split()

# Frames are to be counted one by one: nothing is put together across frames, and no time goes into payloads.
OPTIONS = (
    "-o ip.defragment:FALSE -o ipv6.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE "
    "-o tcp.analyze_sequence_numbers:FALSE -o udp.check_checksum:FALSE -o ip.check_checksum:FALSE "
    "--enable-protocol communityid --disable-protocol http --disable-protocol http2 --disable-protocol tls "
    "--disable-protocol ssh --disable-protocol smb --disable-protocol smb2 --disable-protocol quic"
).split()

PORT_LAYERS = {"tcp": TCP, "udp": UDP, "sctp": SCTP}
ICMP_LAYERS = {"icmp": ICMP, "icmpv6": ICMPV6}


class Conversations:
    """What a capture holds, frame by frame as tshark reads it."""

    def __init__(self):
        self.totals = collections.defaultdict(lambda: [0, 0])
        self.frames = 0
        self.bytes = 0
        self.first = None
        self.last = None
        # Whether no frame is older than the one before it.
        self.is_ordered = True
        # Frames whose Community ID is not the one computed here: (frame, tshark's, ours).
        self.disagreements = []
        # Frames of IP that belong to no conversation: later fragments whose first one is not in the capture.
        self.orphans = 0


def read_with_tshark(path):
    """Reads a capture with tshark; a damaged one gives what stands before the damage."""
    result = Conversations()
    command = ["tshark", "-r", str(path), "-n", *OPTIONS, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a"]
    for field in FIELDS:
        command += ["-e", field]
    fragments = {}
    waiting = collections.defaultdict(list)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            take_frame(result, dict(zip(FIELDS, line.rstrip("\n").split("\t"))), fragments, waiting)
    result.orphans = sum(len(frames) for frames in waiting.values())
    return result


def take_frame(result, frame, fragments, waiting):
    length = int(frame["frame.len"])
    # Seconds and nanoseconds as one integer: a double would round.
    seconds, _, fraction = frame["frame.time_epoch"].partition(".")
    time = int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0")[:9] or 0)
    result.frames += 1
    result.bytes += length
    result.is_ordered &= result.last is None or time >= result.last
    result.first = time if result.first is None else min(result.first, time)
    result.last = time if result.last is None else max(result.last, time)

    layers = frame["frame.protocols"].split(":")
    version = next((layer for layer in layers if layer in ("ip", "ipv6")), None)
    if version is None:
        return
    source, destination = first(frame[f"{version}.src"]), first(frame[f"{version}.dst"])
    if version == "ip":
        offset, more, ident = first(frame["ip.frag_offset"]), first(frame["ip.flags.mf"]), first(frame["ip.id"])
    else:
        offset, more, ident = (first(frame[f"ipv6.fraghdr.{name}"]) for name in ("offset", "more", "ident"))
    datagram = (source, destination, ident)
    if integer(offset):
        identifier = fragments.get(datagram)
        if identifier is None:
            waiting[datagram].append(length)
        else:
            add(result, identifier, length)
        return
    identifier = identify(frame, layers[layers.index(version) + 1 :], version, source, destination)
    if identifier is None:
        return
    # Where packets are nested, tshark's own identifier is that of an inner one.
    is_nested = "," in frame["ip.src"] or "," in frame["ipv6.src"] or bool(frame["ip.src"] and frame["ipv6.src"])
    if frame["communityid"] and not is_nested and frame["communityid"] != identifier:
        result.disagreements.append((int(frame["frame.number"]), frame["communityid"], identifier))
    add(result, identifier, length)
    if more in ("1", "True"):
        fragments[datagram] = identifier
        for earlier in waiting.pop(datagram, ()):
            add(result, identifier, earlier)


def identify(frame, above, version, source, destination):
    """The Community ID of a frame's outermost packet; None when the header of its transport is cut away.

    `above` are the protocols that tshark found above the network layer, in their order.
    """
    for layer in above:
        if layer in PORT_LAYERS:
            ports = [first(frame[f"{layer}.{side}port"]) for side in ("src", "dst")]
            return community_id(PORT_LAYERS[layer], source, destination, *map(int, ports)) if all(ports) else None
        if layer in ICMP_LAYERS:
            kind, code = first(frame[f"{layer}.type"]), first(frame[f"{layer}.code"])
            return community_id(ICMP_LAYERS[layer], source, destination, int(kind), integer(code)) if kind else None
        if layer in ("ip", "ipv6"):
            break
    protocol = integer(first(frame["ip.proto" if version == "ip" else "ipv6.nxt"]))
    return None if protocol in (*PORT_LAYERS.values(), *ICMP_LAYERS.values()) else community_id(
        protocol, source, destination)


def first(values):
    """The outermost of a field's values."""
    return values.partition(",")[0]


def integer(text):
    """A number as tshark prints it, decimal or hexadecimal; an empty field is zero."""
    return int(text, 0) if text else 0


def add(result, identifier, length):
    total = result.totals[identifier]
    total[0] += 1
    total[1] += length


def read_flow_log(path):
    """Packets and bytes of every conversation in an EVE log, summed over the records of its flows."""
    totals = collections.defaultdict(lambda: [0, 0])
    names = {}
    with open(path, encoding="utf-8") as log:
        for line in log:
            event = json.loads(line)
            if event["event_type"] != "flow":
                continue
            total = totals[event["community_id"]]
            flow = event["flow"]
            total[0] += flow["pkts_toserver"] + flow["pkts_toclient"]
            total[1] += flow["bytes_toserver"] + flow["bytes_toclient"]
            names[event["community_id"]] = "{} {}:{} - {}:{}".format(
                event["proto"], event["src_ip"], event.get("src_port", event.get("icmp_type", "")), event["dest_ip"],
                event.get("dest_port", event.get("icmp_code", "")))
    return totals, names


def differences(expected, actual):
    """Conversations whose figures differ: (identifier, ours, tshark's), in a fixed order."""
    for identifier in sorted(set(expected) | set(actual)):
        ours = tuple(actual.get(identifier, (0, 0)))
        theirs = tuple(expected.get(identifier, (0, 0)))
        if ours != theirs:
            yield identifier, ours, theirs
