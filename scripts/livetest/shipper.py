"""What reads rotated log files and removes them, as a log shipper does."""

import json
import subprocess
import threading
import time

BEGIN = b'{"timestamp":"'


class Shipper(threading.Thread):
    """Takes the parts of some logs. Every line has to begin and end as one; EVE is also parsed and judged by `leptonnet
    conform`, which is slow, so a second thread judges one file after the other, as many as it can. Pauses when asked, so that
    the disk fills up."""

    def __init__(self, program, logs):
        super().__init__(daemon=True)
        self.program = program
        self.logs, self.lines = [], {}
        for log in logs:
            self.add(log)
        self.torn = []
        self.judged = 0
        self.violations = []
        self.kinds = {}
        self.paused = False
        self.stopping = False
        self.question = None
        self.judge = threading.Thread(target=self.judge_files, daemon=True)
        self.judge.start()

    def add(self, log):
        self.logs.append(log)
        self.lines[log] = 0

    def take(self, file, log):
        """Reads a whole file."""
        data = file.read_bytes()
        count = data.count(b"\n")
        self.lines[log] += count
        whole = data.startswith(BEGIN) and data.endswith(b"}\n")
        if data and not (whole and data.count(b"\n" + BEGIN) + 1 == count == data.count(b"}\n")):
            broken = [line[:120] for line in data.splitlines() if not (line.startswith(BEGIN) and line.endswith(b"}"))]
            self.torn.append((file.name, broken[:2]))
        if data and log.name.startswith("eve") and self.question is None:
            copy = log.parent.parent / "judged.json" if log.parent.name == "disk" else log.parent / "judged.json"
            copy.write_bytes(data)
            self.question = copy

    def judge_files(self):
        while not self.stopping:
            if self.question is None:
                time.sleep(0.1)
                continue
            with open(self.question, "rb") as lines:
                for line in lines:
                    kind = json.loads(line).get("event_type")
                    self.kinds[kind] = self.kinds.get(kind, 0) + 1
                    self.judged += 1
            done = subprocess.run(
                ["nice", self.program, "conform", "--format", "eve", self.question], capture_output=True, text=True, check=False)
            if done.returncode:
                self.violations += done.stdout.splitlines()[:3] or [done.stderr]
            self.question = None

    def parts(self, log):
        return sorted(log.parent.glob(log.name + ".*"))

    def run(self):
        while not self.stopping:
            time.sleep(0.2)
            for log in self.logs:
                for file in self.parts(log):
                    if not self.paused and not self.stopping:
                        self.take(file, log)
                        file.unlink()

    def finish(self):
        """Ends the threads, then takes what is left, the files that were written on last included."""
        self.stopping = True
        self.join()
        self.judge.join()
        for log in self.logs:
            for file in [*self.parts(log), log]:
                if file.exists():
                    self.take(file, log)
