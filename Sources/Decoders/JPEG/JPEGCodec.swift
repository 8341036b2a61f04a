import CJPEG

/// One pass of a JPEG codec over a file in memory.
struct JPEGCodec {
  /// Encoders write about ten scans; without a limit, a small file of many would keep the decoder busy for hours.
  /// Large pictures, whose scans take longest, get fewer.
  private var maximumScans: Int32 {
    Int32(min(200, max(50, (1 << 34) / (layout.width * layout.height))))
  }

  var path: String
  var bytes: [UInt8]
  var layout: JPEGLayout
  /// Eighths.
  var scale: Int
  var stored: Bool

  /// `[H, W]` or `[H, W, C]`, not yet turned upright.
  func picture() throws(DecodingError) -> Raster {
    let height = (layout.height * scale).dividedUp(by: 8)
    let width = (layout.width * scale).dividedUp(by: 8)
    let channels = layout.components.count == 4 && !stored ? 3 : layout.components.count
    let shape = channels == 1 ? [height, width] : [height, width, channels]
    let request = cjpeg_request(
      bytes: nil, count: bytes.count, width: UInt32(width), height: UInt32(height), channels: Int32(channels),
      scale: Int32(scale), maximum_scans: maximumScans, stop: { Task.isCancelled ? 1 : 0 })
    guard layout.precision > 8 else {
      return Raster(shape: shape, samples: .uint8(try samples(request)))
    }
    var samples: [UInt16] = try samples(request)
    if layout.process != .lossless && !stored { Self.spread(&samples) }
    return Raster(shape: shape, samples: .uint16(samples))
  }

  /// 12 bits over the range of 16.
  private static func spread(_ samples: inout [UInt16]) {
    samples.withUnsafeMutableBufferPointer { samples in
      for index in samples.indices { samples[index] = samples[index] << 4 | samples[index] >> 8 }
    }
  }

  private func samples<Sample: FixedWidthInteger>(_ request: cjpeg_request) throws(DecodingError) -> [Sample]
  {
    var request = request
    var report = cjpeg_report()
    var status = CJPEG_OK
    let count = Int(request.width) * Int(request.height) * Int(request.channels)
    let samples = [Sample](unsafeUninitializedCapacity: count) { target, filled in
      guard let base = UnsafeMutableRawPointer(target.baseAddress)?.assumingMemoryBound(to: UInt8.self) else {
        return
      }
      bytes.withUnsafeBufferPointer { source in
        request.bytes = source.baseAddress
        if layout.wide {
          // Where a broken file makes the codec skip samples, they are zero rather than what was in memory.
          target.initialize(repeating: 0)
          let convert = layout.colourModel == "YCbCr"
          status = cjpeg_decode_wide(&request, Int32(layout.precision), convert ? 1 : 0, base, &report)
        } else {
          status = cjpeg_decode(&request, base, &report)
        }
      }
      filled = status == CJPEG_OK ? count : 0
    }
    guard status == CJPEG_OK else { throw refusal(status, report) }
    return samples
  }

  private func refusal(_ status: cjpeg_status, _ report: cjpeg_report) -> DecodingError {
    let words = withUnsafeBytes(of: report.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let place = DecodingError.Place.byte(Int(report.offset))
    return switch status {
    case CJPEG_TRUNCATED:
      DecodingError(
        .truncated, file: path, place: place, reason: "The image data end before the picture is complete.",
        remedy: JPEGLayout.remedy)
    case CJPEG_UNSUPPORTED:
      DecodingError(
        .unsupported, file: path, place: place, reason: "This kind of JPEG is not read (\(words)).",
        remedy: "Convert it to baseline JPEG.")
    case CJPEG_SCANS:
      DecodingError(
        .malformed, file: path, place: place,
        reason: "The picture comes in more than \(maximumScans) scans, which no honest encoder writes.",
        remedy: JPEGLayout.remedy)
    case CJPEG_MEMORY:
      DecodingError(
        .tooLarge, file: path, reason: "There is not enough memory for this picture.",
        remedy: "Cut or scale it down first, or use a machine with more memory.")
    case CJPEG_STOPPED:
      DecodingError(.cancelled, file: path, reason: "Decoding was cancelled.", remedy: "Run it again.")
    default:
      DecodingError(
        .malformed, file: path, place: place, reason: "The image data are broken (\(words)).",
        remedy: JPEGLayout.remedy)
    }
  }
}
