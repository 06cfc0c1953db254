// The part of a name that somebody registered, and what stands below it.

/// Splits a domain name by a rule that needs no list: two labels, or three when the last is a country's and the one
/// before it is short, as in `example.co.uk`. Wrong for some suffixes of the Public Suffix List, in the same way every time.
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
}
