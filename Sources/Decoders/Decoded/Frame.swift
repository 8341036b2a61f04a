import OrderedCollections

/// One picture that a decoder hands out: an image, or one frame of a clip.
public struct Frame: Sendable {
  /// `[H, W]` (grey) or `[H, W, C]` with C = 2 (grey, alpha), 3 (RGB) or 4 (RGBA).
  public var raster: Raster
  /// Seconds from the start of the clip; nil for still images.
  public var time: Double?
  /// 0-based position in the source.
  public var index: Int

  /// - Parameters:
  ///   - time: seconds since the clip's start; nil for images.
  ///   - index: 0-based place in the clip.
  public init(raster: Raster, time: Double? = nil, index: Int = 0) {
    (self.raster, self.time, self.index) = (raster, time, index)
  }
}

/// A value in a header.
public enum MetadataValue: Sendable, Equatable {
  /// One value.
  case string(String), integer(Int), number(Double), bool(Bool)
  /// Several values of one entry, in order.
  case list([MetadataValue])
}

/// What a file says of itself, in the order in which it is shown.
public typealias Metadata = OrderedDictionary<String, MetadataValue>

/// The formats that Braid reads.
public enum ScanFormat: String, Sendable, Codable, CaseIterable {
  /// `video` is any container that holds a moving picture, `csv` a table of readings, `dicomdir` the index of a DICOM
  /// medium.
  case png, jpeg, dicom, video, csv, dicomdir
}

/// Whether a scan is one picture or several in time.
public enum ScanKind: String, Sendable, Codable { case image, clip, series }

/// What is known of a scan before its first picture is decoded.
public struct ScanHeader: Sendable {
  /// What the file is, from its content.
  public var format: ScanFormat
  /// Image or clip.
  public var kind: ScanKind
  /// Pictures as they will be handed out; nil where the length is unknown until the end.
  public var frameCount: Int?
  /// Of the pictures as they will be handed out.
  public var width: Int, height: Int
  /// What the file tells of itself; no patient's name, id or birth date unless asked for.
  public var metadata: Metadata

  /// - Parameter frameCount: pictures as they will be handed out; nil where the length is unknown until the end.
  public init(
    format: ScanFormat, kind: ScanKind, frameCount: Int?, width: Int, height: Int, metadata: Metadata = [:]
  ) {
    (self.format, self.kind, self.frameCount) = (format, kind, frameCount)
    (self.width, self.height, self.metadata) = (width, height, metadata)
  }
}
