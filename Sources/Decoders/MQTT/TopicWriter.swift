/// Publishes lines to a topic, each a message with QoS 1.
public final class TopicWriter {
  private let connection: BrokerConnection

  /// Connects with the first lines.
  /// - Throws: `DecodingError`: `unsupported` where libmosquitto is missing, `malformed` for a topic with `+` or `#`.
  public init(_ address: BrokerAddress, broker: BrokerOptions) throws(DecodingError) {
    connection = try BrokerConnection(address, broker, subscribes: false)
  }

  deinit { connection.close() }

  /// Publishes lines and waits until the broker has them, however often the connection is lost meanwhile.
  /// - Throws: `DecodingError`: `unsupported` when the broker refuses, `cancelled`.
  public func write(_ lines: [String]) throws(DecodingError) {
    try connection.publish(lines.map { Array($0.utf8) })
  }
}
