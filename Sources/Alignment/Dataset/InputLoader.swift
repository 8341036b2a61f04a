import Decoders
import Encoders
import Foundation

/// Files to what encoders take.
public struct InputLoader: Sendable {
  /// Size, channels and standardisation of the pictures.
  public var vision: VisionConfiguration

  /// - Parameter vision: size, channels and standardisation of the pictures.
  public init(vision: VisionConfiguration) { self.vision = vision }

  /// The first picture of an image file.
  public func image(_ path: String) throws(DecodingError) -> Picture {
    var decoder = try Scans.open(path: path, options: DecodeOptions(enoughSide: vision.side))
    guard let frame = try decoder.next() else {
      throw DecodingError(
        .malformed, file: path, reason: "It holds no picture.", remedy: "Export the image again.")
    }
    return Picture(frame.raster, side: vision.side, channels: vision.channels)
  }

  /// Evenly spaced frames of a clip: a file, or a folder of pictures. A clip with fewer frames repeats some.
  public func clip(_ path: String) throws(DecodingError) -> [Picture] {
    let options = DecodeOptions(enoughSide: vision.side, frames: vision.frames)
    var isFolder: ObjCBool = false
    let found: [Picture]
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      var folder = try FrameFolder(path: path, options: options) {
        (file, options) throws(DecodingError) in try Scans.open(path: file, options: options)
      }
      found = try pictures { () throws(DecodingError) in try folder.next() }
    } else {
      var decoder = try Scans.open(path: path, options: options)
      found = try pictures { () throws(DecodingError) in try decoder.next() }
    }
    guard !found.isEmpty else {
      throw DecodingError(
        .malformed, file: path, reason: "It holds no frame.", remedy: "Export the clip again.")
    }
    return InputLoader.spread(found, count: vision.frames)
  }

  /// Brings a list to `count` entries, evenly spaced.
  public static func spread(_ frames: [Picture], count: Int) -> [Picture] {
    (0..<count).map {
      frames[min(frames.count - 1, Int((Float($0) + 0.5) * Float(frames.count) / Float(count)))]
    }
  }

  private func pictures(_ next: () throws(DecodingError) -> Frame?) throws(DecodingError) -> [Picture] {
    var found: [Picture] = []
    while let frame = try next() {
      found.append(Picture(frame.raster, side: vision.side, channels: vision.channels))
    }
    return found
  }
}
