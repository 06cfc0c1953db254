"""A labelled capture, and which attacks alerts have found: by the rule that `leptonnet evaluate` has.

An alert matches an attack when it lies between 1 s before its start and 60 s after its end, and its source or target is an address
of the attack's label rows, or its attacker or target by the capture's facts; gateway and resolver aside. An incident is true
when at least half of its alerts match, and an attack is found through true incidents alone.
"""

import csv
import json
import math
import re
import subprocess

EARLY, LATE = 1, 60
ADDRESS = re.compile(r"[0-9a-f.:]+$")


def unpacked(path, folder):
    if path.suffix != ".zst":
        return path
    target = folder / path.stem
    if not target.exists():
        subprocess.run(["zstd", "-qdf", str(path), "-o", str(target)], check=True)
    return target


class Capture:
    def __init__(self, path, folder):
        stem = path.name.split(".pcap")[0]
        labels = next(
            (path.with_name(stem + ending) for ending in (".labels.csv", ".labels.csv.zst")
             if path.with_name(stem + ending).exists()), None)
        self.name = stem
        self.attacks = {}
        if labels is None:
            return
        self.path = unpacked(path, folder)
        facts = path.with_name(stem + ".json")
        self.facts = json.loads(facts.read_text(encoding="utf-8")) if facts.exists() else {}
        with open(unpacked(labels, folder), encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if not row["attack_id"]:
                    continue
                attack = self.attacks.setdefault(row["attack_id"], [math.inf, -math.inf, set()])
                attack[0] = min(attack[0], float(row["start_ts"]))
                attack[1] = max(attack[1], float(row["end_ts"]))
                attack[2] |= {row["src_ip"], row["dst_ip"]}
        network = self.facts.get("lan", "").rsplit(".", 1)[0]
        infrastructure = {network + ".1", network + ".2"}
        named = {attack["id"]: attack for attack in self.facts.get("attacks", [])}
        for name in named:
            self.attacks.setdefault(name, [math.inf, -math.inf, set()])
        for name, attack in self.attacks.items():
            fact = named.get(name, {})
            attack[:2] = fact.get("start", attack[0]), fact.get("end", attack[1])
            sides = {fact.get(key) for key in ("compromised_or_attacker", "target")}
            sides = {side for side in sides if side and ADDRESS.match(side)}
            attack[2] = (sides | attack[2]) - (infrastructure - sides)
        self.since = self.facts.get("test_start", min((attack[0] for attack in self.attacks.values()), default=0))

    @property
    def baseline(self):
        """Seconds in which the detector only learns, as scripts/evaluate has it."""
        if "baseline_seconds" in self.facts:
            return int(self.facts["baseline_seconds"])
        return int(min(1200, self.facts.get("train_end", math.inf) - self.facts.get("train_start", 0)))

    def matches(self, when, hosts):
        return {name for name, (start, end, known) in self.attacks.items()
                if start - EARLY <= when <= end + LATE and hosts & known}

    def judge(self, incidents):
        """Attacks found, false incidents, and all incidents of the counted time; each incident is a list of alerts, (time,
        hosts)."""
        found, false, total = set(), 0, 0
        for alerts in incidents:
            matches = [self.matches(when, hosts) for when, hosts in alerts]
            is_true = 2 * sum(map(bool, matches)) >= len(alerts)
            if is_true:
                found |= set().union(*matches)
            if alerts[-1][0] >= self.since:
                total += 1
                false += not is_true
        return found, false, total
