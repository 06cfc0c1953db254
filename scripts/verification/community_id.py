"""Community ID version 1, written from its specification (Corelight, community-id-spec) with the standard library only.

It shares nothing with the Swift implementation, so that each can judge the other.
"""

import base64
import functools
import hashlib
import ipaddress
import struct

ICMP, TCP, UDP, ICMPV6, SCTP = 1, 6, 17, 58, 132

# Types that come in pairs: request and answer.
PARTNERS = {
    ICMP: {8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 10: 9, 9: 10, 17: 18, 18: 17},
    ICMPV6: {128: 129, 129: 128, 130: 131, 131: 130, 133: 134, 134: 133, 135: 136, 136: 135, 139: 140, 140: 139,
             144: 145, 145: 144},
}


@functools.lru_cache(maxsize=1 << 18)
def community_id(protocol, source, destination, source_port=None, destination_port=None, seed=0):
    """The identifier of a packet's flow. Addresses are text; for ICMP the ports are type and code."""
    first = ipaddress.ip_address(source).packed
    second = ipaddress.ip_address(destination).packed
    ordered = True
    if protocol in PARTNERS:
        partner = PARTNERS[protocol].get(source_port)
        if partner is None:
            ordered = False
        else:
            destination_port = partner
    if source_port is None or destination_port is None:
        source_port = destination_port = None
    if ordered and (first, source_port or 0) > (second, destination_port or 0):
        first, second = second, first
        source_port, destination_port = destination_port, source_port
    message = struct.pack("!H", seed) + first + second + struct.pack("!BB", protocol, 0)
    if source_port is not None:
        message += struct.pack("!HH", source_port, destination_port)
    return "1:" + base64.b64encode(hashlib.sha1(message).digest()).decode()
