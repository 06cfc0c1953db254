// The part of a name that somebody registered, and what stands below it.

/// Splits a domain name by a rule that needs no list: two labels, or three when the last is a country's and the one
/// before it is short, as in `example.co.uk`. Wrong for some suffixes of the Public Suffix List, in the same way every time.
///
/// A name whose last label cannot be a top-level domain is registered nowhere: its last label is data like the rest, as when a
/// tunnel speaks to its server without a domain in between. All of them have one domain, the empty one.
struct RegisteredDomain {
    let domain: UnsafeRawBufferPointer
    /// The labels below, without the dot between.
    let below: UnsafeRawBufferPointer

    /// The label that was registered, without what follows its dot.
    var label: UnsafeRawBufferPointer {
        let end = domain.firstIndex(of: UInt8(ascii: ".")) ?? domain.count
        return UnsafeRawBufferPointer(rebasing: domain[..<end])
    }

    init(of name: UnsafeRawBufferPointer) {
        let dot = UInt8(ascii: ".")
        guard Self.mayEnd(name) else {
            domain = UnsafeRawBufferPointer(rebasing: name[name.count...])
            below = name
            return
        }
        var dots: InlineArray<3, Int> = [-1, -1, -1]
        var found = 0
        var index = name.count - 1
        while index >= 0, found < 3 {
            if name[index] == dot {
                dots[found] = index
                found += 1
            }
            index -= 1
        }
        let isShort = found >= 2 && name.count - dots[0] == 3 && dots[0] - dots[1] <= 4
        let cut = isShort ? (found >= 3 ? dots[2] : -1) : (found >= 2 ? dots[1] : -1)
        domain = UnsafeRawBufferPointer(rebasing: name[(cut + 1)...])
        below = UnsafeRawBufferPointer(rebasing: name[..<max(0, cut)])
    }

    /// Whether the last of several labels may be a top-level domain: letters alone (RFC 3696, section 2), or an
    /// internationalized one (`xn--`). A single label is a host of the site.
    private static func mayEnd(_ name: UnsafeRawBufferPointer) -> Bool {
        guard let last = name.lastIndex(of: UInt8(ascii: ".")), last + 1 < name.count else { return true }
        let label = name[(last + 1)...]
        if label.count > 4, label[last + 3] == UInt8(ascii: "-"), label[last + 4] == UInt8(ascii: "-") { return true }
        return label.allSatisfy { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
    }
}
