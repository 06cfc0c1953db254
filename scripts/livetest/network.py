"""Two network namespaces joined by a veth pair, for one test run."""

import os
import subprocess


class Network:
    """The sender's side and the sensor's side. Removed when the `with` block ends."""

    def __init__(self, prefix=f"lepton-live-{os.getpid()}"):
        self.sender = f"{prefix}-a"
        self.sensor = f"{prefix}-b"
        self.sending = "lepa"
        self.sensing = "lepb"

    def __enter__(self):
        for name in (self.sender, self.sensor):
            subprocess.run(["ip", "netns", "add", name], check=True)
            self.run(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
        self.connect()
        return self

    def __exit__(self, *_):
        for name in (self.sender, self.sensor):
            subprocess.run(["ip", "netns", "del", name], check=False)

    def connect(self):
        """Makes the veth pair; what the hosts offload is switched off, so that packets are what was sent."""
        subprocess.run(
            ["ip", "link", "add", self.sending, "netns", self.sender, "type", "veth", "peer", "name", self.sensing,
             "netns", self.sensor], check=True)
        for name, device in ((self.sender, self.sending), (self.sensor, self.sensing)):
            self.run(name, "ip", "link", "set", device, "up")
            self.run(name, "ethtool", "-K", device, "gro", "off", "tso", "off", "gso", "off", "tx", "off", "rx", "off")

    def disconnect(self):
        self.run(self.sender, "ip", "link", "del", self.sending)

    def set_link(self, state):
        self.run(self.sensor, "ip", "link", "set", self.sensing, state)

    def command(self, namespace, *words):
        return ["ip", "netns", "exec", namespace, *map(str, words)]

    def run(self, namespace, *words):
        return subprocess.run(self.command(namespace, *words), check=True, capture_output=True, text=True)

    def play(self, capture, *options):
        """Sends a capture from the sender's side; returns how many packets and in how many seconds."""
        done = self.run(self.sender, "tcpreplay", "-q", "-K", "-i", self.sending, *options, capture)
        words = next(line for line in done.stdout.splitlines() if line.startswith("Actual")).split()
        return int(words[1]), float(words[words.index("seconds") - 1])

    def flood(self, program, capture, packets):
        done = self.run(self.sender, program, self.sending, capture, packets)
        sent, seconds = done.stdout.split()
        return int(sent), float(seconds)
