import Alignment
import Decoders
import Encoders
import Foundation
import OrderedCollections
import Selector

/// A file as a bundle's encoders take it.
public struct ModelInput: Sendable {
  /// The file as the user named it, or as it was found.
  public var path: String
  /// What the file is, from its content.
  public var format: ScanFormat
  /// As the encoder takes it.
  public var input: SampleInput
  /// Size of the pictures as shown, in pixels; nil for series.
  public var width: Int?, height: Int?
  /// Frames of a clip; nil where the file does not say.
  public var frameCount: Int?
  /// What the file tells of itself.
  public var metadata: Metadata
  /// First and last data row of a window of a series.
  public var rows: ClosedRange<Int>?
  /// What looks like text in the picture, or in a clip's middle frame; nil where nobody looked.
  public var marks: TextMarks?

  /// - Parameter rows: data rows of a window; nil for scans.
  public init(
    path: String, format: ScanFormat, input: SampleInput, width: Int? = nil, height: Int? = nil,
    frameCount: Int? = nil, metadata: Metadata = Metadata(), rows: ClosedRange<Int>? = nil
  ) {
    (self.path, self.format, self.input, self.width, self.height) = (path, format, input, width, height)
    (self.frameCount, self.metadata, self.rows) = (frameCount, metadata, rows)
  }
}
