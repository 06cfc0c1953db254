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
    "-d udp.port==8472,vxlan "
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

    headers = network_headers(frame)
    if not headers:
        return
    innermost = headers[-1]
    if innermost.offset:
        identifier = fragments.get(innermost.datagram)
        if identifier is None:
            waiting[innermost.datagram].append(length)
        else:
            add(result, identifier, length)
        return
    # Where the packet inside a tunnel names no conversation, the one between the tunnel's ends counts.
    identifier = next((found for found in map(identify, reversed(headers)) if found), None)
    if identifier is None:
        return
    # Where packets are nested, tshark's own identifier may be that of another header.
    if frame["communityid"] and len(headers) == 1 and not quotes(frame) and frame["communityid"] != identifier:
        result.disagreements.append((int(frame["frame.number"]), frame["communityid"], identifier))
    add(result, identifier, length)
    for header in headers:
        if header.is_first_fragment:
            fragments[header.datagram] = identifier
            for earlier in waiting.pop(header.datagram, ()):
                add(result, identifier, earlier)


class NetworkHeader:
    """One IP header of a frame, and the transport header above it as far as tshark found one."""

    def __init__(self, version, source, destination, protocol):
        self.version = version
        self.source = source
        self.destination = destination
        self.protocol = protocol
        # The layer with ports or types, if any, and their texts.
        self.transport = None
        self.numbers = ()
        self.offset = 0
        self.is_first_fragment = False
        self.ident = ""

    @property
    def datagram(self):
        return self.source, self.destination, self.ident


def network_headers(frame):
    """The IP headers of a frame from the outermost to the innermost, without those that ICMP errors quote."""
    seen = collections.Counter()
    headers = []

    def value(name, layer):
        values = frame[name].split(",")
        index = seen[layer] - 1
        return values[index] if index < len(values) else ""

    for layer in frame["frame.protocols"].split(":"):
        seen[layer] += 1
        if layer in ("ip", "ipv6"):
            protocol = integer(value("ip.proto" if layer == "ip" else "ipv6.nxt", layer))
            header = NetworkHeader(layer, value(f"{layer}.src", layer), value(f"{layer}.dst", layer), protocol)
            headers.append(header)
            if layer == "ip":
                header.offset = integer(value("ip.frag_offset", layer))
                header.is_first_fragment = header.offset == 0 and value("ip.flags.mf", layer) in ("1", "True")
                header.ident = value("ip.id", layer)
        elif layer == "ipv6.fraghdr":
            header = headers[-1]
            header.offset = integer(value("ipv6.fraghdr.offset", layer))
            header.is_first_fragment = header.offset == 0 and value("ipv6.fraghdr.more", layer) in ("1", "True")
            header.ident = value("ipv6.fraghdr.ident", layer)
        elif layer in PORT_LAYERS and headers:
            headers[-1].transport = layer
            headers[-1].numbers = value(f"{layer}.srcport", layer), value(f"{layer}.dstport", layer)
        elif layer in ICMP_LAYERS and headers:
            headers[-1].transport = layer
            headers[-1].numbers = value(f"{layer}.type", layer), value(f"{layer}.code", layer)
            break
    return headers


def quotes(frame):
    """Whether a frame is an ICMP error, whose quotation has addresses and ports too."""
    return "," in frame["ip.src"] or "," in frame["ipv6.src"] or bool(frame["ip.src"] and frame["ipv6.src"])


def identify(header):
    """The Community ID of a packet by one of its IP headers; None when the header of its transport is cut away."""
    if header.transport is not None:
        known = PORT_LAYERS.get(header.transport) or ICMP_LAYERS[header.transport]
        first_number, second_number = header.numbers
        if not first_number or (header.transport in PORT_LAYERS and not second_number):
            return None
        return community_id(
            known, header.source, header.destination, integer(first_number), integer(second_number))
    if header.protocol in (*PORT_LAYERS.values(), *ICMP_LAYERS.values()):
        return None
    return community_id(header.protocol, header.source, header.destination)


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
