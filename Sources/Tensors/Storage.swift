import COneDNN
import Foundation

/// The memory behind one or more tensors: a block from the free lists, given back with the last reference.
///
/// Unchecked, because the compiler cannot see that the bytes are written only before the storage is shared:
/// a tensor's initialiser fills them, and the tape writes again only to gradients whose storage it alone
/// holds (`isKnownUniquelyReferenced`). From then on every thread only reads. The derived forms are guarded by a
/// lock.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  /// These numbers in other forms, each made at a weight's first use, for all replicas. Touched only under `lock`.
  private var forms: [Form: Storage?] = [:]
  /// One of a few for all storages, so that making a tensor makes no lock. Locks that the thread sanitizer knows: it
  /// does not see how a `Mutex` waits.
  private var lock: NSLock { Storage.locks[(Int(bitPattern: pointer) >> 6) % Storage.locks.count] }
  private static let locks = (0..<32).map { _ in NSLock() }

  private enum Form: Hashable {
    /// As another type.
    case cast(ElementType)
    /// Laid out for products of a type.
    case packed(ElementType, inputs: Int, outputs: Int)
  }

  init(bytes: Int) {
    guard let block = braid_allocate(max(bytes, 64)) else {
      preconditionFailure("No memory left for a tensor of \(bytes) bytes.")
    }
    pointer = block
  }

  /// The weights `[outputs, inputs]` in these bytes as products of `type` want them; nil where they want them as
  /// they are.
  func packed(from own: ElementType, to type: ElementType, inputs: Int, outputs: Int) -> Storage? {
    lock.withLock {
      let key = Form.packed(type, inputs: inputs, outputs: outputs)
      if let made = forms[key] { return made }
      var form: Storage?
      let bytes = Int(braid_packed_size(type.code, Int64(inputs), Int64(outputs)))
      if bytes > 0 {
        let fresh = Storage(bytes: bytes)
        let status = braid_pack(
          own.code, type.code, Int64(inputs), Int64(outputs), pointer, fresh.pointer)
        if status == 0 { form = fresh }
      }
      forms[key] = .some(form)
      return form
    }
  }

  /// The `count` numbers in these bytes as another type.
  func cast(from own: ElementType, to type: ElementType, count: Int) -> Storage {
    lock.withLock {
      if let made = forms[.cast(type)] ?? nil { return made }
      let fresh = Storage(bytes: count * type.size)
      braid_convert(own.code, type.code, Int64(count), pointer, fresh.pointer)
      forms[.cast(type)] = fresh
      return fresh
    }
  }

  /// Forgets derived forms, before the bytes change.
  func changes() { lock.withLock { forms = [:] } }

  deinit { braid_release(pointer) }
}

/// The memory that tensors use and reuse.
public enum TensorMemory {
  /// Bytes taken from the system for tensors, in use or waiting for reuse.
  public static var held: Int { Int(braid_memory_held()) }

  /// Gives the free blocks of the calling thread, and those that threads have shared, back to the system.
  public static func trim() { braid_trim_memory() }
}
