import Foundation

/// A real broker on this machine, on a free port, with its files in a folder; Mosquitto.
/// `@unchecked` is sound: a test uses it from one thread at a time.
final class Broker: @unchecked Sendable {
  static let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  static var isInstalled: Bool { program != nil }

  let folder: String, port: Int
  private let settings: [String]
  private var process: SpawnedProcess?

  /// - Parameter settings: further lines of the configuration.
  init(folder: String, settings: [String] = ["allow_anonymous true"]) throws {
    (self.folder, self.settings) = (folder, settings)
    port = try Broker.freePort()
    try start()
  }

  deinit { stop() }

  func start() throws {
    let configuration = folder + "/broker.conf"
    try
      ([
        "listener \(port) 127.0.0.1", "persistence true", "persistence_location \(folder)/",
        "max_queued_messages 0",
      ]
      + settings + [geteuid() == 0 ? "user root" : ""]).joined(separator: "\n").write(
        toFile: configuration, atomically: true, encoding: .utf8)
    process = try SpawnedProcess([Broker.program ?? "", "-c", configuration])
    for _ in 0..<200 where !isListening { usleep(20_000) }
  }

  /// Ends it in order: what it holds for its clients is on disk then.
  func stop() {
    process?.end(SIGTERM)
    process = nil
  }

  private var isListening: Bool {
    let descriptor = Broker.socket()
    defer { close(descriptor) }
    return Broker.withAddress(port) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      == 0
  }

  private static func freePort() throws -> Int {
    let descriptor = socket()
    defer { close(descriptor) }
    guard withAddress(0, { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }) == 0 else {
      throw CocoaError(.fileNoSuchFile)
    }
    var address = sockaddr_in(), size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func socket() -> Int32 { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

  private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }
}
