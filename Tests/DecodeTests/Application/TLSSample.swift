// A certificate made for these tests, and handshake messages around it.

/// TLS messages as bytes, built field by field.
enum TLSSample {
    static let fingerprint = "57:6b:a3:9a:26:10:ca:6f:c9:09:d6:fa:f3:7e:fa:b0:2b:17:21:4e"

    /// A self-made certificate for example.org (P-256), valid from 2024-02-29T12:00:01Z to 2051-12-31T23:59:59Z.
    static let certificate = bytes(
        """
        308201dd30820183a0030201020207008a1b2c3d4e5f300a06082a8648ce3d040302303c31133011060a0992268993f22c640119
        16036f72673113301106035504030c0a5ac3bc726963682043413110300e06092b0601040181fd59070c01783020170d32343032
        32393132303030315a180f32303531313233313233353935395a306b310b300906035504061302555331163014060355040a0c0d
        4578616d706c652c20496e632e310c300a060355040b0c035226443114301206035504030c0b6578616d706c652e6f7267312030
        1e06092a864886f70d010901161161646d696e406578616d706c652e6f72673059301306072a8648ce3d020106082a8648ce3d03
        010703420004de99cb768924f3ca656a52906d6db043160d0d7136ea0666e91626e63b83e5d7f06d061488d7df6fc04f085d5901
        510b89a3273d790f8d466bbdfba0339c5e93a33f303d300c0603551d130101ff04023000302d0603551d1104263024820b657861
        6d706c652e6f72678704c0000201820f7777772e6578616d706c652e6f7267300a06082a8648ce3d0403020348003045022028e1
        23a885f0b8d227d789e3b337d24e0daf8614117aa406010f8e34573f94df022100a2195f1117dbb52e16b22bb124e675ca824870
        2158197718bb52b13e1daa5797
        """)

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.utf8.compactMap { UInt8(Character(Unicode.Scalar($0)).hexDigitValue ?? 255) }
            .filter { $0 < 16 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static func codes(_ list: [UInt16]) -> [UInt8] {
        list.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }

    static func counted16(_ body: [UInt8]) -> [UInt8] { codes([UInt16(body.count)]) + body }

    static func counted8(_ body: [UInt8]) -> [UInt8] { [UInt8(body.count)] + body }

    static func counted24(_ body: [UInt8]) -> [UInt8] {
        [UInt8(body.count >> 16)] + codes([UInt16(body.count & 65535)]) + body
    }

    static func serverName(_ name: String) -> (UInt16, [UInt8]) {
        (0, counted16([0] + counted16(Array(name.utf8))))
    }

    static func applicationProtocols(_ names: [[UInt8]]) -> (UInt16, [UInt8]) {
        (16, counted16(names.flatMap(counted8)))
    }

    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type] + counted24(body) }

    static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type, 3, 3] + counted16(body) }

    /// A ClientHello message; without extensions at all when `extensions` is nil.
    static func clientHello(
        version: UInt16 = 0x0303, ciphers: [UInt16], extensions: [(UInt16, [UInt8])]?, session: [UInt8] = []
    ) -> [UInt8] {
        var body = codes([version]) + [UInt8](repeating: 0x5a, count: 32) + counted8(session)
        body += counted16(codes(ciphers)) + [1, 0]
        if let extensions { body += counted16(extensions.flatMap { codes([$0.0]) + counted16($0.1) }) }
        return message(1, body)
    }

    static func serverHello(
        version: UInt16 = 0x0303, cipher: UInt16, extensions: [(UInt16, [UInt8])],
        random: [UInt8] = [UInt8](repeating: 0xa5, count: 32)
    ) -> [UInt8] {
        var body = codes([version]) + random + [0] + codes([cipher]) + [0]
        body += counted16(extensions.flatMap { codes([$0.0]) + counted16($0.1) })
        return message(2, body)
    }

    static func certificateMessage(_ certificates: [[UInt8]] = [certificate]) -> [UInt8] {
        message(11, counted24(certificates.flatMap(counted24)))
    }

    /// The ClientHello of the example in FoxIO's specification of JA4, with GREASE sprinkled in.
    static let browserHello = clientHello(
        ciphers: [
            0x1a1a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
            0x009d, 0x002f, 0x0035,
        ],
        extensions: [
            (0x2a2a, []), (0x001b, [2, 0, 2]), serverName("example.org"), (0x0033, [0, 1, 0]),
            applicationProtocols([Array("h2".utf8), Array("http/1.1".utf8)]), (0x4469, [0, 0]), (0x0017, []),
            (0x002d, [1, 1]),
            (
                0x000d,
                counted16(codes([0x3a3a, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]))
            ),
            (0x0005, [1, 0, 0, 0, 0]), (0x0023, []), (0x0012, []), (0x002b, [6] + codes([0x4a4a, 0x0304, 0x0303])),
            (0xff01, [0]), (0x000b, [1, 0]), (0x000a, counted16(codes([0x5a5a, 29, 23, 24]))), (0x0015, [0, 0, 0, 0]),
        ])
}
