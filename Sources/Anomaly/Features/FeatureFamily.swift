// Families of features: what they say together counts once.

/// Features that see the same thing from several sides. Of a family only the strongest feature counts, so that one
/// behaviour is not counted many times.
public enum FeatureFamily: UInt8, CaseIterable, Sendable {
    case address
    case service
    case application
    case request
    case fanOut
    case fanIn
    case repetition
    case rate
    case failure
    case backscatter
    case dns
    case icmp
    case volume
    case periodicity
    case shape
    case arp
    case role
    case sequence
    case httpFlood
    case reflection
    case generatedDomains
    case asymmetry
    case mining
    case spreading
    case control
    case remote
    case injection

    /// A number for each family, in the order of the cases.
    typealias Numbers = InlineArray<27, Float>

    /// The strongest member of each group of kin.
    typealias Leaders = InlineArray<6, (family: Int, part: Float)>

    /// The name in rules, alerts and `--drop-features`.
    public var name: StaticString {
        switch self {
        case .address: "address"
        case .service: "service"
        case .application: "application"
        case .request: "request"
        case .fanOut: "fan_out"
        case .fanIn: "fan_in"
        case .repetition: "repetition"
        case .rate: "rate"
        case .failure: "failure"
        case .backscatter: "backscatter"
        case .dns: "dns"
        case .icmp: "icmp"
        case .volume: "volume"
        case .periodicity: "periodicity"
        case .shape: "shape"
        case .arp: "arp"
        case .role: "role"
        case .sequence: "sequence"
        case .httpFlood: "http_flood"
        case .reflection: "reflection"
        case .generatedDomains: "generated_domains"
        case .asymmetry: "asymmetry"
        case .mining: "mining"
        case .spreading: "spreading"
        case .control: "control"
        case .remote: "remote"
        case .injection: "injection"
        }
    }

    /// Families that see the same event from different sides, as a scan is both many peers and many refusals: together
    /// they are no independent evidence. Zero for families without kin, else a place in `Leaders`.
    @inline(__always)
    var kin: Int {
        switch self {
        case .fanOut, .failure, .spreading: 1
        case .fanIn, .repetition, .rate, .httpFlood, .reflection: 2
        case .dns, .generatedDomains: 3
        case .volume, .asymmetry: 4
        case .role, .control: 5
        default: 0
        }
    }

    /// Whether the family's evidence is about being flooded rather than about what a host does.
    var isFlood: Bool {
        switch self {
        case .fanIn, .backscatter, .rate, .failure, .httpFlood, .reflection: true
        default: false
        }
    }
}
