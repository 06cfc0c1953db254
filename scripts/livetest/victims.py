"""Receivers that are killed and started again while they receive."""

import collections
import pathlib
import random
import subprocess
import sys
import threading
import time

RECEIVER = pathlib.Path(__file__).with_name("receiver.py")


class Victim(threading.Thread):
    """A receiver in the sensor's namespace; from `begin` to `spare` it is killed with SIGKILL at random moments, stays away for
    some seconds and comes back."""

    def __init__(self, network, kind, place, file, seed, certificates=None):
        super().__init__(daemon=True)
        self.words = network.command(
            network.sensor, sys.executable, RECEIVER, kind, place, file, *([certificates] if certificates else []))
        self.file = pathlib.Path(file)
        self.generator = random.Random(seed)
        self.sparing = threading.Event()
        self.kills = 0
        self.process = self.launch()

    def launch(self):
        process = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if not process.stdout.readline():
            raise RuntimeError(f"a receiver did not start: {self.words}")
        return process

    def run(self):
        while not self.sparing.wait(self.generator.uniform(8, 25)):
            self.process.kill()
            self.process.wait()
            self.kills += 1
            # Also when it is spared meanwhile, it comes back.
            self.sparing.wait(self.generator.uniform(1, 12))
            self.process = self.launch()

    def spare(self):
        """Kills it no more."""
        self.sparing.set()
        if self.is_alive():
            self.join()

    def end(self):
        self.process.terminate()
        self.process.wait()

    def received(self):
        """How often each identifier of an alert came, all identifiers, and messages that could not be read."""
        alerts, others, torn = collections.Counter(), 0, 0
        with open(self.file, encoding="ascii", errors="replace") as lines:
            for line in lines:
                identifier, _, kind = line.strip().partition(" ")
                if identifier == "torn":
                    torn += 1
                elif kind == "alert" and len(identifier) == 32:
                    alerts[identifier] += 1
                elif kind:
                    others += 1
        return alerts, others, torn
