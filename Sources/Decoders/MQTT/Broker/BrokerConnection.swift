import CMosquitto
import Foundation

/// A connection to a broker that comes back when it is lost (MQTT 3.1.1, QoS 1).
///
/// What was received is acknowledged by `acknowledge`, not before, so that a program that ends earlier gets it again.
final class BrokerConnection {
  let address: BrokerAddress
  private let options: BrokerOptions
  private let subscribes: Bool
  private let handle: OpaquePointer
  private let inbox = Inbox()
  private var isConnected = false
  /// Whether the broker should know this client from before.
  var expectsSession = false
  /// How many connections there have been, this one included.
  private(set) var connections = 0

  /// Seconds without a word after which a connection counts as dead. Who only publishes may be silent for long, and
  /// notices a dead connection with the next message.
  private var keepalive: Int32 { subscribes ? 60 : 0 }
  /// Milliseconds for an answer of the broker.
  private static let patience: Int32 = 10_000
  /// Seconds between two tries, doubled each time: a broker that restarts is found soon, one that is gone is left
  /// alone.
  private static let pauses = (first: 1.0, last: 30.0)

  private final class Inbox { var messages: [Message] = [] }

  /// - Parameter subscribes: whether messages of the address's topic are wanted.
  /// - Throws: `DecodingError`: `unsupported` where libmosquitto is missing, `malformed` for a topic or an option that
  ///   cannot be used.
  init(_ address: BrokerAddress, _ options: BrokerOptions, subscribes: Bool) throws(DecodingError) {
    (self.address, self.options, self.subscribes) = (address, options, subscribes)
    if let missing = cmosquitto_missing() {
      throw DecodingError(
        .unsupported, file: "\(address)", reason: "libmosquitto cannot be used: \(String(cString: missing)).",
        remedy: "Install libmosquitto1 to read from a broker.")
    }
    let isUsable = subscribes ? cmosquitto_is_filter(address.topic) : cmosquitto_is_topic(address.topic)
    guard isUsable else {
      throw DecodingError(
        .malformed, file: "\(address)",
        reason: subscribes ? "This is no topic filter." : "Results need one topic, without + and #.",
        remedy: "A level of a filter is a name, + or, at the end, #.")
    }
    guard let made = cmosquitto_make(options.client, options.isForgotten) else {
      throw DecodingError(
        .malformed, file: "\(address)", reason: "The client name “\(options.client)” cannot be used.",
        remedy: "Name another one with --mqtt-client.")
    }
    handle = made
    if let user = options.user { try refuse(cmosquitto_login(handle, user, options.password)) }
    if address.isSecure {
      if let file = options.authorities, !FileManager.default.isReadableFile(atPath: file) {
        throw DecodingError(
          .notFound, file: file, reason: "The authorities cannot be read.",
          remedy: "Name a PEM file with --mqtt-ca.")
      }
      try refuse(cmosquitto_secure(handle, options.authorities))
    }
    cmosquitto_receiver(
      handle,
      { context, message in
        guard let context, let message = message?.pointee else { return }
        let inbox = Unmanaged<Inbox>.fromOpaque(context).takeUnretainedValue()
        inbox.messages.append(
          Message(
            topic: String(cString: message.topic),
            payload: Array(UnsafeBufferPointer(start: message.payload, count: message.count)),
            id: Int(message.id), isRetained: message.retained))
      }, Unmanaged.passUnretained(inbox).toOpaque())
  }

  deinit { cmosquitto_free(handle) }

  /// Messages that came within `milliseconds`. Connects first where there is no connection.
  /// - Throws: `DecodingError`: `unsupported` when the broker refuses this client, `cancelled`.
  func receive(_ milliseconds: Int32) throws(DecodingError) -> [Message] {
    try connect()
    if inbox.messages.isEmpty, cmosquitto_receive(handle, milliseconds) != CMOSQUITTO_OK { lose() }
    defer { inbox.messages.removeAll() }
    return inbox.messages
  }

  /// Acknowledges all that was received.
  func acknowledge() throws(DecodingError) {
    if isConnected, cmosquitto_send(handle) != CMOSQUITTO_OK { lose() }
  }

  /// Publishes messages to the address's topic and waits until the broker has them all.
  func publish(_ payloads: [[UInt8]]) throws(DecodingError) {
    var next = 0
    while next < payloads.count || cmosquitto_pending(handle) > 0 {
      try connect()
      if next < payloads.count {
        let code = payloads[next].withUnsafeBufferPointer {
          cmosquitto_publish(handle, address.topic, $0.baseAddress, $0.count)
        }
        try refuse(code)
        if code == CMOSQUITTO_OK { next += 1 } else { lose() }
      } else if cmosquitto_send(handle) != CMOSQUITTO_OK || cmosquitto_receive(handle, 50) != CMOSQUITTO_OK {
        lose()
      }
    }
  }

  /// Says goodbye, so that the broker does not wait for signs of life.
  func close() {
    if isConnected { cmosquitto_disconnect(handle) }
    isConnected = false
  }

  private func connect() throws(DecodingError) {
    var pause = Self.pauses.first
    while !isConnected {
      if Task.isCancelled { throw FileDescriptor.cancelled("\(address)") }
      var isKnown = false
      var code = cmosquitto_connect(
        handle, address.host, Int32(address.port), keepalive, Self.patience, &isKnown)
      if code == CMOSQUITTO_OK, subscribes, !isKnown || connections == 0 {
        if connections > 0 || expectsSession, !isKnown, !options.isForgotten {
          options.told(
            "\(address): The broker has forgotten the session; what was sent meanwhile may be lost.")
        }
        code = cmosquitto_subscribe(handle, address.topic, Self.patience)
      }
      if code == CMOSQUITTO_OK {
        options.told("\(address): Connected\(connections > 0 ? " again" : " as \(options.client)").")
        (isConnected, connections) = (true, connections + 1)
        return
      }
      try refuse(code)
      options.told("\(address): No connection (\(reason)); the next try in \(Int(pause)) s.")
      let end = ContinuousClock.now + .seconds(pause)
      while ContinuousClock.now < end {
        if Task.isCancelled { throw FileDescriptor.cancelled("\(address)") }
        usleep(50_000)
      }
      pause = min(Self.pauses.last, 2 * pause)
    }
    if Task.isCancelled { throw FileDescriptor.cancelled("\(address)") }
  }

  private func lose() {
    isConnected = false
    options.told("\(address): The connection was lost (\(reason)).")
  }

  private var reason: String { String(cString: cmosquitto_reason(handle)) }

  /// Throws what trying again cannot mend.
  private func refuse(_ code: Int32) throws(DecodingError) {
    guard code == CMOSQUITTO_REFUSED || code == CMOSQUITTO_UNUSABLE else { return }
    throw DecodingError(
      .unsupported, file: "\(address)", reason: "The broker cannot be used: \(reason).",
      remedy: "Check the address, BRAID_MQTT_USER, BRAID_MQTT_PASSWORD and --mqtt-ca.")
  }

}
