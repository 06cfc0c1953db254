// S7 communication of Siemens controllers. There is no public standard; the layout is that of Wireshark's dissector.

import NetTypes

/// The head of an S7 message: its kind and what it asks for.
struct S7Message {
    private enum Kind {
        static let job: UInt8 = 1
        static let userData: UInt8 = 7
    }

    private let kind: UInt8
    private let function: UInt8
    /// Function group, of user data.
    private let group: UInt8?

    init?(_ bytes: ApplicationReader) {
        var reader = bytes
        guard reader.uint8() == 0x32, let kind = reader.uint8(), kind == Kind.job || kind == Kind.userData,
            reader.skip(8)
        else { return nil }
        self.kind = kind
        if kind == Kind.userData {
            // Head (3), length and method of the parameters, then type and group, then the subfunction.
            guard reader.skip(5), let group = reader.uint8(), let function = reader.uint8() else { return nil }
            self.group = group & 0x0f
            self.function = function
        } else {
            guard let function = reader.uint8() else { return nil }
            group = nil
            self.function = function
        }
    }

    /// Whether the connection does this for the first time. Functions of jobs differ in their low six bits; groups of user
    /// data take places that no function has.
    func isNews(to state: inout ApplicationSlot) -> Bool {
        state.isFirstUse(of: group.map { Int($0) + 8 } ?? Int(function & 0x3f))
    }

    func write(to fields: inout FieldWriter) {
        fields.append(.s7Kind, kind)
        fields.append(.s7Function, function)
        if let group { fields.append(.s7Group, group) }
    }
}
