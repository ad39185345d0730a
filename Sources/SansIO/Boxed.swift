/// A large value behind a pointer. In a table it takes the room of a pointer, however many places the table keeps free,
/// and its parts are read and changed without a copy of the whole. It is still a value: whoever changes it while another
/// holds it gets a copy of his own.
///
/// Nobody else reaches the storage, and it is changed only where there is one reference to it: that is what makes it
/// `Sendable`, and what is known of accesses to the box holds for the storage too. `public` only because the compiler
/// takes nothing else into other modules (`package` with `@inlinable` is called, unspecialised).
@dynamicMemberLookup
public struct Boxed<Value: Sendable>: @unchecked Sendable {
    @usableFromInline final class Storage {
        @exclusivity(unchecked) @usableFromInline var value: Value
        @inlinable init(_ value: Value) { self.value = value }
    }
    @usableFromInline var storage: Storage

    /// A box with this in it.
    @inlinable public init(_ value: Value) { storage = Storage(value) }

    /// What is in it, read and changed where it lies.
    @inlinable public var value: Value {
        @inline(__always) _read { yield storage.value }
        @inline(__always) _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
            yield &storage.value
        }
    }

    /// A part of it.
    @inlinable public subscript<Part>(dynamicMember part: KeyPath<Value, Part>) -> Part {
        @inline(__always) get { storage.value[keyPath: part] }
    }
    /// A part of it that can be changed.
    @inlinable public subscript<Part>(dynamicMember part: WritableKeyPath<Value, Part>) -> Part {
        @inline(__always) get { storage.value[keyPath: part] }
        @inline(__always) _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
            yield &storage.value[keyPath: part]
        }
    }
}
