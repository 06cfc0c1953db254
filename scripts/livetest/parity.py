"""Whether two EVE logs say the same."""

import collections
import json


def key(event):
    """What has to be equal: everything but the interface, and when and why records were written, which depends on when a
    clock struck while no packet came. Alerts carry the time of what they are about: it has to be equal."""
    event = dict(event)
    event.pop("in_iface", None)
    if event["event_type"] != "alert":
        event.pop("timestamp")
    if event["event_type"] == "flow":
        event["flow"] = {name: value for name, value in event["flow"].items() if name != "reason"}
    return json.dumps(event, sort_keys=True)


def compare(live, replay):
    """Differences of two sequences of events, by type; `stats` counts time and is left out.

    Returns a table of (type, events in the live log, in the replay, only in the live one, only in the replay, example).
    """
    sides = []
    for events in (live, replay):
        kinds = collections.defaultdict(collections.Counter)
        for event in events:
            if event["event_type"] != "stats":
                kinds[event["event_type"]][key(event)] += 1
        sides.append(kinds)
    table = []
    for kind in sorted(set(sides[0]) | set(sides[1])):
        left, right = sides[0][kind], sides[1][kind]
        surplus, missing = left - right, right - left
        example = next(iter(surplus), None) or next(iter(missing), None)
        table.append((kind, left.total(), right.total(), surplus.total(), missing.total(), example))
    return table
