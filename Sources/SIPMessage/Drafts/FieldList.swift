/// Header fields of a message that we make, in their order.
package struct FieldList: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var name: FieldName
        package var value: String
    }
    package private(set) var entries: [Entry] = []

    package init() {}

    package mutating func append(_ name: FieldName, _ value: String) { entries.append(Entry(name: name, value: value)) }
    /// The only one of its name from now on, where the first stood, or at the end.
    package mutating func set(_ name: FieldName, _ value: String) {
        guard let index = entries.firstIndex(where: { $0.name == name }) else { return append(name, value) }
        entries[index].value = value
        var position = 0
        entries.removeAll { entry in
            defer { position += 1 }
            return position > index && entry.name == name
        }
    }
    /// Another value for the first of its name, the others left as they are; at the end if there is none.
    package mutating func setFirst(_ name: FieldName, _ value: String) {
        guard let index = entries.firstIndex(where: { $0.name == name }) else { return append(name, value) }
        entries[index].value = value
    }
    package mutating func remove(_ name: FieldName) { entries.removeAll { $0.name == name } }

    package func first(_ name: FieldName) -> String? { entries.first { $0.name == name }?.value }
    package func all(_ name: FieldName) -> [String] { entries.filter { $0.name == name }.map(\.value) }
    package func has(_ name: FieldName) -> Bool { entries.contains { $0.name == name } }
}
