// How miners and their pools talk.

import NetTypes

/// Recognises lines of JSON-RPC as mining pools speak them, by the first bytes and by their pace.
///
/// Stratum (Bitcoin and its kin), the dialect of Monero's pools and Ethereum's getwork all open with a line of JSON whose method
/// names give them away; what follows is a line of work every few seconds to minutes, and a short answer to each, for hours
/// (compare Veselý and Žádník, How to detect cryptocurrency miners? By traffic forensics!, Digital Investigation 31, 2019).
enum MiningTalk {
    /// What words alone may weigh.
    static let decisive: Float = 3

    /// Whether the bytes begin a line of JSON.
    static func isLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes[0] == UInt8(ascii: "{") && (bytes[1] == UInt8(ascii: "\"") || bytes[1] == UInt8(ascii: " "))
    }

    /// The weight of the words in the first bytes of a direction: 3 for methods that only miners use, 2 for a login by
    /// JSON-RPC, which others might have.
    static func words(in bytes: UnsafeRawBufferPointer?) -> Float {
        guard let bytes, !bytes.isEmpty else { return 0 }
        let own: [StaticString] = ["\"mining.", "eth_submitLogin", "eth_getWork", "eth_login"]
        if own.contains(where: { contains(bytes, $0) }) { return 3 }
        let login: [StaticString] = ["\"login\"", "\"job_id\"", "\"job\""]
        return login.contains(where: { contains(bytes, $0) }) ? 2 : 0
    }

    /// From 0 to 1.5: how much a record is like an exchange of short lines that goes on at leisure.
    static func pace(of flow: FlowRecord) -> Float {
        let (up, down) = (flow.toServer, flow.toClient)
        guard up.packets >= 4, down.packets >= 4, up.payloadBytes > 0, down.payloadBytes > 0 else { return 0 }
        let seconds = Float(flow.end.nanoseconds - flow.start.nanoseconds) / 1e9
        let mean = Float(up.payloadBytes + down.payloadBytes) / Float(flow.packets)
        guard seconds >= 10, mean < 700 else { return 0 }
        // Packets follow each other in seconds, neither in a rush nor hardly ever.
        let gap = seconds / Float(flow.packets)
        return gap > 0.5 && gap < 60 ? 1.5 : 0
    }

    private static func contains(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            guard bytes.count >= word.count else { return false }
            return (0...(bytes.count - word.count)).contains { start in
                word.indices.allSatisfy { bytes[start + $0] == word[$0] }
            }
        }
    }
}
