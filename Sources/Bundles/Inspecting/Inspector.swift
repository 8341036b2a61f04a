import Decoders
import Files
import Foundation

/// Decodes any input and describes it.
public struct Inspector: Sendable {
  /// Folder for arrays in numpy's format; nil to write none.
  public var npy: String?
  /// Values as the file stores them, not as a viewer would show them.
  public var stored = false
  /// Evenly spaced frames taken of clips; nil for all.
  public var frames: Int?
  /// Lets a patient's name, id and birth date into metadata.
  public var identified = false

  /// Describes all frames as shown, and writes no arrays.
  public init() {}

  /// Describes one file; what is wrong with it stands in the result.
  /// - Parameter name: file name of the array below `npy`, without `.npy`.
  /// - Throws: `WritingError` when the array cannot be written.
  public func inspect(_ path: String, name: String) throws(WritingError) -> Inspection {
    do {
      return try ScanFormat.sniff(path: path) == .csv ? series(path, name) : scan(path, name)
    } catch let error as WritingError {
      throw error
    } catch let error as Decoders.DecodingError {
      var refused = Inspection(path: path)
      refused.error = .init(error)
      return refused
    } catch {
      var refused = Inspection(path: path)
      refused.error = .init(
        .init(
          .malformed, file: path, reason: "It cannot be read: \(error).", remedy: "Export the file again."))
      return refused
    }
  }

  private func scan(_ path: String, _ name: String) throws -> Inspection {
    var options = DecodeOptions(stored: stored, frames: frames)
    options.identified = identified
    var decoder = try Scans.open(path: path, options: options)
    var found = Inspection(path: path), summary = ValueSummary()
    var shape: [Int] = [], kept: [Raster.Samples] = [], count = 0
    while let frame = try decoder.next() {
      if count == 0 { (shape, found.dtype) = (frame.raster.shape, frame.raster.samples.dtype) }
      guard frame.raster.shape == shape, frame.raster.samples.dtype == found.dtype else {
        throw Decoders.DecodingError(
          .unsupported, file: path, place: .frame(frame.index),
          reason: "The size or type of the pictures changes within the clip.",
          remedy: "Split the clip where its size changes.")
      }
      summary.add(frame.raster.samples)
      if npy != nil { kept.append(frame.raster.samples) }
      count += 1
    }
    let header = decoder.header
    guard count > 0 else {
      throw Decoders.DecodingError(
        .malformed, file: path, reason: "It holds no picture.", remedy: "Export the file again.")
    }
    if header.kind == .clip {
      // Clips have four axes; of grey DICOM objects numpy's readers give three, and so do we.
      shape = [count] + (shape.count == 2 && header.format == .video ? shape + [1] : shape)
    }
    (found.kind, found.format, found.shape) = (header.kind, header.format, shape)
    (found.min, found.max, found.mean) = (summary.min, summary.max, summary.mean)
    found.metadata = header.metadata
    if let npy, let joined = Raster.Samples(joining: kept) {
      found.npy = try write(NPYWriter.encode(Raster(shape: shape, samples: joined)), npy, name)
    }
    return found
  }

  private func series(_ path: String, _ name: String) throws -> Inspection {
    var reader = try SensorReader(path: path, options: SensorOptions(keepsTimeText: false))
    let header = reader.header
    var found = Inspection(path: path), summary = ValueSummary()
    var rows = 0, kept: [Float] = [], first: Double?, last: Double?
    while let part = try reader.next(8192) {
      summary.addNumbers(part.values)
      rows += part.count
      if npy != nil { kept += part.values }
      first = first ?? part.time?.first { $0.isFinite }
      last = part.time?.last { $0.isFinite } ?? last
    }
    (found.kind, found.format, found.dtype) = (.series, .csv, "float32")
    found.shape = [rows, header.channels.count]
    (found.min, found.max, found.mean) = (summary.min, summary.max, summary.mean)
    var metadata = Metadata()
    metadata["channels"] = .list(header.channels.map { .string($0.name) })
    metadata["units"] = .list(header.channels.map { .string($0.unit ?? "") })
    metadata["timeColumn"] = header.timeChannel.map { .string($0) }
    metadata["timeFormat"] = header.timeFormat.map { .string($0) }
    metadata["firstTime"] = first.map { .number($0) }
    metadata["lastTime"] = last.map { .number($0) }
    metadata["separator"] = .string(String(header.separator))
    metadata["decimal"] = .string(String(header.decimal))
    metadata["header"] = .bool(header.hasHeader)
    metadata["compressed"] = .bool(header.isCompressed)
    if !header.textColumns.isEmpty { metadata["textColumns"] = .list(header.textColumns.map { .string($0) }) }
    if !header.preamble.isEmpty { metadata["preamble"] = .list(header.preamble.map { .string($0) }) }
    let refused = reader.refusedRows
    metadata["refusedRows"] = .integer(refused.count)
    if refused.count > 0 {
      metadata["refusedExamples"] = .list(refused.examples.prefix(5).map { .string($0.description) })
    }
    if reader.repeatedHeaders > 0 { metadata["repeatedHeaders"] = .integer(reader.repeatedHeaders) }
    found.metadata = metadata
    if let npy { found.npy = try write(NPYWriter.encode(kept, shape: found.shape ?? []), npy, name) }
    return found
  }

  private func write(_ bytes: [UInt8], _ folder: String, _ name: String) throws -> String {
    let path = (folder.hasSuffix("/") ? folder : folder + "/") + name + ".npy"
    try? FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try AtomicFile.write(bytes, to: path)
    return path
  }
}

extension Raster.Samples {
  /// The samples of several pictures of one type, one after the other; nil without any.
  fileprivate init?(joining parts: [Raster.Samples]) {
    func all<Value>(_ part: (Raster.Samples) -> [Value]?) -> [Value] { parts.flatMap { part($0) ?? [] } }
    switch parts.first {
    case nil: return nil
    case .uint8: self = .uint8(all { if case .uint8(let v) = $0 { v } else { nil } })
    case .int8: self = .int8(all { if case .int8(let v) = $0 { v } else { nil } })
    case .uint16: self = .uint16(all { if case .uint16(let v) = $0 { v } else { nil } })
    case .int16: self = .int16(all { if case .int16(let v) = $0 { v } else { nil } })
    case .uint32: self = .uint32(all { if case .uint32(let v) = $0 { v } else { nil } })
    case .int32: self = .int32(all { if case .int32(let v) = $0 { v } else { nil } })
    case .float32: self = .float32(all { if case .float32(let v) = $0 { v } else { nil } })
    case .float64: self = .float64(all { if case .float64(let v) = $0 { v } else { nil } })
    }
  }
}
