"""The baseline: what a day's work would find, novelty and bursts."""

import collections
import ipaddress
import math

GAP, INTERVAL = 600, 120


class Baseline:
    """A flow scores one for a client, server and port that were never seen together, plus one for a server or port that the client
    never used; and for bursts how often, as a logarithm, a client's flows, servers or ports of a minute exceed the most that it, or
    any host, had in a minute before. Flows of one host of the network that reach the threshold within ten minutes are one
    incident (so that forged sources make one incident of their victim), which alerts at once and then every two minutes."""

    def __init__(self, flows, capture):
        """`flows` are (start, client, server, port); all before `capture.since` teach."""
        lan = capture.facts.get("lan")
        self.lan = ipaddress.ip_network(lan) if lan else None
        seen, minute, most = set(), {}, collections.defaultdict(float)
        # What any host had in a minute of the baseline is what a host without a past is measured by.
        everyone = [1.0, 1.0, 1.0]
        self.findings = []
        for when, client, server, port in sorted(flows):
            triple, pair, service = (client, server, port), (client, server), (client, "port", port)
            novelty = (triple not in seen) + (pair not in seen) + (service not in seen)
            seen |= {triple, pair, service}
            slot = int(when // 60)
            known = minute.get(client)
            if known is None or known[0] != slot:
                known = minute[client] = (slot, [0], set(), set())
            known[1][0] += 1
            known[2].add(server)
            known[3].add(port)
            counts = (known[1][0], len(known[2]), len(known[3]))
            if when < capture.since:
                for index, count in enumerate(counts):
                    most[client, index] = max(most[client, index], count)
                    everyone[index] = max(everyone[index], count)
                continue
            burst = max(
                math.log2(max(1.0, count / (most.get((client, index)) or everyone[index])))
                for index, count in enumerate(counts))
            if novelty + burst > 0:
                self.findings.append((when, client, server, self.owner(client, server), novelty + 2 * burst))

    def owner(self, client, server):
        """Whose incident a finding is: the client's, unless only the server belongs to the network."""
        if self.lan and ipaddress.ip_address(client) not in self.lan and ipaddress.ip_address(server) in self.lan:
            return server
        return client

    def incidents(self, threshold):
        opened, result = {}, []
        for when, client, server, owner, score in self.findings:
            if score < threshold:
                continue
            known = opened.get(owner)
            if known is None or when - known[0] > GAP:
                known = opened[owner] = [when, []]
                result.append(known[1])
            known[0] = when
            if not known[1] or when - known[1][-1][0] >= INTERVAL:
                known[1].append((when, {client, server}))
        return result

    def thresholds(self):
        return {round(score, 1) for *_, score in self.findings}
