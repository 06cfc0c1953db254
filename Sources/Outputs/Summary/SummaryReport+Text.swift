// The summary as text for a terminal of 80 columns.

import NetTypes

extension SummaryReport {
    /// The summary as lines of at most 80 columns, except that two IPv6 addresses side by side may need more.
    ///
    /// - Parameters:
    ///   - colors: whether to use ANSI colours.
    ///   - packetsPerSecond: how fast the run was; the one figure that does not come from the input.
    public func text(colors: Bool = false, packetsPerSecond: UInt64? = nil) -> String {
        var page = TextPage(colors: colors)
        addOverview(to: &page, packetsPerSecond)
        addIncidents(to: &page)
        addShares(to: &page)
        addHosts(to: &page)
        addLinks(to: &page)
        addServices(to: &page)
        addNetworks(to: &page)
        addFaults(to: &page)
        return page.text
    }

    private func addOverview(to page: inout TextPage, _ packetsPerSecond: UInt64?) {
        let decode = totals.decode
        page.heading("Traffic")
        page.fact("packets", HumanUnits.count(decode.packets))
        page.fact("bytes", "\(HumanUnits.bytes(decode.bytes)) (\(HumanUnits.count(decode.bytes)))")
        if let first = totals.first, let last = totals.last {
            let span = max(0, last.nanoseconds - first.nanoseconds)
            page.fact(
                "span", "\(HumanUnits.date(first)) to \(HumanUnits.date(last)) UTC (\(HumanUnits.duration(span)))")
            if span > 0 { page.fact("mean rate", HumanUnits.bitRate(Double(decode.bytes) * 8e9 / Double(span))) }
        }
        page.fact("flows", HumanUnits.count(totals.table.opened))
        if handshakes > 0 {
            let median = HumanUnits.microseconds(medianRoundTrip)
            let high = HumanUnits.microseconds(highRoundTrip)
            page.fact("round trip", "median \(median), 95 % within \(high), \(HumanUnits.count(handshakes)) handshakes")
        }
        if let packetsPerSecond { page.fact("read at", "\(HumanUnits.count(packetsPerSecond)) packets/s") }
        if let peak = series.max(), peak > 0 {
            page.fact("peak", "\(Self.rate(peak, bucketWidth)) over \(HumanUnits.duration(bucketWidth))")
            page.line("  " + HumanUnits.sparkline(series, columns: 64))
        }
    }

    private func addShares(to page: inout TextPage) {
        let columns = [("", 20), ("flows", -12), ("packets", -15), ("bytes", -12), ("share", -10)]
        for (title, shares) in [("Transport protocols", transports), ("Application protocols", applications)]
        where !shares.isEmpty {
            page.heading(title)
            page.row(columns.map(\.0), columns.map(\.1), isHeader: true)
            for share in shares {
                page.row(
                    [
                        Self.words(for: share.name), HumanUnits.count(share.traffic.flows),
                        HumanUnits.count(share.traffic.packets),
                        HumanUnits.bytes(share.traffic.bytes), HumanUnits.share(share.traffic.bytes, of: flowBytes),
                    ], columns.map(\.1))
            }
        }
    }

    private func addHosts(to page: inout TextPage) {
        guard !hosts.isEmpty else { return }
        page.heading("Top talkers")
        let widths = [26, -12, -12, -9, -11]
        page.row(["host", "sent", "received", "peers", "flows"], widths, isHeader: true)
        for host in hosts {
            let peers = (host.isExact ? "" : "~") + HumanUnits.count(UInt64(host.peers))
            page.row(
                [
                    "\(host.address)", HumanUnits.bytes(host.sent), HumanUnits.bytes(host.received), peers,
                    HumanUnits.count(host.flows),
                ], widths)
        }
    }

    private func addLinks(to page: inout TextPage) {
        guard !links.isEmpty else { return }
        page.heading("Busiest links")
        for link in links {
            let bytes = (link.error > 0 ? "≥ " : "") + HumanUnits.bytes(link.bytes)
            page.row(
                ["\(link.first) ↔ \(link.second)", bytes, "peak \(Self.rate(link.series.max() ?? 0, bucketWidth))"],
                [36, -13, -21])
            page.line("    " + HumanUnits.sparkline(link.series, columns: 64))
        }
    }

    private func addServices(to page: inout TextPage) {
        guard !services.isEmpty else { return }
        page.heading("Busiest services")
        for service in services {
            let bytes = (service.error > 0 ? "≥ " : "") + HumanUnits.bytes(service.bytes)
            page.row(
                [
                    service.name, bytes, HumanUnits.count(service.flows, of: "flow"),
                    "  " + HumanUnits.sparkline(service.series, columns: 32),
                ], [18, -12, -14, 34])
        }
    }

    private func addNetworks(to page: inout TextPage) {
        if !slowest.isEmpty {
            page.heading("Where it is slow: time from here to a network and back")
            let widths = [26, -14, -14, -14]
            page.row(["network", "handshakes", "median", "95 % within"], widths, isHeader: true)
            for network in slowest {
                page.row(
                    [
                        network.name, HumanUnits.count(network.handshakes), HumanUnits.microseconds(network.median),
                        HumanUnits.microseconds(network.high),
                    ], widths)
            }
        }
        if !lossiest.isEmpty {
            page.heading("Where it loses: TCP segments towards a network that were sent again")
            let widths = [26, -14, -14, -14]
            page.row(["network", "segments", "sent again", "share"], widths, isHeader: true)
            for network in lossiest {
                page.row(
                    [
                        network.name, HumanUnits.count(network.segments), HumanUnits.count(network.retransmissions),
                        HumanUnits.share(network.retransmissions, of: network.segments),
                    ], widths)
            }
        }
    }

    private func addFaults(to page: inout TextPage) {
        if FlowEndReason.allCases.contains(where: { totals.table[$0] > 0 }) { page.heading("Flows ended") }
        for reason in FlowEndReason.allCases where totals.table[reason] > 0 {
            page.fact("\(reason.name)", HumanUnits.count(totals.table[reason]), width: 28)
        }
        let faults = DecodeFault.allCases.filter { $0 != .none && totals.decode[$0] > 0 }
        guard !faults.isEmpty || lost > 0 else { return }
        page.heading("Faults")
        for fault in faults { page.fact("\(fault.name)", HumanUnits.count(totals.decode[fault]), width: 28) }
        if lost > 0 { page.fact("lost", HumanUnits.count(lost), width: 28) }
    }

    /// EVE's names for what has no name, in words.
    private static func words(for name: String) -> String {
        switch name {
        case "failed": "not recognised"
        case "unknown": "no payload"
        default: name
        }
    }

    private static func rate(_ bytes: Float, _ width: Int64) -> String {
        HumanUnits.bitRate(Double(bytes) * 8e9 / Double(width))
    }
}
