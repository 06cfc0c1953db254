// A limit for gradients, so that one odd batch cannot throw a model away.

/// How a gradient is limited before the optimiser sees it.
public enum GradientClipping: Sendable, Equatable {
    /// As it is.
    case none
    /// Scaled as a whole so that its Euclidean norm is at most this (Pascanu et al., On the difficulty of training
    /// recurrent neural networks, ICML 2013).
    case norm(Float)
    /// Each float cut to ± this.
    case value(Float)

    /// Limits `gradient` in place and returns its norm before that. A norm that is not finite leaves it unchanged: the
    /// caller should leave out the step.
    @discardableResult
    public func apply(to gradient: FloatBuffer) -> Double {
        let norm = gradient.norm
        guard norm.isFinite else { return norm }
        switch self {
        case .none: break
        case .norm(let limit):
            if norm > Double(limit) { gradient.scale(by: Float(Double(limit) / norm)) }
        case .value(let limit):
            gradient.withView { view in
                view.updateVectors {
                    $0.replacing(with: limit, where: $0 .> limit).replacing(with: -limit, where: $0 .< -limit)
                }
            }
        }
        return norm
    }
}
