// Finds the fields of an application record by name, in one pass over its bytes.

import NetTypes

/// The first field of every name in a record of one protocol, and all fields in their order.
///
/// The names of one protocol differ in their low five bits (`ApplicationField`), so a table of 32 places holds them; a
/// record that mixed protocols would lose names, never confuse them. Borrows the bytes like `FieldReader`.
struct FieldIndex: Sequence {
    private let reader: FieldReader
    private var found: UInt32 = 0
    private var fields = InlineArray<32, FieldReader.Field?>(repeating: nil)

    init(_ reader: FieldReader) {
        self.reader = reader
        for field in reader {
            let place = Int(field.name.rawValue & 31)
            guard found >> UInt32(place) & 1 == 0 else { continue }
            found |= 1 << UInt32(place)
            fields[place] = field
        }
    }

    /// The first field of the given name.
    @inline(__always)
    func first(_ name: ApplicationField) -> FieldReader.Field? {
        let place = name.rawValue & 31
        guard found >> UInt32(place) & 1 == 1, let field = fields[Int(place)], field.name == name else { return nil }
        return field
    }

    func makeIterator() -> FieldReader { reader }
}
