// Recommendations as JSON.

import Advice
import Foundation
import NetTypes

/// The form in which a recommendation travels: what was decided, and what follows from it.
struct RecommendationFile: Codable {
    static let format = 1

    var format: Int
    /// The decision's identifier; a file without one is a proposal of its author's own.
    var decision: String?
    var expires: String?
    var undo: [String]?
    var recommendation: Proposal

    init(_ recommendation: Recommendation) {
        format = Self.format
        decision = recommendation.decision
        expires = Self.text(recommendation.expires.nanoseconds)
        undo = recommendation.undo
        self.recommendation = recommendation.proposal
    }

    /// The file's bytes: the same recommendation always gives the same ones.
    func bytes() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // The gate lets no number pass that JSON cannot hold, which is all that encoding could fail of.
        guard let data = try? encoder.encode(self) else { preconditionFailure("a recommendation is JSON") }
        return Array(data) + [UInt8(ascii: "\n")]
    }

    /// Reads a file and takes it through the gate.
    ///
    /// - Throws: `UserError` with the file's name: when it is no recommendation, when the gate refuses it, or when it is
    ///   not what its identifier says.
    static func recommendation(
        _ bytes: [UInt8], path: String, gate: Gate, inForce: Int = 0
    ) throws(UserError) -> Recommendation {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file: RecommendationFile
        do {
            file = try decoder.decode(RecommendationFile.self, from: Data(bytes))
        } catch {
            throw UserError("\(path): is no recommendation: \(reason(error)); `leptonnet recommend` writes them")
        }
        guard file.format == format else {
            throw UserError("\(path): has format \(file.format); this leptonnet reads format \(format)")
        }
        do {
            let recommendation = try gate.admit(file.recommendation, inForce: inForce)
            guard file.decision == nil || file.decision == recommendation.decision else {
                throw UserError(
                    "\(path): was changed after it was decided (it is \(recommendation.decision) now); remove `decision` "
                        + "to make it a proposal of your own")
            }
            return recommendation
        } catch let refusal as Refusal {
            throw UserError("\(path): \(refusal)")
        } catch let error as UserError {
            throw error
        } catch {
            throw UserError("\(path): \(error)")
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "`\(key.stringValue)` is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "not JSON"
                : "`\(context.codingPath.map(\.stringValue).joined(separator: "."))`: \(context.debugDescription)"
        default: "unreadable"
        }
    }

    private static func text(_ nanoseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(nanoseconds / 1_000_000_000)).formatted(.iso8601)
    }
}

extension RecommendationRun.Form {
    /// A recommendation's file in this form; nil when it has none.
    ///
    /// - Throws: `UserError` when the file is no recommendation or breaks an invariant of the site.
    public func text(of path: String, site: SiteFile) throws(UserError) -> String? {
        let bytes = try FileBytes.read(path, expecting: "a recommendation of `leptonnet recommend`")
        let recommendation = try RecommendationFile.recommendation(bytes, path: path, gate: Gate(site: site.site))
        return switch self {
        case .text: recommendation.text
        case .json: String(decoding: RecommendationFile(recommendation).bytes(), as: UTF8.self)
        default: Rendering(rawValue: rawValue).flatMap(recommendation.render)
        }
    }
}
