"""Compares what a log says of application protocols with what tshark reads in the same capture.

Each protocol has facts: names asked for, fingerprints, shares, functions. The log writes some once a connection and
tshark all of them, so sets are compared: what either knows and the other does not is a difference.
"""

import collections
import json
import re
import subprocess

OPTIONS = "-d udp.port==8472,vxlan -o tls.desegment_ssl_records:TRUE -o tcp.desegment_tcp_streams:TRUE".split()
# Between the occurrences of a field: nothing that stands in one.
BETWEEN = "\x1e"
# [MS-SMB2] 2.2.1, by Suricata's names.
SMB2_COMMANDS = (
    "NEGOTIATE_PROTOCOL SESSION_SETUP SESSION_LOGOFF TREE_CONNECT TREE_DISCONNECT CREATE CLOSE FLUSH READ WRITE LOCK "
    "IOCTL CANCEL KEEPALIVE FIND CHANGE_NOTIFY GET_INFO SET_INFO OPLOCK_BREAK"
).split()
# [MS-CIFS] 2.2.2.1, in the same words.
SMB1_COMMANDS = {0x72: "NEGOTIATE_PROTOCOL", 0x73: "SESSION_SETUP_ANDX", 0x75: "TREE_CONNECT_ANDX", 0x25: "TRANS",
                 0x2e: "READ_ANDX", 0x2f: "WRITE_ANDX", 0x32: "TRANS2", 0xa2: "NT_CREATE_ANDX", 0x04: "CLOSE"}
S7_KINDS = {1: "job", 7: "userdata"}


class Frame:
    """The fields of a frame that tshark has."""

    def __init__(self, names, line):
        self.values = dict(zip(names, line.rstrip("\n").split("\t")))

    def all(self, name):
        """Every occurrence of a field."""
        text = self.values.get(name, "")
        return text.split(BETWEEN) if text else []

    def integers(self, name):
        return [int(value, 0) for value in self.all(name)]

    def is_true(self, name):
        return any(value in ("1", "True") for value in self.all(name))


def plain(name):
    """A name with one mark for each run of bytes that are no text: every program prints those in a way of its own."""
    return re.sub(r"(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|[^\x21-\x7e])+", "?", name.lower())


def dns_frame(frame):
    direction = "answer" if frame.is_true("dns.flags.response") else "query"
    for name, kind in zip(frame.all("dns.qry.name"), frame.integers("dns.qry.type")):
        yield frame.transport, direction, "" if name == "<Root>" else plain(name), kind


def dns_event(event):
    dns = event["dns"]
    if "rrname" in dns:
        kind = dns["rrtype"]
        yield event["proto"], dns["type"], plain(dns["rrname"]), DNS_TYPES.get(kind) or int(kind.removeprefix("TYPE"))


# IANA, Domain Name System Parameters, Resource Record TYPEs.
DNS_TYPES = {
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "NULL": 10, "WKS": 11, "PTR": 12, "HINFO": 13, "MINFO": 14, "MX": 15, "TXT": 16,
    "RP": 17, "AFSDB": 18, "SIG": 24, "KEY": 25, "AAAA": 28, "LOC": 29, "SRV": 33, "NAPTR": 35, "KX": 36, "CERT": 37,
    "DNAME": 39, "OPT": 41, "APL": 42, "DS": 43, "SSHFP": 44, "IPSECKEY": 45, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48,
    "DHCID": 49, "NSEC3": 50, "NSEC3PARAM": 51, "TLSA": 52, "SMIMEA": 53, "HIP": 55, "CDS": 59, "CDNSKEY": 60,
    "OPENPGPKEY": 61, "CSYNC": 62, "ZONEMD": 63, "SVCB": 64, "HTTPS": 65, "SPF": 99, "EUI48": 108, "EUI64": 109,
    "TKEY": 249, "TSIG": 250, "IXFR": 251, "AXFR": 252, "ANY": 255, "URI": 256, "CAA": 257,
}


def hello_frame(frame):
    # Suricata writes a QUIC connection as `quic`, everything else as `tls`.
    return "quic" if "quic" in frame.values["frame.protocols"].split(":") else "tls"


def tls_frame(frame):
    if hello_frame(frame) != "tls":
        return
    for name in frame.all("tls.handshake.extensions_server_name"):
        yield "sni", name
    for digest in frame.all("tls.handshake.ja3"):
        yield "ja3", digest
    for digest in frame.all("tls.handshake.ja3s"):
        yield "ja3s", digest


def tls_event(event):
    tls = event["tls"]
    if "sni" in tls:
        yield "sni", tls["sni"]
    for key in ("ja3", "ja3s"):
        if key in tls:
            yield key, tls[key]["hash"]


def quic_frame(frame):
    if hello_frame(frame) != "quic":
        return
    for name in frame.all("tls.handshake.extensions_server_name"):
        yield "sni", name
    for digest in frame.all("tls.handshake.ja3"):
        yield "ja3", digest


def quic_event(event):
    quic = event["quic"]
    if "sni" in quic:
        yield "sni", quic["sni"]
    if "ja3" in quic:
        yield "ja3", quic["ja3"]["hash"]


def http_frame(frame):
    for method in frame.all("http.request.method"):
        yield "method", method
    for host in frame.all("http.host"):
        yield "host", host
    for path in frame.all("http.request.uri"):
        yield "path", path
    for code in frame.integers("http.response.code"):
        yield "status", code


def http_event(event):
    http = event["http"]
    for key, ours in (("method", "http_method"), ("host", "hostname"), ("path", "url"), ("status", "status")):
        if ours in http:
            yield key, http[ours]


def ssh_frame(frame):
    # "SSH-2.0-software comments" (RFC 4253, section 4.2).
    for banner in frame.all("ssh.protocol"):
        yield tuple(banner.strip().split(" ")[0].split("-", 2)[1:])


def ssh_event(event):
    for side in event["ssh"].values():
        yield side["proto_version"], side["software_version"]


def dhcp_frame(frame):
    for kind in frame.integers("dhcp.option.dhcp"):
        yield from ((kind, number) for number in frame.integers("dhcp.id"))


DHCP_TYPES = "discover offer request decline ack nak release inform".split()


def dhcp_event(event):
    dhcp = event["dhcp"]
    if "dhcp_type" in dhcp:
        yield DHCP_TYPES.index(dhcp["dhcp_type"]) + 1, dhcp["id"]


def smb_frame(frame):
    is_response = frame.all("smb2.flags.response")
    for index, command in enumerate(frame.integers("smb2.cmd")):
        yield "command", SMB2_COMMANDS[command]
        if command == 5 and not (index < len(is_response) and is_response[index] in ("1", "True")):
            for name in frame.all("smb2.filename"):
                yield "name", name
    for share in frame.all("smb2.tree"):
        yield "share", share
    # The second command of a frame of SMB 1 says what follows the first: 0xff for nothing.
    old = frame.integers("smb.cmd")[:1]
    for command in old:
        yield "old command", SMB1_COMMANDS.get(command, "OTHER")
    for share in frame.all("smb.path"):
        yield "share", share
    if 0xa2 in old and not frame.is_true("smb.flags.response"):
        for name in frame.all("smb.file"):
            yield "name", name


def smb_event(event):
    smb = event["smb"]
    if smb["command"].startswith("SMB2_COMMAND_"):
        yield "command", smb["command"].removeprefix("SMB2_COMMAND_")
    if smb["command"].startswith("SMB1_COMMAND_"):
        yield "old command", smb["command"].removeprefix("SMB1_COMMAND_")
    if "share" in smb:
        yield "share", smb["share"]
    for key in ("filename", "named_pipe"):
        if key in smb:
            yield "name", smb[key]


def rpc_frame(frame):
    for identifier in frame.all("dcerpc.cn_bind_to_uuid"):
        yield "interface", identifier
    for number in frame.integers("dcerpc.opnum"):
        yield "operation", number


def rpc_event(event):
    rpc = event["smb"].get("dcerpc", {}) if event["event_type"] == "smb" else event["dcerpc"]
    for interface in rpc.get("interfaces", ()):
        yield "interface", interface["uuid"]
    number = rpc.get("opnum", rpc["req"].get("opnum") if isinstance(rpc.get("req"), dict) else None)
    if number is not None:
        yield "operation", number


def rdp_frame(frame):
    for cookie in frame.all("rdp.rt_cookie"):
        yield "cookie", cookie.rpartition("=")[2]
    for offered in frame.integers("rdp.negReq.requestedProtocols"):
        yield "offered", offered


def rdp_event(event):
    if "cookie" in event:
        yield "cookie", event["cookie"]
    if "requested_protocols" in event:
        yield "offered", event["requested_protocols"]


def ftp_frame(frame):
    arguments = frame.all("ftp.request.arg")
    for command in frame.all("ftp.request.command"):
        argument = arguments[0] if arguments and command.upper() not in ("PASS", "ACCT") else ""
        yield command.upper(), argument


def ftp_event(event):
    ftp = event["ftp"]
    if "command" in ftp:
        yield ftp["command"], ftp.get("command_data", "")


def smtp_frame(frame):
    for command, parameter in zip(frame.all("smtp.req.command"), frame.all("smtp.req.parameter")):
        if command.lower() in ("ehlo", "helo"):
            yield "helo", parameter
        if command.lower() in ("mail", "rcpt"):
            yield command.lower(), parameter.partition(":")[2].strip().split(" ")[0]


def smtp_event(event):
    smtp = event["smtp"]
    if "helo" in smtp:
        yield "helo", smtp["helo"]
    if "mail_from" in smtp:
        yield "mail", smtp["mail_from"]
    for recipient in smtp.get("rcpt_to", ()):
        yield "rcpt", recipient


def modbus_frame(frame):
    units = frame.integers("mbtcp.unit_id")
    for unit, function in zip(units, frame.integers("modbus.func_code")):
        yield "function", unit, function
        for code in frame.integers("modbus.exception_code"):
            yield "exception", unit, function, code


def modbus_event(event):
    for side in ("request", "response"):
        message = event["modbus"].get(side)
        if message:
            yield "function", message["unit_id"], message["function_raw"]
            if "exception" in message:
                yield "exception", message["unit_id"], message["function_raw"], message["exception"]["raw"]


def s7_frame(frame):
    for kind in frame.integers("s7comm.header.rosctr"):
        if kind in S7_KINDS:
            yield "kind", S7_KINDS[kind]
            for function in frame.integers("s7comm.param.func"):
                yield "function", function


def s7_event(event):
    yield "kind", event["kind"]
    if "function" in event:
        yield "function", event["function"]


def mqtt_frame(frame):
    for key, field in (("client", "mqtt.clientid"), ("user", "mqtt.username")):
        for value in frame.all(field):
            yield key, value
    if 8 in frame.integers("mqtt.msgtype"):
        for topic in frame.all("mqtt.topic"):
            yield "subscribed", topic


def mqtt_event(event):
    mqtt = event["mqtt"]
    if "connect" in mqtt:
        for key, ours in (("client", "client_id"), ("user", "username")):
            if mqtt["connect"].get(ours):
                yield key, mqtt["connect"][ours]
    for topic in mqtt.get("subscribe", {}).get("topics", ()):
        yield "subscribed", topic["topic"]


def snmp_frame(frame):
    for community in frame.all("snmp.community"):
        yield "community", community
    for user in frame.all("snmp.msgUserName"):
        if user:
            yield "user", user


def snmp_event(event):
    if "community" in event["snmp"]:
        yield "community", event["snmp"]["community"]
    if event["snmp"].get("usm"):
        yield "user", event["snmp"]["usm"]


# Protocol: what tells its frames, the fields needed, facts of a frame, event types, facts of an event.
PROTOCOLS = {
    "dns": ("dns or mdns or llmnr", "dns.flags.response dns.qry.name dns.qry.type", dns_frame, ("dns", "mdns", "llmnr"), dns_event),
    "tls": ("tls.handshake", "tls.handshake.extensions_server_name tls.handshake.ja3 tls.handshake.ja3s", tls_frame,
            ("tls",), tls_event),
    "quic": ("quic", "", quic_frame, ("quic",), quic_event),
    "http": ("http", "http.request.method http.host http.request.uri http.response.code", http_frame, ("http",),
             http_event),
    "ssh": ("ssh.protocol", "ssh.protocol", ssh_frame, ("ssh",), ssh_event),
    "dhcp": ("dhcp", "dhcp.option.dhcp dhcp.id", dhcp_frame, ("dhcp",), dhcp_event),
    "smb": ("smb or smb2", "smb.cmd smb.flags.response smb.path smb.file "
            "smb2.cmd smb2.flags.response smb2.tree smb2.filename", smb_frame, ("smb",), smb_event),
    "dcerpc": ("dcerpc", "dcerpc.cn_bind_to_uuid dcerpc.opnum", rpc_frame, ("smb", "dcerpc"), rpc_event),
    "rdp": ("rdp", "rdp.rt_cookie rdp.negReq.requestedProtocols", rdp_frame, ("rdp",), rdp_event),
    "ftp": ("ftp", "ftp.request.command ftp.request.arg", ftp_frame, ("ftp",), ftp_event),
    "smtp": ("smtp", "smtp.req.command smtp.req.parameter", smtp_frame, ("smtp",), smtp_event),
    "modbus": ("modbus", "mbtcp.unit_id modbus.func_code modbus.exception_code", modbus_frame, ("modbus",), modbus_event),
    "s7comm": ("s7comm", "s7comm.header.rosctr s7comm.param.func", s7_frame, ("s7comm",), s7_event),
    "mqtt": ("mqtt", "mqtt.msgtype mqtt.clientid mqtt.username mqtt.topic", mqtt_frame, ("mqtt",), mqtt_event),
    "snmp": ("snmp", "snmp.community snmp.msgUserName", snmp_frame, ("snmp",), snmp_event),
}
# Of these the file beside EVE has the fields that are compared.
BESIDE = ("rdp", "s7comm")


def read_with_tshark(path):
    """Facts of each protocol, as tshark reads a capture."""
    names = ["frame.protocols"] + sorted({name for entry in PROTOCOLS.values() for name in entry[1].split()})
    command = ["tshark", "-r", str(path), "-n", *OPTIONS, "-Y", " or ".join(f"({entry[0]})" for entry in PROTOCOLS.values())]
    command += ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", f"aggregator={BETWEEN}"]
    for name in names:
        command += ["-e", name]
    facts = collections.defaultdict(set)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            frame = Frame(names, line)
            frame.transport = "TCP" if "tcp" in frame.values["frame.protocols"].split(":") else "UDP"
            for protocol, (_, _, of_frame, _, _) in PROTOCOLS.items():
                facts[protocol].update(of_frame(frame))
    return facts


def read_logs(folder):
    """The same facts, as the logs have them."""
    facts = collections.defaultdict(set)
    for log, is_beside in (("eve.json", False), ("leptonnet.json", True)):
        with open(folder / log, encoding="utf-8") as lines:
            for line in lines:
                event = json.loads(line)
                for protocol, (_, _, _, types, of_event) in PROTOCOLS.items():
                    if event["event_type"] in types and (protocol in BESIDE) == is_beside:
                        facts[protocol].update(of_event(event))
    return facts


def differences(theirs, ours):
    """What only one side knows: (protocol, who, fact), in a fixed order."""
    for protocol in PROTOCOLS:
        for fact in sorted(theirs[protocol] - ours[protocol], key=str):
            yield protocol, "tshark", fact
        for fact in sorted(ours[protocol] - theirs[protocol], key=str):
            yield protocol, "leptonnet", fact
