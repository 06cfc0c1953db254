// The last minutes of flows, second by second.

import NetTypes

/// Remembers what flows did in each second of a window. Bounded: when it is full the oldest seconds go, and the window is
/// as much shorter. Used by one thread at a time.
public final class FlowHistory {
    /// What one flow did in one second.
    struct Sample {
        var second: Int64
        var flow: Int
        var packetsToServer: UInt32
        var packetsToClient: UInt32
        /// IP bytes.
        var bytesToServer: Int
        var bytesToClient: Int
    }

    /// Length of the window in seconds.
    public let window: Int
    private let capacity: Int
    private(set) var flows: [ObservedFlow] = []
    private var live: [FlowKey: Int] = [:]
    private var samples: [Sample] = []
    private var first = 0
    /// Seconds before this one are not known whole.
    private var knownSince = Int64.max

    /// - Parameters:
    ///   - window: seconds.
    ///   - capacity: samples kept; each takes 48 bytes.
    public init(window: Int, capacity: Int = 1 << 20) {
        precondition(window > 0 && capacity > 0)
        self.window = window
        self.capacity = capacity
    }

    /// The events it learns from.
    public static let interests: FlowEventKinds = [.changed, .closed, .tick]

    /// Takes note of an event.
    ///
    /// - Parameter score: the flow's score in millionths, for `closed`.
    public func observe(_ event: StreamEvent, score: Int64?) {
        switch event.kind {
        case .changed: observeChange(event)
        case .closed:
            if let flow = live.removeValue(forKey: event.flow.key) {
                flows[flow].confirm(event.flow)
                if let score { flows[flow].score = score }
            }
        case .tick: if event.time.seconds % 16 == 0 { forget(before: event.time.seconds - Int64(window)) }
        default: break
        }
    }

    private func observeChange(_ event: StreamEvent) {
        let record = event.flow
        let number: Int
        if let known = live[record.key] {
            number = known
            flows[number].confirm(record)
        } else {
            number = flows.count
            flows.append(ObservedFlow(record))
            live[record.key] = number
        }
        let delta = event.delta
        let second = Self.second(of: event)
        let header = Self.linkHeader(record.key)
        if knownSince == .max { knownSince = second }
        if samples.count - first >= capacity { dropOldestSecond() }
        samples.append(
            Sample(
                second: max(second, samples.last?.second ?? second), flow: number,
                packetsToServer: delta.packetsToServer, packetsToClient: delta.packetsToClient,
                bytesToServer: max(0, Int(delta.bytesToServer) - header * Int(delta.packetsToServer)),
                bytesToClient: max(0, Int(delta.bytesToClient) - header * Int(delta.packetsToClient))))
    }

    /// The second that a `changed` event is about. It is published when that is over, which is the first moment of the
    /// next one.
    public static func second(of event: StreamEvent) -> Int64 {
        Timestamp(nanoseconds: event.time.nanoseconds - 1).seconds
    }

    /// Both directions of a `changed` event as packets on the wire; bytes are those of IP packets.
    public static func forEachDirection(
        of event: StreamEvent, _ flow: ObservedFlow,
        _ body: (
            _ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress, _ destinationPort: UInt16,
            _ packets: Int, _ bytes: Int
        ) -> Void
    ) {
        let delta = event.delta
        let header = linkHeader(event.flow.key)
        if delta.packetsToServer > 0 {
            let packets = Int(delta.packetsToServer)
            body(
                flow.client, flow.clientPort, flow.server, flow.serverPort, packets,
                max(0, Int(delta.bytesToServer) - header * packets))
        }
        if delta.packetsToClient > 0 {
            let packets = Int(delta.packetsToClient)
            body(
                flow.server, flow.serverPort, flow.client, flow.clientPort, packets,
                max(0, Int(delta.bytesToClient) - header * packets))
        }
    }

    /// Bytes of an Ethernet header with its tags, which filters of the network layer do not count.
    private static func linkHeader(_ key: FlowKey) -> Int {
        14 + (key.outerVLAN != 0 ? 4 : 0) + (key.innerVLAN != 0 ? 4 : 0)
    }

    private func dropOldestSecond() {
        let oldest = samples[first].second
        while first < samples.count, samples[first].second == oldest { first += 1 }
        knownSince = oldest + 1
        if first > samples.count / 2 { compact() }
    }

    private func forget(before second: Int64) {
        while first < samples.count, samples[first].second < second { first += 1 }
        if knownSince != .max { knownSince = max(knownSince, second) }
        if first > 4096, first > samples.count / 2 { compact() }
    }

    /// Drops forgotten samples and flows that neither live nor have samples left.
    private func compact() {
        samples.removeFirst(first)
        first = 0
        var kept: [ObservedFlow] = []
        var numbers: [Int: Int] = [:]
        func renumber(_ old: Int) -> Int {
            if let new = numbers[old] { return new }
            numbers[old] = kept.count
            kept.append(flows[old])
            return kept.count - 1
        }
        for index in samples.indices { samples[index].flow = renumber(samples[index].flow) }
        // In the order of their numbers: a dictionary's own order differs from run to run.
        for (key, old) in live.sorted(by: { $0.value < $1.value }) { live[key] = renumber(old) }
        flows = kept
    }

    /// The seconds of the window that ends before `end` and are known whole; nil for none.
    func seconds(before end: Int64) -> Range<Int64>? {
        let start = max(knownSince, end - Int64(window))
        return start < end ? start..<end : nil
    }

    /// Samples of some seconds, oldest first.
    func samples(in seconds: Range<Int64>) -> ArraySlice<Sample> {
        let slice = samples[first...]
        let low = slice.partitioningIndex { $0.second >= seconds.lowerBound }
        let high = slice.partitioningIndex { $0.second >= seconds.upperBound }
        return slice[low..<high]
    }
}

extension ArraySlice {
    /// The first index from which on the condition holds, in a slice that is sorted by it.
    func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
