// A configuration file that explains itself.

/// What `leptonnet config example` prints and the package installs. Every value is the default where there is one.
public enum ConfigurationExample {
    public static let text = """
        # leptonnet: what the appliance does. `leptonnet config check FILE` finds mistakes; `systemctl reload leptonnet`
        # takes over filter, rotation and reports what needs a restart. Unknown keys are refused.

        # Name of this sensor: `host` in every line.
        # sensor: probe-1

        capture:
          interfaces: [eth0]          # several are merged by time
          # filter: not port 22       # as for tcpdump; the kernel applies it
          snap-length: 262144         # bytes of each packet that are kept
          ring: 64MiB                 # packets that may wait, for each interface
          promiscuous: true           # also packets for other stations

        # Threads that work. One core takes some hundred thousand packets a second.
        workers: 1

        # Fixed at the start: when the table is full, unanswered flows go first.
        flow-memory: 512MiB

        # Event types to write: flow, dns, tls, http, ssh, dhcp, anomaly, stats, alert, supplement. All by default.
        # events: [alert, flow, dns, stats]

        stats-interval: 60s
        community-id-seed: 0          # the same as in your other tools

        timeouts:
          active: 60s                 # a flow that lives on is written and goes on with fresh counters
          tcp-opening: 30s            # before the handshake is complete
          tcp-established: 2m
          tcp-closing: 30s            # one side has finished
          tcp-closed: 5s              # both have, or one reset
          udp-unanswered: 30s
          udp-answered: 30s
          other-unanswered: 30s       # ICMP, SCTP and the rest
          other-answered: 30s

        detection:
          enabled: true
          # baseline: 1h              # time in which the detector only learns
          incidents-per-hour: 2       # false incidents that are acceptable
          # rules: /etc/leptonnet/rules
          # drop-features: []

        # Ranges that are yours besides private addresses; ! takes one out that is not. Without your public ranges here, hosts
        # in them count as outside: no scan by them, no upload of theirs is seen as such.
        # home-networks: [203.0.113.0/24, "2001:db8::/32", "!10.9.0.0/16"]

        # Any number of outputs. Each has a queue of its own: one that is slow or dead never holds up the capture.
        outputs:
          - type: file
            format: eve               # eve, or supplement for what EVE has no room for
            path: /var/log/leptonnet/eve.json
            queue: 32MiB              # lines beyond it are shed and counted
            rotate: {size: 1GiB, age: 1d, keep: 14}
          - type: file
            format: supplement
            path: /var/log/leptonnet/leptonnet.json
            queue: 32MiB
            rotate: {size: 1GiB, age: 1d, keep: 14}
          # - type: tls               # file, unix, udp, tcp or tls
          #   host: siem.example
          #   port: 6514
          #   ca: /etc/leptonnet/siem-ca.pem
          #   certificate: /etc/leptonnet/probe.pem
          #   key: /etc/leptonnet/probe.key
          #   format: cef             # eve, supplement, ecs, ocsf or cef
          #   events: [alert, flow]   # all that are written by default
          #   syslog: {facility: local0, enterprise: 32473}   # RFC 5424; false for bare lines
          #   max-message: 8192
          #   longest-retry: 30s
          #   spool: {path: /var/lib/leptonnet/spool/siem, size: 1GiB}   # at least once, over restarts

        # Keyed, prefix-preserving pseudonyms for addresses in everything that leaves.
        # pseudonyms: {key-file: /etc/leptonnet/pseudonyms.key}   # openssl rand -hex 32

        # A marked attack between addresses reserved for documentation must come out as an alert in every output.
        selftest:
          # every: 6h                 # how long a fault may go unnoticed; only when asked by default
          within: 30s

        # Findings are answered by recommendations; the site file (`leptonnet config example site`) names what no rule may
        # touch. observe tells them, suggest keeps them as files, auto applies and undoes them (needs CAP_NET_ADMIN).
        # advice:
        #   site: /etc/leptonnet/site.yaml
        #   mode: suggest

        service:
          state: /var/lib/leptonnet   # what outlives a run: checkpoint, rules in force, recommendations
          checkpoint: 5m              # time between two checkpoints of what was learned
          # metrics: 127.0.0.1:9477   # where Prometheus finds /metrics; it has no login
          status-socket: /run/leptonnet/status.sock
          # user: leptonnet           # to become once the interfaces are open, when started as root
          confine: true               # files by Landlock, system calls by seccomp, where the kernel has them

        """
}
