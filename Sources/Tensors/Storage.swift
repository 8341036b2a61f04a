import COneDNN

/// The memory behind one or more tensors: a block from the free lists, given back with the last reference.
///
/// Unchecked, because the compiler cannot see that the bytes are written only before the storage is shared:
/// a tensor's initialiser fills them, and the tape writes again only to gradients whose storage it alone
/// holds (`isKnownUniquelyReferenced`). From then on every thread only reads.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer

  init(bytes: Int) {
    guard let block = braid_allocate(max(bytes, 64)) else {
      preconditionFailure("No memory left for a tensor of \(bytes) bytes.")
    }
    pointer = block
  }

  deinit { braid_release(pointer) }
}

/// The memory that tensors use and reuse.
public enum TensorMemory {
  /// Bytes taken from the system for tensors, in use or waiting for reuse.
  public static var held: Int { Int(braid_memory_held()) }

  /// Gives the free blocks of the calling thread, and those that threads have shared, back to the system.
  public static func trim() { braid_trim_memory() }
}
