"""A small site in network namespaces: outside hosts, a router with the appliance, a victim behind a narrow link."""

import os
import subprocess

OUTSIDE, INSIDE = "198.18.0", "10.77.1"
VICTIM, DNS, GATEWAY, MANAGER, SCANNER = f"{INSIDE}.2", f"{INSIDE}.53", f"{OUTSIDE}.1", f"{OUTSIDE}.10", f"{OUTSIDE}.66"
CLIENTS = [f"{OUTSIDE}.{number}" for number in range(20, 28)]
RATE = "8mbit"


class Site:
    """Three namespaces. Removed when the `with` block ends."""

    def __init__(self):
        tag = f"lcl{os.getpid()}"
        self.outside, self.router, self.inside = (f"{tag}-{part}" for part in ("o", "r", "i"))

    def __enter__(self):
        try:
            self.make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in (self.outside, self.router, self.inside):
            subprocess.run(["ip", "netns", "del", name], check=False, stderr=subprocess.DEVNULL)

    def make(self):
        for name in (self.outside, self.router, self.inside):
            subprocess.run(["ip", "netns", "add", name], check=True)
            self.run(name, "ip", "link", "set", "lo", "up")
            self.run(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1",
                     "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0")
        self.pair(self.outside, "o0", self.router, "r0")
        self.pair(self.router, "r1", self.inside, "i0")
        for address in [MANAGER, SCANNER, *CLIENTS]:
            self.run(self.outside, "ip", "address", "add", f"{address}/24", "dev", "o0")
        self.run(self.router, "ip", "address", "add", f"{GATEWAY}/24", "dev", "r0")
        self.run(self.router, "ip", "address", "add", f"{INSIDE}.1/24", "dev", "r1")
        for address in (VICTIM, DNS):
            self.run(self.inside, "ip", "address", "add", f"{address}/24", "dev", "i0")
        self.run(self.outside, "ip", "route", "add", f"{INSIDE}.0/24", "via", GATEWAY)
        self.run(self.inside, "ip", "route", "add", "default", "via", f"{INSIDE}.1")
        self.run(self.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        # Forged sources: answers to them go nowhere.
        self.run(self.router, "ip", "route", "add", "blackhole", "198.19.0.0/16")
        # The narrow link, with the buffer of a cheap modem.
        self.run(self.router, "tc", "qdisc", "add", "dev", "r1", "root", "tbf", "rate", RATE, "burst", "16kb",
                 "latency", "200ms")

    def pair(self, left, one, right, other):
        subprocess.run(["ip", "link", "add", one, "netns", left, "type", "veth", "peer", "name", other, "netns", right],
                       check=True)
        for name, device in ((left, one), (right, other)):
            # The same in every run: an address that moves to other hardware is an alert of its own.
            address = "02:00:00:00:00:" + {"o0": "01", "r0": "02", "r1": "03", "i0": "04"}[device]
            self.run(name, "ip", "link", "set", device, "address", address)
            self.run(name, "ip", "link", "set", device, "up")
            self.run(name, "ethtool", "-K", device, "gro", "off", "tso", "off", "gso", "off", "tx", "off", "rx", "off")

    def command(self, namespace, *words):
        return ["ip", "netns", "exec", namespace, *map(str, words)]

    def run(self, namespace, *words):
        return subprocess.run(self.command(namespace, *words), check=True, capture_output=True, text=True)

    def state(self):
        """What the router's firewall and queues are, without their counters."""
        rules = self.run(self.router, "nft", "list", "ruleset").stdout
        queues = self.run(self.router, "tc", "qdisc", "show").stdout
        return rules + queues
