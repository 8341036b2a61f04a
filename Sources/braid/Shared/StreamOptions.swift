import ArgumentParser
import Bundles
import Decoders
import Foundation

/// Where rows of a stream come from beside a file, how they are judged, and where results go.
struct StreamOptions: ParsableArguments {
  /// How results are written.
  enum Format: String, ExpressibleByArgument, CaseIterable { case json, csv }

  @Option(
    help: "json, one object a line, or csv; csv where --out ends in .csv, json otherwise.")
  var format: Format?
  @Option(
    help:
      "Publish results as JSON to mqtt://HOST[:PORT]/TOPIC (mqtts:// over TLS), one message a window, QoS 1.")
  var to: String?
  @Option(
    help: "Names of the columns of MQTT payloads that are lines without a header, separated by commas.")
  var columns: String?
  @Option(
    help:
      """
      Where every sensor has a topic: one row a period, such as 1s or 500ms, of the latest values. Otherwise a row for \
      every time that messages carry or, without times, whenever every sensor has told a value.
      """)
  var sampleEvery: String?
  @Option(
    help:
      """
      Name under which the broker keeps messages while Braid is away. By default made of address and --state; without \
      either option or --out the broker keeps nothing.
      """)
  var mqttClient: String?
  @Option(help: "PEM file of the authorities that sign the broker; those of the system by default.")
  var mqttCa: String?
  @Option(
    help: "File of two lines, user and password; BRAID_MQTT_USER and BRAID_MQTT_PASSWORD otherwise.")
  var mqttLogin: String?
  @Option(
    help:
      """
      Rows that come this share faster or slower than in training put their windows in doubt; inf for any rate.
      """)
  var rateTolerance = 0.1

  @Option(
    help:
      "all, alarms or none: windows for which the share of each sensor is found out, which takes most of the time."
  )
  var contributions = FaultPipeline.Contributions.all

  func check(file: String, follows: Bool) throws {
    let isBroker = BrokerAddress.isOne(file)
    guard rateTolerance > 0 else {
      throw ValidationError("--rate-tolerance (\(rateTolerance)) must be above 0.")
    }
    if !isBroker {
      for (value, name) in [
        (columns, "--columns"), (sampleEvery, "--sample-every"), (mqttClient, "--mqtt-client"),
      ]
      where value != nil { throw ValidationError("\(name) belongs to an mqtt:// input.") }
    }
    if !isBroker && to == nil, mqttCa ?? mqttLogin != nil {
      throw ValidationError("--mqtt-ca and --mqtt-login belong to mqtt:// addresses.")
    }
    for address in [isBroker ? file : nil, to].compactMap({ $0 }) {
      let parsed: BrokerAddress
      do throws(DecodingError) { parsed = try BrokerAddress(address) } catch {
        throw ValidationError("\(error)")
      }
      if address == to, parsed.isFilter {
        throw ValidationError("--to (\(address)) needs one topic, without + and #.")
      }
    }
    if let sampleEvery, seconds == nil {
      throw ValidationError("--sample-every (\(sampleEvery)) must be a period such as 500ms, 1s or 5m.")
    }
    if format == .csv, to != nil { throw ValidationError("--to publishes JSON; leave --format csv out.") }
  }

  /// Seconds of `--sample-every`.
  private var seconds: Double? {
    guard let text = sampleEvery else { return nil }
    for (unit, scale) in [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)] where text.hasSuffix(unit) {
      guard let number = Double(text.dropLast(unit.count)), number > 0, number.isFinite else { continue }
      return number * scale
    }
    return nil
  }

  /// - Parameter state: where the place is kept; nil for none.
  func apply(to options: inout PredictJob.Options, state: String?) throws {
    (options.rateTolerance, options.contributions) = (rateTolerance, contributions)
    guard BrokerAddress.isOne(options.path) else { return }
    options.messages.columns = columns.map {
      $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    options.messages.every = seconds
    options.broker = try broker(
      client: mqttClient ?? "braid-" + StreamOptions.mark(options.path + "\n" + (state ?? "")))
    options.broker?.isForgotten = state == nil && mqttClient == nil
  }

  /// Where `--to` publishes; nil without it.
  func writer() throws -> TopicWriter? {
    guard let to else { return nil }
    // A client of its own: results need no memory of the broker.
    var own = try broker(client: "braid-to-" + StreamOptions.mark("\(to)\n\(getpid())\n\(Date())"))
    own.isForgotten = true
    return try TopicWriter(BrokerAddress(to), broker: own)
  }

  private func broker(client: String) throws -> BrokerOptions {
    var found = BrokerOptions(client: client)
    found.authorities = mqttCa
    found.told = Output.note
    let environment = ProcessInfo.processInfo.environment
    (found.user, found.password) = (environment["BRAID_MQTT_USER"], environment["BRAID_MQTT_PASSWORD"])
    if let mqttLogin {
      guard let text = try? String(contentsOfFile: mqttLogin, encoding: .utf8) else {
        throw DecodingError(
          .notFound, file: mqttLogin, reason: "The file cannot be read.",
          remedy: "Name a file of two lines, user and password.")
      }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
      }
      (found.user, found.password) = (lines[0], lines.count > 1 ? lines[1] : nil)
    }
    return found
  }

  /// Twelve characters that are the same for the same text on this machine (FNV-1a).
  private static func mark(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in (ProcessInfo.processInfo.hostName + "\n" + text).utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return String(String(hash, radix: 16).suffix(12))
  }
}

extension FaultPipeline.Contributions: ExpressibleByArgument {}
