// What messages say about who made them.

/// Vendor, product and version, as every format wants to know them.
enum ProductName {
    static let vendor: StaticString = "leptonnet"
    static let product: StaticString = "leptonnet"
    static let version: StaticString = "0.1.0"
}
