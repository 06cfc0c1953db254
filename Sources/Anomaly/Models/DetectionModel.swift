// The models that may be switched on beside the detectors.

/// A model of ordinary traffic that learns without labels. None is on by default: on the captures measured so far none
/// found what the detectors did not (docs/explanation/detection.md has the ablation).
public enum DetectionModel: String, CaseIterable, Sendable {
    /// Half-space trees over flow shapes.
    case trees
    /// An ensemble of small autoencoders over flow shapes.
    case autoencoders
    /// Distance to the principal subspace of flow shapes.
    case subspace
    /// Distance to decaying density clusters of flow shapes.
    case density
    /// Forecast of a host's next minute.
    case sequence

    /// The feature that carries the model's finding.
    var feature: Feature {
        switch self {
        case .trees: .isolation
        case .autoencoders: .reconstruction
        case .subspace: .offSubspace
        case .density: .offDensity
        case .sequence: .unforeseen
        }
    }
}
