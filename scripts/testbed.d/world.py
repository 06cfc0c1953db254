#!/usr/bin/env python3
"""What happens to the testbed's router from outside: link capacities change, a detector flags sources.

usage: world.py TRACE START SECONDS-OF-FIFO-BUFFER

Runs in the router's namespace. Capacities are token buckets on the outside of everything that a policy may set, so they
act like a modem or a radio that nobody has told the policy about. Prints "ready" when the links are there; ends with
the trace.
"""

import json
import subprocess
import sys
import time


def tc(lines):
    subprocess.run(["tc", "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)


def links(trace, verb, rates):
    buffer = trace["fifo_buffer"]
    return [
        f"qdisc {verb} dev {device} root handle 1: tbf rate {int(rate)}bit burst 4k limit {int(rate / 8 * buffer)}"
        for device, rate in zip(trace["devices"], rates)
    ]


def main():
    trace, start = json.load(open(sys.argv[1])), float(sys.argv[2])
    capacity = trace["capacity"]
    tc(links(trace, "add", capacity[0]))
    print("ready", flush=True)
    events = [(step * trace["interval"], 0, step, "") for step in range(1, len(capacity))]
    for flow in trace["flows"]:
        if flow.get("flagged") is not None:
            events.append((max(0.0, flow["flagged"]), 1, 0, flow["source"]))
            events.append((flow.get("end") or trace["seconds"], 2, 0, flow["source"]))
    for due, kind, step, source in sorted(events):
        if due > trace["seconds"]:
            break
        wait = start + due - time.time()
        if wait > 0:
            time.sleep(wait)
        if kind == 0:
            tc(links(trace, "change", capacity[step]))
        else:
            verb = "add" if kind == 1 else "delete"
            subprocess.run(
                ["nft", verb, "element", "inet", trace["table"], "quarantine", "{", source, "}"],
                check=False, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
