"""A running `leptonnet live`, and a running tcpdump beside it."""

import json
import os
import pathlib
import signal
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")


class Running:
    """A program in the sensor's namespace, started when it says so and stopped by a signal."""

    # What its standard output is for: None for words of the program, as on standard error.
    output = subprocess.DEVNULL

    def __init__(self, network, words, ready, log):
        self.log = pathlib.Path(log)
        with open(self.log, "wb") as errors:
            self.process = subprocess.Popen(
                network.command(network.sensor, *words), stdout=self.output or errors, stderr=errors)
        deadline = time.monotonic() + 120
        while ready not in self.words():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{words[0]} did not start: {self.words()}")
            time.sleep(0.05)

    def words(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def cpu(self):
        """Seconds of processor time so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self):
        """Bytes in memory."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """Ends the program in an orderly way; returns its status and how many seconds it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=60)
        return status, time.monotonic() - begin


class Sensor(Running):
    def __init__(self, network, program, folder, *options, interface=True):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.program = program
        self.socket = self.folder / "status.sock"
        words = [program, "live", "--status-socket", self.socket, "--summary", "none"]
        if interface:
            words += ["-i", network.sensing, "-o", self.folder]
        super().__init__(network, [*words, *options], "capturing on", self.folder / "words")

    def status(self):
        done = subprocess.run(
            [self.program, "status", "--json", "--socket", str(self.socket)], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def kernel(self):
        """Packets that the kernel saw and dropped, as said at the end."""
        line = next(line for line in self.words().splitlines() if "the kernel saw" in line)
        words = line.split()
        return int(words[4]), int(words[8])

    def files(self, name="eve.json"):
        """The log and its older parts, oldest first."""
        return sorted(self.folder.glob(name + ".*")) + [self.folder / name]

    def events(self):
        for file in self.files():
            with open(file, encoding="utf-8") as lines:
                for line in lines:
                    yield json.loads(line)


class Recorder(Running):
    """tcpdump on the same interface, with times to the nanosecond."""

    def __init__(self, network, target, log):
        super().__init__(
            network, ["tcpdump", "-Z", "root", "-i", network.sensing, "-B", "65536", "--time-stamp-precision=nano", "-w",
                      target], "listening on", log)
