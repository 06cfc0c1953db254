"""Checks an EVE log line by line: the public schema where it is present, and the rules that a schema cannot state."""

import collections
import ipaddress
import json
import re
import socket

from .community_id import ICMP, ICMPV6, community_id

LONGEST_LINE = 65_536
LARGEST_INTEGER = 2**63 - 1
TIMESTAMP = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})\.(\d{6})\+0000")
PROTOCOLS = {"ICMP": 1, "IGMP": 2, "IPv4": 4, "TCP": 6, "UDP": 17, "IPv6": 41, "RSVP": 46, "GRE": 47, "ESP": 50,
             "AH": 51, "IPv6-ICMP": 58, "EIGRP": 88, "OSPFIGP": 89, "PIM": 103, "VRRP": 112, "SCTP": 132}
WITH_PORTS = {"TCP", "UDP", "SCTP"}
ADDRESS_KEYS = {"src_ip", "dest_ip", "assigned_ip", "client_ip", "relay_ip", "next_server_ip", "requested_ip"}
APPLICATION_TYPES = {"dns", "tls", "http", "ssh", "dhcp", "quic", "smb", "dcerpc", "rdp", "ftp", "smtp", "modbus", "mqtt",
                     "snmp"}
COUNTERS = ("pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient")
# Figures of a replay's log must come from the capture alone.
FORBIDDEN_IN_REPLAY = {"memuse", "memcap", "in_iface"}


class DuplicateKey(ValueError):
    """An object names a key twice."""


def strict_object(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        counts = collections.Counter(key for key, _ in pairs)
        raise DuplicateKey(f"duplicate key {', '.join(key for key, n in counts.items() if n > 1)!r}")
    return result


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def parse_line(line):
    """One line as an object, with everything the log may not contain refused."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"line of {len(line)} bytes; at most {LONGEST_LINE}")
    if not line.endswith(b"\n"):
        raise ValueError("line without an end")
    text = line[:-1].decode("utf-8", "strict")
    if any(character < " " or character == "\x7f" for character in text):
        raise ValueError("raw control character")
    return json.loads(text, object_pairs_hook=strict_object, parse_constant=no_constant)


def microseconds(text):
    """A timestamp in microseconds since the epoch; None when it has not the form EVE wants."""
    match = TIMESTAMP.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, fraction = (int(part) for part in match.groups())
    # Days since the epoch in the proleptic Gregorian calendar, without a time library's zones.
    shifted = year - (month <= 2)
    era_day = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400
    year_day = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = era_day + year_day - 719_468
    return ((days * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000 + fraction


def walk(value, path=""):
    """Every scalar below a value, with its path and key."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from walk(member, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for member in value:
            yield from walk(member, path)
    else:
        yield path, value


class EVEChecks:
    """Checks of one log.

    `span` is the capture's first and last time in nanoseconds, None when unknown; `is_ordered` says whether its packets
    are in time order.
    """

    def __init__(self, span=None, is_ordered=True, validator=None):
        self.span = span
        self.is_ordered = is_ordered
        self.validator = validator
        self.violations = []
        self.counts = collections.Counter()
        self.flows = {}
        self.applications = []
        self.previous_stats = None

    def check(self, path):
        """Checks every line of a log; returns the violations as sentences."""
        with open(path, "rb") as log:
            for number, line in enumerate(log, 1):
                try:
                    event = parse_line(line)
                except (ValueError, UnicodeDecodeError) as error:
                    self.violations.append(f"line {number}: {error}")
                    continue
                for fault in self.faults_of(event):
                    self.violations.append(f"line {number} ({event.get('event_type')}): {fault}")
        self.check_references()
        return self.violations

    def faults_of(self, event):
        self.counts[event.get("event_type")] += 1
        if self.validator is not None:
            for error in self.validator.iter_errors(event):
                where = ".".join(str(part) for part in error.absolute_path)
                yield f"schema: {where}: {error.message[:200]}"
        yield from self.scalars(event)
        yield from self.time(event)
        yield from self.endpoints(event)
        kind = event.get("event_type")
        if kind == "flow":
            yield from self.flow(event)
        elif kind == "stats":
            yield from self.stats(event)
        elif kind in APPLICATION_TYPES:
            self.applications.append((kind, event.get("flow_id"), event.get("community_id")))
            if kind not in event:
                yield f"no object {kind!r}"

    def scalars(self, event):
        for path, value in walk(event):
            key = path.rpartition(".")[2]
            # Counters are integers; scores and expectations, which stand in an alert's open context, need not be.
            if isinstance(value, float) and not path.startswith("alert.context."):
                yield f"{path}: {value} is not an integer"
            elif isinstance(value, int) and not isinstance(value, bool):
                if abs(value) > LARGEST_INTEGER:
                    yield f"{path}: {value} is no 64-bit integer"
                if value < 0 and not path.startswith("metadata.flowints."):
                    yield f"{path}: {value} is negative"
                if key.endswith("_port") and not 0 <= value <= 65_535:
                    yield f"{path}: {value} is no port"
                if key == "vlan" and not 0 <= value <= 4_095:
                    yield f"{path}: {value} is no VLAN"
            elif isinstance(value, str) and key in ADDRESS_KEYS | {"routers", "dns_servers"}:
                yield from address(path, value)
            if key in FORBIDDEN_IN_REPLAY:
                yield f"{path}: has no place in the log of a replay"

    def time(self, event):
        text = event.get("timestamp")
        when = microseconds(text) if isinstance(text, str) else None
        if when is None:
            yield f"timestamp {text!r} has not the form of EVE"
        elif self.span and not self.span[0] // 1000 <= when <= self.span[1] // 1000:
            yield f"timestamp {text} lies outside the capture"

    def endpoints(self, event):
        if "src_ip" not in event:
            return
        protocol = event.get("proto")
        version = 6 if ":" in event["src_ip"] else 4
        if event.get("ip_v") != version:
            yield f"ip_v {event.get('ip_v')} does not fit {event['src_ip']}"
        if event["event_type"] == "anomaly":
            return
        # What ARP said is about addresses, not about a conversation.
        if event["event_type"] == "alert" and protocol is None:
            return
        if (protocol in WITH_PORTS) != ("src_port" in event and "dest_port" in event):
            yield f"ports do not fit protocol {protocol}"
        identifier = event.get("community_id")
        # An alert about what did not come, an answer for example, is about no flow record.
        flow_id = event.get("flow_id", 1 if event["event_type"] == "alert" and "flow" not in event else None)
        if not isinstance(flow_id, int) or not 0 < flow_id < 2**51:
            yield f"flow_id {flow_id} is not 1 to 2^51 - 1"
        expected = recomputed_id(event)
        if expected is None:
            yield f"protocol {protocol!r} has no number"
        elif identifier != expected:
            yield f"community_id {identifier} should be {expected}"

    def flow(self, event):
        flow = event["flow"]
        start, end = microseconds(flow["start"]), microseconds(flow["end"])
        when = microseconds(event["timestamp"])
        if start is None or end is None:
            yield "flow.start or flow.end has not the form of EVE"
            return
        if start > end:
            yield f"flow.start {flow['start']} is after flow.end {flow['end']}"
        if flow["age"] != (end - start) // 1_000_000:
            yield f"flow.age {flow['age']} is not flow.end - flow.start"
        if self.span and not (self.span[0] // 1000 <= start and end <= self.span[1] // 1000):
            yield "flow.start or flow.end lies outside the capture"
        if self.is_ordered and when is not None and when < end:
            yield f"written at {event['timestamp']}, before its own end"
        if flow["pkts_toserver"] + flow["pkts_toclient"] < 1:
            yield "a flow without packets"
        for side in ("toserver", "toclient"):
            if (flow[f"pkts_{side}"] == 0) != (flow[f"bytes_{side}"] == 0):
                yield f"packets and bytes {side} do not fit"
        if any(not isinstance(flow[counter], int) for counter in COUNTERS):
            yield "a counter is missing"
        if ("tcp" in event) != (event["proto"] == "TCP"):
            yield "the object tcp belongs to TCP and to nothing else"
        if "tcp" in event:
            yield from tcp_flags(event["tcp"])
        flow_id = event["flow_id"]
        known = self.flows.setdefault(flow_id, event["community_id"])
        if known != event["community_id"]:
            yield f"flow_id {flow_id} names two conversations"

    def stats(self, event):
        stats = event["stats"]
        decoder = stats["decoder"]
        if self.previous_stats:
            before = self.previous_stats
            for key in ("pkts", "bytes", "invalid", "ipv4", "ipv6", "tcp", "udp"):
                if decoder[key] < before["decoder"][key]:
                    yield f"stats.decoder.{key} went down"
            if stats["uptime"] < before["uptime"]:
                yield "stats.uptime went down"
        self.previous_stats = stats

    def check_references(self):
        """Records of applications belong to flows that the log has, if it has flows at all."""
        if not self.flows:
            return
        for kind, flow_id, identifier in self.applications:
            if self.flows.get(flow_id) != identifier:
                self.violations.append(f"{kind} event of flow_id {flow_id}: no flow event of the same conversation")


def address(path, value):
    try:
        canonical = str(ipaddress.ip_address(value))
    except ValueError:
        yield f"{path}: {value!r} is no address"
        return
    # An embedded IPv4 address may be printed either way (RFC 5952, section 5).
    if canonical != value and "." not in value:
        yield f"{path}: {value} should be {canonical}"


def tcp_flags(tcp):
    names = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "cwr": 128}
    bits = int(tcp["tcp_flags"], 16)
    if bits != int(tcp["tcp_flags_ts"], 16) | int(tcp["tcp_flags_tc"], 16):
        yield "tcp.tcp_flags is not the union of both directions"
    for name, bit in names.items():
        if bool(bits & bit) != (tcp.get(name) is True):
            yield f"tcp.{name} does not fit tcp_flags {tcp['tcp_flags']}"


def recomputed_id(event):
    """The Community ID that the line's own addresses, ports and types give; None for an unknown protocol."""
    name = event.get("proto", "")
    number = PROTOCOLS.get(name)
    if number is None:
        if not name.isdigit():
            try:
                number = socket.getprotobyname(name)
            except OSError:
                return None
        else:
            number = int(name)
    source, destination = event["src_ip"], event["dest_ip"]
    if number in (ICMP, ICMPV6):
        # A flow of which only the answering side was seen has its type in the response.
        if event.get("flow", {}).get("pkts_toserver") == 0 and "response_icmp_type" in event:
            return community_id(
                number, destination, source, event["response_icmp_type"], event["response_icmp_code"])
        return community_id(number, source, destination, event["icmp_type"], event["icmp_code"])
    return community_id(number, source, destination, event.get("src_port"), event.get("dest_port"))


def read_supplement(path):
    """Lines of leptonnet.json, parsed as strictly as EVE's: (number, event or error)."""
    with open(path, "rb") as log:
        for number, line in enumerate(log, 1):
            try:
                yield number, parse_line(line)
            except (ValueError, UnicodeDecodeError) as error:
                yield number, error


def load_validator(schema_path):
    """A JSON Schema validator for EVE, or None with the reason why there is none."""
    if schema_path is None:
        return None, "the public EVE schema is not here (set LEPTON_EVE_SCHEMA to its path)"
    try:
        import jsonschema
    except ImportError:
        return None, "Python's jsonschema is not installed (scripts/setup --tools)"
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    return jsonschema.Draft7Validator(schema), None
