// Pseudonyms against the vectors that the inventors published, and against what they promise.

import NetTypes
import TestSupport
import Testing

@testable import Pseudonyms

@Suite("Pseudonyms of addresses")
struct AddressPseudonymsTests {
    /// The key of the sample program that Xu, Fan, Ammar and Moon published with Crypto-PAn 1.0.
    private static let publishedKey: [UInt8] = [
        21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101, 39,
        98, 87, 76, 45, 42, 132, 34, 2,
    ]

    @Test(
        "Addresses of the published sample trace get the published pseudonyms",
        arguments: [
            ("128.11.68.132", "135.242.180.132"), ("129.118.74.4", "134.136.186.123"),
            ("130.132.252.244", "133.68.164.234"), ("141.223.7.43", "141.167.8.160"),
            ("141.233.145.108", "141.129.237.235"), ("152.163.225.39", "151.140.114.167"),
            ("156.29.3.236", "147.225.12.42"), ("165.247.96.84", "162.9.99.234"),
            ("166.107.77.190", "160.132.178.185"), ("192.102.249.13", "252.138.62.131"),
            ("192.215.32.125", "252.43.47.189"), ("192.233.80.103", "252.25.108.8"),
            ("192.41.57.43", "252.222.221.184"), ("193.150.244.223", "253.169.52.216"),
            ("195.205.63.100", "255.186.223.5"), ("198.200.171.101", "249.199.68.213"),
            ("198.26.132.101", "249.36.123.202"), ("198.36.213.5", "249.7.21.132"),
            ("198.51.77.238", "249.18.186.254"), ("199.217.79.101", "248.38.184.213"),
            ("202.49.198.20", "245.206.7.234"), ("203.12.160.252", "244.248.163.4"),
            ("204.184.162.189", "243.192.77.90"), ("204.202.136.230", "243.178.4.198"),
            ("204.29.20.4", "243.33.20.123"), ("205.178.38.67", "242.108.198.51"),
            ("205.188.147.153", "242.96.16.101"), ("205.188.248.25", "242.96.88.27"),
            ("205.245.121.43", "242.21.121.163"), ("207.105.49.5", "241.118.205.138"),
            ("207.135.65.238", "241.202.129.222"), ("24.0.250.221", "100.15.198.226"),
            ("24.94.26.44", "100.88.228.35"), ("38.15.67.68", "64.3.66.187"), ("4.3.88.225", "124.60.155.63"),
        ])
    func published(_ address: String, _ expected: String) throws {
        let pseudonyms = AddressPseudonyms(key: Self.publishedKey)
        #expect(pseudonyms.pseudonym(of: try #require(IPAddress(address))).description == expected)
    }

    /// Leading bits that two addresses have in common.
    private func common(_ left: IPAddress, _ right: IPAddress) -> Int {
        if left.isIPv6 {
            let high = (left.high ^ right.high).leadingZeroBitCount
            return high < 64 ? high : 64 + (left.low ^ right.low).leadingZeroBitCount
        }
        return UInt32(truncatingIfNeeded: left.low ^ right.low).leadingZeroBitCount
    }

    @Test("Two addresses share as many leading bits as their pseudonyms do, in both versions")
    func prefixes() {
        let pseudonyms = AddressPseudonyms(key: (0..<32).map { UInt8($0 * 7) })
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let isIPv6 = random.next() & 1 == 1
            let shared = UInt64(random.next() % 64)
            let (first, second) = (random.next(), random.next())
            let keep = shared == 0 ? 0 : UInt64.max << (64 - shared)
            let near = first & keep | second & ~keep
            let left =
                isIPv6
                ? IPAddress(high: first, low: second, isIPv6: true)
                : IPAddress(v4: UInt32(truncatingIfNeeded: first >> 32))
            let right =
                isIPv6
                ? IPAddress(high: near, low: first, isIPv6: true)
                : IPAddress(v4: UInt32(truncatingIfNeeded: near >> 32))
            let mapped = (pseudonyms.pseudonym(of: left), pseudonyms.pseudonym(of: right))
            #expect(mapped.0.isIPv6 == isIPv6)
            #expect(common(left, right) == common(mapped.0, mapped.1))
        }
    }

    @Test("Hardware addresses keep their first byte, and no two get the same pseudonym")
    func hardware() {
        let pseudonyms = AddressPseudonyms(key: (0..<32).map { UInt8($0) })
        let addresses = (0..<2000).map { MACAddress(bits: 0x0242_0000_0000 + $0) }
        let mapped = addresses.map { pseudonyms.pseudonym(of: $0) }
        #expect(Set(mapped).count == addresses.count)
        #expect(mapped.allSatisfy { $0[0] == 0x02 })
        #expect(pseudonyms.pseudonym(of: MACAddress(bits: 0xffff_ffff_ffff)).bits == 0xffff_ffff_ffff)
    }
}
