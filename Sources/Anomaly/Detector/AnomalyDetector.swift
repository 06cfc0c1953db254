// Unsupervised detection over the event stream: the detector's state.

import NetTypes

/// Reads the event stream and scores every flow and every piece of evidence against what it has learned so far.
///
/// Memories of what was seen, counts over sliding windows measured against each entity's own past, and distances to
/// known flow shapes give one value for each `Feature`. A value's surprise is the −log₁₀ of its tail probability in the
/// calibration sample; a flow's score adds up the surprises of the feature families beyond a margin. Everything is on
/// packet time and bounded; the same events give the same findings. One thread at a time may call it.
public final class AnomalyDetector {
    let policy: DetectionPolicy
    let mixer: KeyMixer
    /// Which addresses are inside.
    let home: HomeNetworks
    @exclusivity(unchecked) var clock = DetectorClock()
    /// The tick of the event at hand.
    @exclusivity(unchecked) var now: UInt32 = 0
    @exclusivity(unchecked) var time = Timestamp.never

    let hosts: KeyTable<HostMemory>
    let outsiders: KeyTable<HostMemory>
    let links: KeyTable<LinkMemory>
    let services: KeyTable<ServiceMemory>
    let tuples: KeyTable<TupleMemory>
    let servers: KeyTable<ServerMemory>
    let domains: KeyTable<DomainMemory>
    let flows: KeyTable<FlowMemory>
    /// When things were seen last, of every kind.
    let known: KeyIndex
    let pasts: KeyTable<PastMaxima>
    let rates: KeyTable<NoveltyRates>
    /// Pieces of the targets of requests.
    let requestTexts = PieceMemory()
    /// Flows whose answer is awaited.
    let awaited: KeyIndex
    @exclusivity(unchecked) var networkRates = NoveltyRates()
    @exclusivity(unchecked) var failureQueue = FailureQueue()
    @exclusivity(unchecked) var queriedTypes = [Float](repeating: 0, count: 257)
    let shapes = ShapeMemory()
    @exclusivity(unchecked) var networkContacts = ContactWalk()
    @exclusivity(unchecked) var labels = LabelModel()
    let shapeModels: ShapeModels
    /// The last minutes of hosts and their forecast; nil unless the model is on.
    let forecast: MinuteForecast?
    let series: KeyTable<HostSeries>?

    /// What `expect` was told of, in order.
    @exclusivity(unchecked) var expected = ExpectedEvents()

    @exclusivity(unchecked) var alikeRecords = AlikeRecords()

    let enabled: [Bool]
    let fadings = Feature.fadings
    let lanes = Feature.noveltyLanes
    /// The features of the flow at hand.
    let row = FeatureRow()
    @exclusivity(unchecked) var sample = CalibrationSample()
    @exclusivity(unchecked) var calibration = Feature.specifications.map { TailCalibration(tail: $0.tail) }
    /// The calibration and the policy, laid out for scoring.
    @exclusivity(unchecked) var scoring: ScoringTable
    @exclusivity(unchecked) var nextFit: UInt32
    /// When scores were last calibrated; nil before the first time.
    @exclusivity(unchecked) public internal(set) var calibrated: Timestamp?
    @exclusivity(unchecked) var incidents: IncidentBook
    @exclusivity(unchecked) var baseline: Baseline
    @exclusivity(unchecked) var driftWindow = AdaptiveWindow()
    /// Changes of what is ordinary, oldest first; the first hundred.
    @exclusivity(unchecked) public internal(set) var drifts: [Drift] = []
    /// When input was lost last; zero for never.
    @exclusivity(unchecked) var lastLoss: UInt32 = 0
    /// Packets lost in the blind interval that lasts, or was the last.
    @exclusivity(unchecked) var lost: UInt64 = 0
    /// Alerts raised by the event at hand.
    @exclusivity(unchecked) public internal(set) var raised: [Alert] = []
    /// Incidents that opened, went on or closed with the event at hand.
    @exclusivity(unchecked) public internal(set) var incidentRecords: [IncidentRecord] = []

    /// - Parameters:
    ///   - policy: what the operator decides.
    ///   - hasher: the run's secret.
    ///   - home: which addresses are inside.
    public init(policy: DetectionPolicy, hasher: FlowHasher, home: HomeNetworks) {
        self.policy = policy
        self.home = home
        mixer = KeyMixer(hasher)
        let memory = policy.memory
        let minute = 60 * DetectorClock.ticksPerSecond
        hosts = KeyTable(capacity: memory.hosts, initial: HostMemory(), lifetime: 24 * 60 * minute)
        outsiders = KeyTable(capacity: memory.hosts / 2, initial: HostMemory(), lifetime: 10 * minute)
        links = KeyTable(capacity: memory.links, initial: LinkMemory(), lifetime: 60 * minute)
        services = KeyTable(capacity: memory.services, initial: ServiceMemory(), lifetime: 10 * minute)
        tuples = KeyTable(capacity: memory.tuples, initial: TupleMemory(), lifetime: 60 * minute)
        servers = KeyTable(capacity: memory.servers, initial: ServerMemory(), lifetime: 60 * minute)
        domains = KeyTable(capacity: memory.domains, initial: DomainMemory(), lifetime: 10 * minute)
        flows = KeyTable(capacity: memory.flows, initial: FlowMemory(), lifetime: 5 * minute)
        known = KeyIndex(capacity: memory.known, lifetime: 24 * 60 * minute)
        pasts = KeyTable(capacity: memory.histories, initial: PastMaxima(), lifetime: 24 * 60 * minute)
        rates = KeyTable(capacity: memory.hosts / 2, initial: NoveltyRates(), lifetime: 24 * 60 * minute)
        awaited = KeyIndex(capacity: memory.flows, lifetime: minute / 20)
        let ofModels = DetectionModel.allCases.filter { !policy.models.contains($0) }.map(\.feature)
        enabled = Feature.allCases.map { !policy.dropped.contains($0) && !ofModels.contains($0) }
        shapeModels = ShapeModels(policy.models)
        forecast = policy.models.contains(.sequence) ? MinuteForecast() : nil
        series =
            policy.models.contains(.sequence)
            ? KeyTable(capacity: memory.series, initial: HostSeries(), lifetime: 20 * minute) : nil
        incidents = IncidentBook(policy: policy)
        baseline = Baseline(seconds: policy.baseline)
        scoring = ScoringTable(Feature.allCases.map { _ in TailCalibration() }, policy)
        nextFit = DetectorClock.origin
        nextFit += fitInterval
    }

    /// The kinds of events it reads.
    public static let interests: FlowEventKinds = [
        .opened, .answered, .application, .closed, .arp, .icmpError, .tick, .loss,
    ]

    /// Incidents that were opened.
    public var incidentCount: Int { Int(incidents.opened) }

    /// Entries that had to go before their time, of all tables.
    public var shed: Int {
        let flat = hosts.shed + outsiders.shed + links.shed + services.shed + tuples.shed + servers.shed
        return flat + domains.shed + known.shed + pasts.shed + rates.shed + incidents.shed
    }

    /// Takes note of an event. Alerts are in `raised` until the next call.
    ///
    /// - Returns: the score of a closed flow in millionths, nil for other events.
    public func observe(_ event: StreamEvent) -> Int64? {
        if !raised.isEmpty { raised.removeAll(keepingCapacity: true) }
        if !incidentRecords.isEmpty { incidentRecords.removeAll(keepingCapacity: true) }
        let moment = clock.tick(event.time)
        // Packets out of time order do not turn the detector's clock back.
        if Int32(bitPattern: moment &- now) > 0 {
            now = moment
            time = event.time
            baseline.advance(to: now, records: sample.count)
        }
        switch event.kind {
        case .opened: opened(event)
        case .answered: answered(event)
        case .application: application(event)
        case .closed: return closed(event)
        case .arp: arp(event.arp)
        case .icmpError: icmpError(event.icmpError)
        case .tick: tick()
        case .loss: noteLoss(event.lost)
        case .changed, .fault, .overload: break
        }
        return nil
    }

    /// What a whole second brings: overdue answers, a fresh calibration.
    private func tick() {
        takeOverdue()
        closeIncidents()
        let isThresholdDue = isAlerting && incidents.threshold.value == .infinity
        if Int32(bitPattern: now &- nextFit) >= 0 || isThresholdDue { recalibrate() }
    }

    /// Whether the baseline is over and alerts are raised.
    public var isAlerting: Bool { baseline.isOver }
}
