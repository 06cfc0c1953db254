// A training as a picture.

extension DeepQTrainer.Result {
    /// The learning curve as SVG: mean utility over the validation runs by decisions taken.
    public var picture: String {
        let points = curve.map { (x: Double($0.steps), y: $0.validation) }
        return Chart.lines(
            title: "Validation utility of the learned policy", xLabel: "decisions", yLabel: "utility",
            [(label: "under the usual margin", points: points)])
    }
}
