import Encoders

/// What `preprocessor_config.json` says of images, as far as it can be told apart from Braid's own way.
enum ImageProcessor {
  static let cropNote =
    "The original cuts out the middle of an image; Braid brings the whole image to the encoder's square."

  static func filterNote(_ filter: String) -> String {
    "The original changes sizes with a \(filter) filter; Braid with a bilinear one that widens with the reduction."
  }

  /// `size` and `crop_size`: a number, or an object of numbers.
  private enum Size: Decodable {
    case one(Int)
    case named([String: Int])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let one = try? value.decode(Int.self) {
        self = .one(one)
      } else {
        self = .named(try value.decode([String: Int].self))
      }
    }

    /// Whether images keep their aspect ratio.
    var keepsAspect: Bool {
      guard case .named(let sizes) = self else { return false }
      return sizes.keys.contains { $0.lowercased().contains("shortest") }
    }
  }

  private struct File: Decodable {
    var imageMean: [Float]?
    var imageStd: [Float]?
    var doNormalize: Bool?
    var doRescale: Bool?
    var rescaleFactor: Float?
    var doCenterCrop: Bool?
    var resample: Int?
    var size: Size?
  }

  static func standardisation(
    _ folder: ImportFolder, channels: Int, side: Int, _ notes: inout [String]
  ) throws -> PixelStandardisation {
    guard let file = try folder.json(File.self, "preprocessor_config.json") else {
      notes.append(
        "The folder has no preprocessor_config.json; pixels are brought to -1...1, as ViT's own are.")
      return PixelStandardisation(
        mean: [Float](repeating: 0.5, count: channels), deviation: [Float](repeating: 0.5, count: channels))
    }
    if file.doCenterCrop == true || file.size?.keepsAspect == true { notes.append(cropNote) }
    // Pillow's numbers of filters; 2 is bilinear.
    if let filter = file.resample, filter != 2 {
      let names = [0: "nearest-neighbour", 1: "Lanczos", 3: "bicubic", 4: "box", 5: "Hamming"]
      notes.append(filterNote(names[filter] ?? "different"))
    }
    let isNormalised = file.doNormalize ?? true
    let path = folder.model + "/preprocessor_config.json"
    var found = try checked(
      mean: isNormalised ? file.imageMean : [Float](repeating: 0, count: channels),
      deviation: isNormalised ? file.imageStd : [Float](repeating: 1, count: channels), channels: channels,
      path)
    // Braid's pixels are 1/255 of the samples; the original's may be another part of them.
    let factor = 255 * (file.doRescale == false ? 1 : file.rescaleFactor ?? 1 / 255)
    guard factor.isFinite, factor > 0 else {
      throw BundleError(
        path: path, reason: "rescale_factor is no number above 0.", remedy: "Copy or download the file again."
      )
    }
    if abs(factor - 1) > 1e-5 {
      found = PixelStandardisation(
        mean: found.mean.map { $0 / factor }, deviation: found.deviation.map { $0 / factor })
    }
    return found
  }

  /// 0.5 and 0.5 where nothing is said, as in ViT's own processor.
  static func checked(
    mean: [Float]?, deviation: [Float]?, channels: Int, _ path: String
  ) throws -> PixelStandardisation {
    let mean = mean ?? [Float](repeating: 0.5, count: channels)
    let deviation = deviation ?? [Float](repeating: 0.5, count: channels)
    guard mean.count == channels, deviation.count == channels, mean.allSatisfy(\.isFinite),
      deviation.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw BundleError(
        path: path,
        reason: "Mean and deviation of the pixels are not \(channels) numbers each, deviations above 0.",
        remedy: "Copy or download the file again.")
    }
    return PixelStandardisation(mean: mean, deviation: deviation)
  }
}
