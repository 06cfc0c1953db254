// The bounded table.

import TestSupport
import Testing

@testable import Anomaly

@Suite("Bounded table of keys")
struct KeyTableTests {
    @Test("Keys are found with their values as long as there is room")
    func findsAll() {
        let table = KeyTable<UInt32>(capacity: 4096, initial: 0, lifetime: 100)
        var generator = SeededGenerator(seed: 1)
        let keys = (0..<1000).map { _ in generator.next() }
        for (index, key) in keys.enumerated() { table[table.insert(key, 1).place] = UInt32(index) }
        #expect(table.shed == 0)
        for (index, key) in keys.enumerated() { #expect(table.find(key).map { table[$0] } == UInt32(index)) }
    }

    @Test("A value stays at its place while others come, and a key that takes another's place begins anew")
    func keepsPlaces() throws {
        let table = KeyTable<UInt64>(capacity: 16, initial: 7, lifetime: 100)
        let first = table.insert(0, 1).place
        table[first] = 99
        for key in 1..<8 { table[table.insert(UInt64(key) << 8, UInt32(key + 1)).place] = UInt64(key) }
        #expect(table.find(0) == first)
        #expect(table[first] == 99)
        let next = table.insert(8 << 8, 50)
        #expect(next.isNew)
        #expect(next.place == first)
        #expect(table[next.place] == 7)
        #expect(table.count == 8)
    }

    @Test("A saved table comes back with the same places, and one with a place beyond its values is refused")
    func restores() throws {
        let table = KeyTable<UInt32>(capacity: 64, initial: 0, lifetime: 100)
        var generator = SeededGenerator(seed: 2)
        let keys = (0..<20).map { _ in generator.next() }
        for (index, key) in keys.enumerated() { table[table.insert(key, 1).place] = UInt32(index) }
        var saved: [UInt8] = []
        table.exchange(ModelArchive { saved += $0 })
        let copy = KeyTable<UInt32>(capacity: 64, initial: 0, lifetime: 100)
        copy.exchange(ModelArchive(reading: saved))
        for key in keys { #expect(copy.find(key) == table.find(key)) }
        for place in 0..<table.count { #expect(copy[place] == table[place]) }
        var bytes = saved
        bytes[0] = 3
        let damaged = ModelArchive(reading: bytes)
        KeyTable<UInt32>(capacity: 64, initial: 0, lifetime: 100).exchange(damaged)
        #expect(!damaged.isSound)
    }

    @Test("A full set gives up what was used longest ago, and counts it when it had not expired")
    func shedsOldest() {
        let table = KeyIndex(capacity: 16, lifetime: 100)
        for key in 0..<8 { _ = table.insert(UInt64(key) << 8, UInt32(key + 1)) }
        _ = table.insert(0, 50)
        _ = table.insert(9 << 8, 60)
        #expect(table.find(1 << 8) == nil)
        #expect(table.find(0) != nil)
        #expect(table.shed == 1)
        _ = table.insert(10 << 8, 1000)
        #expect(table.shed == 1)
    }

    @Test("A removed key is gone, and the others of its set stay")
    func removes() {
        let table = KeyIndex(capacity: 16, lifetime: 100)
        for key in 0..<6 { table[table.insert(UInt64(key) << 8, 1).place] = UInt32(key) }
        table.remove(2 << 8)
        #expect(table.find(2 << 8) == nil)
        for key in [0, 1, 3, 4, 5] { #expect(table.find(UInt64(key) << 8).map { table[$0] } == UInt32(key)) }
    }

    @Test("A flood of foreign keys displaces nothing of the other half")
    func halves() {
        let table = KeyIndex(capacity: 1024, lifetime: 1 << 20)
        var generator = SeededGenerator(seed: 3)
        let own = (0..<200).map { _ in KeyMixer.mark(generator.next(), foreign: false) }
        for key in own { _ = table.insert(key, 1) }
        for _ in 0..<100_000 { _ = table.insert(KeyMixer.mark(generator.next(), foreign: true), 2) }
        #expect(own.allSatisfy { table.find($0) != nil })
    }
}
