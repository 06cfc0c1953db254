"""Traffic without end for the long tests."""

import subprocess
import threading


class Traffic(threading.Thread):
    """Plays a load until told to stop; with `attacking` set, an attack after every eight seconds of it."""

    def __init__(self, network, load, attacks, rate):
        super().__init__(daemon=True)
        self.network, self.load, self.attacks, self.rate = network, load, attacks, rate
        self.attacking = False
        self.stopping = False
        self.sent = 0
        self.seconds = 0.0
        self.failure = None

    def play(self, *words):
        sent, seconds = self.network.play(*words)
        self.sent += sent
        self.seconds += seconds

    def run(self):
        try:
            while not self.stopping:
                self.play(self.load, "--pps", str(self.rate), "--duration", "8")
                if self.attacking and not self.stopping:
                    self.play(self.attacks, "--pps", str(self.rate), "--limit", "60000")
        except subprocess.CalledProcessError as error:
            self.failure = f"{error}: {error.stderr}"

    def stop(self):
        self.stopping = True
        self.join()


def top_rate(network, load):
    """Packets a second that tcpreplay reaches, the best of three."""
    best = 0
    for _ in range(3):
        sent, seconds = network.play(load, "--topspeed", "--limit", "400000")
        best = max(best, sent / seconds)
    return best
