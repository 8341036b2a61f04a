/// What came from a broker.
struct Message: Codable, Equatable {
  var topic: String
  var payload: [UInt8]
  /// Of the packet; the same when it comes again over another connection of the session.
  var id: Int
  /// Kept by the broker from before the subscription.
  var isRetained: Bool

  /// Tells messages apart (FNV-1a, 64 bits).
  var mark: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    topic.utf8.forEach(add)
    add(0)
    payload.forEach(add)
    return hash
  }
}
