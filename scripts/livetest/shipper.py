"""What reads rotated log files and removes them, as a log shipper does."""

import json
import queue
import shutil
import subprocess
import threading
import time

BEGIN = b'{"timestamp":"'
# Files of 8 MiB that may wait to be judged: so much memory there is for them.
WAITING = 300


class Shipper(threading.Thread):
    """Takes the parts of some logs. Every line has to begin and end as one; EVE is also parsed and judged by `leptonnet
    conform`, one file after the other, by a second thread that may fall behind. Pauses when asked, so that the disk fills
    up. `folder` has room for what waits to be judged."""

    def __init__(self, program, logs, folder):
        super().__init__(daemon=True)
        self.program, self.folder = program, folder
        self.logs, self.lines = [], {}
        for log in logs:
            self.add(log)
        self.torn = []
        self.judged = 0
        self.violations = []
        self.kinds = {}
        self.paused = False
        self.stopping = False
        self.taken = 0
        self.waiting = queue.Queue(WAITING)
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
        if data and log.name.startswith("eve"):
            self.taken += 1
            copy = self.folder / f"judged-{self.taken}.json"
            try:
                shutil.copyfile(file, copy)
                self.waiting.put(copy, block=self.stopping)
            except queue.Full:
                copy.unlink()

    def judge_files(self):
        while (file := self.waiting.get()) is not None:
            with open(file, "rb") as lines:
                for line in lines:
                    kind = json.loads(line).get("event_type")
                    self.kinds[kind] = self.kinds.get(kind, 0) + 1
                    self.judged += 1
            done = subprocess.run(
                ["nice", self.program, "conform", "--format", "eve", file], capture_output=True, text=True, check=False)
            if done.returncode:
                self.violations += done.stdout.splitlines()[:3] or [done.stderr]
            file.unlink()

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
        """Takes what is left, the files that were written on last included, and waits until everything is judged."""
        self.stopping = True
        self.join()
        for log in self.logs:
            for file in [*self.parts(log), log]:
                if file.exists():
                    self.take(file, log)
        self.waiting.put(None)
        self.judge.join()
