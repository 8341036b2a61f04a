import CPNG
import Foundation

/// One pass of libpng over a file.
final class PNGReader {
  // Rows of this many bytes between two looks at cancellation.
  private static let groupBytes = 1 << 20

  private let reader: OpaquePointer
  private let path: String
  private var layout = cpng_layout()

  init(_ input: InputFile, shown: Bool) throws(DecodingError) {
    let descriptor = dup(input.descriptor)
    guard descriptor >= 0 else {
      throw DecodingError(
        .notFound, file: input.path,
        reason: "This file cannot be opened again: \(String(cString: strerror(errno))).",
        remedy: "Close some files and try again.")
    }
    lseek(descriptor, 0, SEEK_SET)
    guard let reader = cpng_reader_open(descriptor) else { throw Self.memory(input.path) }
    (self.reader, path) = (reader, input.path)
    try check(cpng_reader_start(reader, shown ? 1 : 0, &layout))
  }

  deinit { cpng_reader_close(reader) }

  /// `[H, W]` or `[H, W, C]`.
  func picture() throws(DecodingError) -> Raster {
    let (height, width, channels) = (Int(layout.height), Int(layout.width), Int(layout.channels))
    let shape = channels == 1 ? [height, width] : [height, width, channels]
    return layout.sample_bytes == 2
      ? Raster(shape: shape, samples: .uint16(try samples(height * width * channels)))
      : Raster(shape: shape, samples: .uint8(try samples(height * width * channels)))
  }

  private func samples<Sample: FixedWidthInteger>(_ count: Int) throws(DecodingError) -> [Sample] {
    var failure: DecodingError?
    let samples = [Sample](unsafeUninitializedCapacity: count) { target, filled in
      do throws(DecodingError) {
        try read(UnsafeMutableRawBufferPointer(target).assumingMemoryBound(to: UInt8.self))
        filled = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return samples
  }

  private func read(_ target: UnsafeMutableBufferPointer<UInt8>) throws(DecodingError) {
    guard let base = target.baseAddress else { return }
    let height = Int(layout.height)
    let stride = Int(layout.width) * Int(layout.channels) * Int(layout.sample_bytes)
    let group = max(1, Self.groupBytes / stride)
    for _ in 0..<layout.passes {
      var row = 0
      while row < height {
        guard !Task.isCancelled else {
          throw DecodingError(
            .cancelled, file: path, reason: "Decoding was cancelled.", remedy: "Run it again.")
        }
        let count = min(group, height - row)
        try check(cpng_reader_rows(reader, base + row * stride, stride, UInt32(count)))
        row += count
      }
    }
  }

  private func check(_ status: cpng_status) throws(DecodingError) {
    guard status != CPNG_OK else { return }
    guard status != CPNG_MEMORY else { throw Self.memory(path) }
    let words = String(cString: cpng_reader_message(reader))
    let place = DecodingError.Place.byte(Int(cpng_reader_offset(reader)))
    throw status == CPNG_TRUNCATED
      ? DecodingError(
        .truncated, file: path, place: place, reason: "The image data end before the last row (\(words)).",
        remedy: PNGChunks.remedy)
      : DecodingError(
        .malformed, file: path, place: place, reason: "The image data are broken (\(words)).",
        remedy: PNGChunks.remedy)
  }

  private static func memory(_ path: String) -> DecodingError {
    DecodingError(
      .tooLarge, file: path, reason: "There is not enough memory for this picture.",
      remedy: "Cut or scale it down first, or use a machine with more memory.")
  }
}
