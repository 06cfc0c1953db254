// What demand comes next, learned from what came before.

import Learning

/// A small network from the class demand of the last sixteen intervals to the demand of an interval to come: its mean, and
/// the value that it stays below nine times in ten.
///
/// One thread at a time calls `predict`; any number of predictors may share one model.
public final class DemandPredictor: @unchecked Sendable {
    /// What the network is built from.
    public enum Architecture: String, CaseIterable, Sendable {
        /// Two causal convolutions over time.
        case convolution = "cnn"
        /// A gated recurrent unit.
        case recurrent = "gru"
    }

    /// What is predicted of the demand to come.
    public enum Statistic: String, CaseIterable, Sendable {
        case mean
        /// The 0.9 quantile.
        case high
    }

    /// The quantile that `Statistic.high` stands for.
    static let quantile: Float = 0.9
    private static let unit = 10e6

    public let model: Model
    private let execution: Execution

    public init(model: Model) {
        self.model = model
        execution = Execution(model.network)
    }

    /// A predictor of its own over the same parameters, for another thread or run.
    public convenience init(sharing other: DemandPredictor) {
        self.init(model: other.model)
    }

    /// The network; outputs are five means and five quantiles, in units of 10 Mbit/s, as changes of the newest demand.
    static func network(_ architecture: Architecture) -> Sequential {
        let (positions, classes, width) = (SiteView.demandDepth, TrafficClass.count, 24)
        let head = Dense(inputs: width, outputs: 2 * classes)
        switch architecture {
        case .convolution:
            return Sequential([
                Convolution1D(positions: positions, inputs: classes, outputs: width, kernel: 3, paddingBefore: 2),
                Activation(.rectifier, count: positions * width),
                Convolution1D(positions: positions, inputs: width, outputs: width, kernel: 4, stride: 4),
                Activation(.rectifier, count: positions / 4 * width),
                Dense(inputs: positions / 4 * width, outputs: width), Activation(.rectifier, count: width), head,
            ])
        case .recurrent:
            return Sequential([GRU(positions: positions, inputs: classes, units: width), head])
        }
    }

    /// The network's input for a history, oldest interval first.
    static func input(_ history: some Sequence<ClassVector>) -> [Float] {
        history.flatMap { demand in TrafficClass.allCases.map { Float(demand[$0] / unit) } }
    }

    /// The target for a history and the demand that followed: the change, twice.
    static func target(from newest: ClassVector, to next: ClassVector) -> [Float] {
        let change = TrafficClass.allCases.map { Float((next[$0] - newest[$0]) / unit) }
        return change + change
    }

    /// Bit/s of each class in the interval to come; never negative, and the quantile never below the mean.
    public func predict(_ view: SiteView) -> (mean: ClassVector, high: ClassVector) {
        predict(view.demandHistory)
    }

    func predict(_ history: [ClassVector]) -> (mean: ClassVector, high: ClassVector) {
        guard let newest = history.last else { return (ClassVector(), ClassVector()) }
        execution.input.copy(DemandPredictor.input(history))
        execution.forward(model)
        var (mean, high) = (ClassVector(), ClassVector())
        for trafficClass in TrafficClass.allCases {
            let index = trafficClass.rawValue
            let change = Double(execution.output[index]) * DemandPredictor.unit
            let most = Double(execution.output[TrafficClass.count + index]) * DemandPredictor.unit
            mean[trafficClass] = max(0, newest[trafficClass] + change)
            high[trafficClass] = max(mean[trafficClass], newest[trafficClass] + most)
        }
        return (mean, high)
    }
}
