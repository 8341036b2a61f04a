import Decoders
import Encoders
import Foundation

/// A small PNG of a scan, for pages.
enum Preview {
  /// Pixels of the longer side at most.
  static let side = 720

  /// Of a clip the middle frame; nil where it can no longer be decoded.
  static func png(_ source: ModelInput) -> Data? {
    do {
      var options = DecodeOptions(enoughSide: side)
      if case .clip = source.input { options.frames = 1 }
      var decoder = try Scans.open(path: source.path, options: options)
      guard let frame = try decoder.next() else { return nil }
      return Data(try PNGEncoder.encode(frame.raster.reduced(longSide: side)))
    } catch {
      return nil
    }
  }
}
