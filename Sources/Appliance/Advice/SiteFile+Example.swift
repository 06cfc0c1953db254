// The site file that `config example site` prints.

extension SiteFile {
    /// A commented site file; it reads without a mistake, but its addresses are nobody's.
    public static let example = """
        # What leptonnet cannot see by itself. Addresses below are examples: put your own in their place, then run
        #   leptonnet config check site.yaml

        # What happens to recommendations: observe (log them), suggest (print how to apply them), auto (apply them).
        mode: suggest

        # Your own hosts. Traffic from here to elsewhere leaves by `paths`.
        networks: [10.0.0.0/8, 192.168.0.0/16]

        # Hosts that no rule ever names: not as a source, not as a destination, not as part of a range.
        protected:
          own: [203.0.113.2, 203.0.113.6]   # addresses of this machine and of your router
          gateways: [203.0.113.1, 203.0.113.5]
          dns: [10.0.0.53]
          management: [10.0.0.10]           # from where you log in
          allow: [10.0.9.0/28]              # partners, backup, monitoring

        # Ways out, with their rates by contract (kbit, Mbit, Gbit) and one-way delays (us, ms, s).
        paths:
          - {name: fibre, interface: wan0, next-hop: 203.0.113.1, rate: 20Mbit, delay: 10ms}
          - {name: cable, interface: wan1, next-hop: 203.0.113.5, rate: 10Mbit, delay: 20ms}

        # What is routed over the paths; no wider than /8. Without it no routes are recommended.
        destinations: [198.18.0.0/15]

        # Classes in the order of their priority. A packet belongs to the first class that claims its code point, else to
        # the one that claims its destination port, else to bulk. guarantee and ceiling are shares of each path.
        classes:
          voice: {guarantee: 15%, ceiling: 100%, dscp: [ef, va], ports: [udp/5060, udp/5061]}
          video: {guarantee: 25%, ceiling: 100%, dscp: [cs4, af41, af42, af43, cs5], ports: [udp/3478, udp/3479]}
          web:
            guarantee: 30%
            dscp: [af21, af22, af23, af31]
            ports: [tcp/22, udp/53, tcp/53, tcp/80, udp/123, tcp/443, udp/443]
          bulk: {guarantee: 25%, dscp: [cs1, af11, af12, af13]}
          quarantine: {guarantee: 5%, ceiling: 10%, dscp: [le]}

        # Bounds that every recommendation keeps; what breaks one is refused with the reason.
        limits:
          rules: 32                         # at once
          widest-ipv4: 24                   # no filter names a wider range
          widest-ipv6: 56
          rate-floor: 64kbit                # no limit is lower
          lifetime: 15m                     # how long a rule holds, and at most
          longest-lifetime: 4h
          window: 5m                        # past traffic that a rule is tried on

        # The nexthop group that spreads flows over the paths: members take the numbers after it.
        routing: {group: 7100, kind: resilient, buckets: 128, idle-timer: 60s}

        # Only for FlowSpec and blackhole routes.
        #bgp:
        #  neighbor: 192.0.2.1
        #  local-address: 192.0.2.9
        #  local-as: 64512
        #  peer-as: 64512
        #  blackhole-ipv4: 192.0.2.254      # next hop that your routers discard
        #  blackhole-ipv6: 100::1

        """
}
