/// How Braid presents itself to a broker.
public struct BrokerOptions: Sendable {
  /// Name under which the broker keeps what comes while Braid is away; the same at every start, and no one else's.
  public var client: String
  /// Whether the broker keeps nothing for this client.
  public var isForgotten = false
  /// PEM file of the authorities that sign brokers; nil for those of the system.
  public var authorities: String?
  /// User and password; nil for none.
  public var user: String?
  /// Sent only where there is a user.
  public var password: String?
  /// Told what happens to the connection, one sentence each.
  public var told: @Sendable (String) -> Void = { _ in }

  /// - Parameter client: name of the client, at most 65535 bytes.
  public init(client: String) { self.client = client }
}
