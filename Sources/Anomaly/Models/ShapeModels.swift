// The models of flow shapes that are switched on.

import NetTypes

/// One instance of each chosen model for every kind of traffic: TCP, UDP and the rest, outward, inward and inside.
struct ShapeModels {
    private static let kinds = 9

    private let chosen: [(feature: Feature, models: [any OutlierModel])]

    init(_ models: Set<DetectionModel>) {
        // In the order of declaration, so that the same choice always works the same way.
        chosen = DetectionModel.allCases.filter(models.contains).compactMap { model in
            let made = (0..<Self.kinds).compactMap { kind -> (any OutlierModel)? in
                let seed = UInt64(kind) << 8 | 1
                return switch model {
                case .trees: HalfSpaceTrees(seed: seed)
                case .autoencoders: AutoencoderEnsemble(seed: seed)
                case .subspace: PrincipalSubspace()
                case .density: DensityClusters()
                case .sequence: nil
                }
            }
            return made.isEmpty ? nil : (model.feature, made)
        }
    }

    var isEmpty: Bool { chosen.isEmpty }

    /// Calls `body` with what each model says of a shape.
    func score(_ shape: FlowShape, _ keys: FlowKeys, _ body: (Feature, Float) -> Void) {
        let kind = Self.kind(keys)
        for (feature, models) in chosen { body(feature, models[kind].score(shape.values)) }
    }

    func learn(_ shape: FlowShape, _ keys: FlowKeys, _ now: UInt32) {
        let kind = Self.kind(keys)
        for (_, models) in chosen { models[kind].learn(shape.values, now) }
    }

    /// Saves what all of them learned, or takes it up.
    func exchange(_ archive: ModelArchive) {
        for (_, models) in chosen { for model in models where archive.isSound { model.exchange(archive) } }
    }

    private static func kind(_ keys: FlowKeys) -> Int {
        let side = keys.clientIsInside ? (keys.serverIsInside ? 2 : 0) : 1
        switch keys.transport {
        case IPProtocol.tcp: return side
        case IPProtocol.udp: return 3 + side
        default: return 6 + side
        }
    }
}
