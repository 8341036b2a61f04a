import Decoders
import Foundation
import Testing

/// Passwords and TLS, against a real broker.
@Suite(.enabled(if: Broker.isInstalled, "mosquitto is not installed"), .serialized) struct BrokerSecurityTests
{
  let folder: Scratch
  init() throws { folder = try Scratch() }

  private func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
  }

  private func write(_ address: String, _ options: BrokerOptions) throws {
    try TopicWriter(BrokerAddress(address), broker: options).write(["{\"x\":1}"])
  }

  @Test func aWrongPasswordIsRefused() throws {
    let passwords = folder.path + "/passwords"
    try "plant:secret\n".write(toFile: passwords, atomically: true, encoding: .utf8)
    try run("/usr/bin/mosquitto_passwd", ["-U", passwords])
    let broker = try Broker(
      folder: folder.path, settings: ["allow_anonymous false", "password_file \(passwords)"])
    var options = BrokerOptions(client: "writer")
    (options.user, options.password) = ("plant", "secret")
    try write("mqtt://127.0.0.1:\(broker.port)/m", options)
    options.password = "guess"
    let error = #expect(throws: DecodingError.self) {
      try write("mqtt://127.0.0.1:\(broker.port)/m", options)
    }
    #expect(error?.code == .unsupported && error?.remedy.contains("BRAID_MQTT_PASSWORD") ?? false)
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "openssl is not installed")
  )
  func anUnknownAuthorityIsRefused() throws {
    let openssl = "/usr/bin/openssl", path = folder.path
    for name in ["ca", "other"] {
      try run(
        openssl,
        [
          "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout",
          "\(path)/\(name).key", "-out", "\(path)/\(name).pem",
        ])
    }
    try run(
      openssl,
      [
        "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "\(path)/server.key",
        "-out",
        "\(path)/server.csr",
      ])
    try "subjectAltName=DNS:localhost,IP:127.0.0.1".write(
      toFile: path + "/names", atomically: true, encoding: .utf8)
    try run(
      openssl,
      [
        "x509", "-req", "-in", "\(path)/server.csr", "-CA", "\(path)/ca.pem", "-CAkey", "\(path)/ca.key",
        "-CAcreateserial", "-days", "2", "-extfile", "\(path)/names", "-out", "\(path)/server.pem",
      ])
    let broker = try Broker(
      folder: path,
      settings: [
        "allow_anonymous true", "cafile \(path)/ca.pem", "certfile \(path)/server.pem",
        "keyfile \(path)/server.key",
      ])
    var options = BrokerOptions(client: "writer")
    options.authorities = path + "/ca.pem"
    try write("mqtts://127.0.0.1:\(broker.port)/m", options)
    options.authorities = path + "/other.pem"
    let error = #expect(throws: DecodingError.self) {
      try write("mqtts://127.0.0.1:\(broker.port)/m", options)
    }
    #expect(error?.code == .unsupported)
    options.authorities = path + "/none.pem"
    #expect(throws: DecodingError.self) { try write("mqtts://127.0.0.1:\(broker.port)/m", options) }
  }
}
