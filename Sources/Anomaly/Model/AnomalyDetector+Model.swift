// Saving what was learned, and taking it up again.

/// Why a saved model cannot be taken up.
public enum ModelFault: Error, Hashable, Sendable {
    /// It was made with other features, sizes or by another version.
    case otherLayout
    /// It was made under another secret: its keys mean nothing here.
    case otherSeed
    case damaged
}

extension AnomalyDetector {
    /// Everything that was learned: memories, counts, shapes, calibration, threshold, open incidents.
    ///
    /// A detector that takes it up goes on as this one would, and saves the same bytes after the same events.
    public func save() -> [UInt8] {
        var bytes: [UInt8] = []
        withoutActuallyEscaping({ bytes.append(contentsOf: $0) }, do: save)
        return bytes
    }

    /// The same, piece by piece: no copy of the whole is made.
    ///
    /// - Parameter write: takes the next bytes, which are its own only while it runs.
    public func save(_ write: @escaping (UnsafeRawBufferPointer) -> Void) {
        let archive = ModelArchive(writing: write)
        var header = (layout: layoutFingerprint, seed: mixer.key(1, 2))
        archive.exchange(&header.layout)
        archive.exchange(&header.seed)
        exchange(archive)
    }

    /// Takes up a saved model. Call before the first event.
    ///
    /// - Throws: `ModelFault`; the detector is of no use then.
    public func restore(_ bytes: [UInt8]) throws(ModelFault) {
        precondition(now == 0, "a model is taken up before the first event")
        let archive = ModelArchive(reading: bytes)
        var header: (layout: UInt64, seed: UInt64) = (0, 0)
        archive.exchange(&header.layout)
        archive.exchange(&header.seed)
        guard archive.isSound else { throw .damaged }
        guard header.layout == layoutFingerprint else { throw .otherLayout }
        guard header.seed == mixer.key(1, 2) else { throw .otherSeed }
        exchange(archive)
        guard archive.isSound, archive.isAtEnd else { throw .damaged }
    }

    /// The threshold of incidents; infinite while there is none.
    public var threshold: Float { incidents.threshold.value }

    /// Counts up with every change of what `exchange` writes.
    private static let archiveVersion = 4

    private func exchange(_ archive: ModelArchive) {
        archive.exchange(&clock)
        archive.exchange(&now)
        archive.exchange(&time)
        hosts.exchange(archive)
        outsiders.exchange(archive)
        links.exchange(archive)
        services.exchange(archive)
        tuples.exchange(archive)
        servers.exchange(archive)
        domains.exchange(archive)
        flows.exchange(archive)
        known.exchange(archive)
        pasts.exchange(archive)
        rates.exchange(archive)
        awaited.exchange(archive)
        requestTexts.exchange(archive)
        archive.exchange(&networkRates)
        failureQueue.exchange(archive)
        archive.exchange(&queriedTypes, atMost: 1 << 16)
        shapes.exchange(archive)
        archive.exchange(&alikeRecords)
        sample.exchange(archive)
        for index in calibration.indices { calibration[index].exchange(archive) }
        if archive.isReading { scoring = ScoringTable(calibration, policy) }
        archive.exchange(&nextFit)
        archive.exchange(&networkContacts)
        labels.exchange(archive)
        driftWindow.exchange(archive)
        archive.exchange(&lastLoss)
        archive.exchange(&lost)
        archive.exchange(&calibrated)
        incidents.exchange(archive)
        baseline.exchange(archive)
        shapeModels.exchange(archive)
        forecast?.exchange(archive)
        series?.exchange(archive)
    }

    /// Changes with everything that decides what the bytes mean.
    private var layoutFingerprint: UInt64 {
        let memory = policy.memory
        var state = UInt64(Feature.layoutVersion)
        func add(_ number: Int) { state = KeyMixer.combine(state, UInt64(truncatingIfNeeded: number)) }
        add(Self.archiveVersion)
        for feature in Feature.allCases { feature.name.withUTF8Buffer { $0.forEach { add(Int($0)) } } }
        for feature in Feature.allCases where policy.dropped.contains(feature) { add(feature.rawValue) }
        for model in DetectionModel.allCases where policy.models.contains(model) { add(1000 + model.feature.rawValue) }
        let capacities = [
            memory.hosts, memory.links, memory.tuples, memory.services, memory.servers, memory.domains, memory.flows,
            memory.known, memory.histories,
        ]
        capacities.forEach(add)
        let sizes = [
            MemoryLayout<HostMemory>.stride, MemoryLayout<LinkMemory>.stride, MemoryLayout<ServiceMemory>.stride,
            MemoryLayout<TupleMemory>.stride, MemoryLayout<ServerMemory>.stride, MemoryLayout<DomainMemory>.stride,
            MemoryLayout<FlowMemory>.stride, MemoryLayout<PastMaxima>.stride, MemoryLayout<NoveltyRates>.stride,
            MemoryLayout<AwaitedFlow>.stride, MemoryLayout<FlowShape>.stride, MemoryLayout<Incident>.stride,
        ]
        sizes.forEach(add)
        return state
    }
}
