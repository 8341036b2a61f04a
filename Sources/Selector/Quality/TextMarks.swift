import Decoders
import Encoders

/// Marks in a picture that look like lines of text: parts of one tone with hard edges, about as high as each other, side
/// by side on a line. A lone letter, such as the side marker of a radiograph, is no line.
public struct TextMarks: Sendable, Hashable {
  /// Lines of at least `leastLetters` letters.
  public var lines: Int
  /// Letters on those lines.
  public var letters: Int
  /// Share of the picture's area that the lines cover, 0 to 1.
  public var share: Float

  /// The picture's longer side, in pixels, at which text is looked for: letters of a usual overlay are then about ten high.
  public static let side = 720
  /// Two or three marks in a row happen in bones and on cassettes.
  static let leastLetters = 5
  /// Lines from which on a picture is a page of text rather than a scan with remarks: overlays have a handful a corner.
  static let page = 12

  /// Nothing found.
  public init(lines: Int = 0, letters: Int = 0, share: Float = 0) {
    (self.lines, self.letters, self.share) = (lines, letters, share)
  }

  /// Whether it is a page of text, as of a screenshot or a scanned letter.
  public var isPage: Bool { lines >= Self.page || share > 0.3 && lines >= Self.page / 2 }

  /// Looks for text, bright on dark and dark on bright.
  /// - Parameter raster: at any size; it is reduced to `side`.
  public init(_ raster: Raster) {
    let grey = GreyRaster(raster.reduced(longSide: Self.side))
    var best = TextMarks()
    for isBright in [true, false] {
      let found = TextMarks(grey, isBright: isBright)
      if found.letters > best.letters { best = found }
    }
    self = best
  }

  private init(_ grey: GreyRaster, isBright: Bool) {
    self.init()
    let letters = grey.marks(isBright: isBright).filter(\.isLetter).sorted {
      ($0.left, $0.top) < ($1.left, $1.top)
    }
    var isFree = [Bool](repeating: true, count: letters.count)
    for start in letters.indices where isFree[start] {
      var line = [start]
      // To the right from the last letter, as long as one of about the same height stands near enough.
      while let next = Self.next(after: letters[line[line.count - 1]], in: letters, isFree) {
        line.append(next)
        isFree[next] = false
      }
      isFree[start] = false
      // What is no line may still be part of another.
      guard line.count >= Self.leastLetters else {
        for place in line { isFree[place] = true }
        isFree[start] = false
        continue
      }
      lines += 1
      self.letters += line.count
      let members = line.map { letters[$0] }
      let width = (members.map(\.right).max() ?? 0) - (members.map(\.left).min() ?? 0) + 1
      let height = (members.map(\.bottom).max() ?? 0) - (members.map(\.top).min() ?? 0) + 1
      share += Float(width * height) / Float(max(1, grey.width * grey.height))
    }
  }
}

extension TextMarks {
  /// The nearest free letter to the right on the same line.
  private static func next(after last: ToneMark, in letters: [ToneMark], _ isFree: [Bool]) -> Int? {
    var best: Int?
    for place in letters.indices where isFree[place] && last.precedes(letters[place]) {
      if let other = best, letters[other].left <= letters[place].left { continue }
      best = place
    }
    return best
  }
}

/// A connected part of one tone.
struct ToneMark {
  var left: Int, right: Int, top: Int, bottom: Int
  /// Pixels.
  var area: Int
  /// Mean step from its border to what lies around it, 0 to 255.
  var contrast: Float

  var width: Int { right - left + 1 }
  var height: Int { bottom - top + 1 }

  /// Whether its size, its shape and its edge are those of a letter or of some that touch.
  var isLetter: Bool {
    let fill = Float(area) / Float(width * height)
    return (6...48).contains(height) && width >= 2 && width <= 4 * height && (0.12...0.92).contains(fill)
      && contrast >= 70
  }

  /// Whether another stands to the right of this one on the same line.
  func precedes(_ other: ToneMark) -> Bool {
    let high = Float(max(height, other.height)), low = Float(min(height, other.height))
    let gap = other.left - right
    return other.left > left && gap >= -2 && Float(gap) <= 2 * high && high <= 1.8 * low
      && Float(abs(bottom - other.bottom)) <= 0.35 * high + 1
  }
}

/// Grey levels of a picture that was brought to 8 bits, 0 to 255.
struct GreyRaster {
  var width: Int, height: Int
  var levels: [UInt8]

  init(_ raster: Raster) {
    (height, width) = (raster.shape[0], raster.shape[1])
    let channels = raster.shape.count > 2 ? raster.shape[2] : 1
    guard case .uint8(let values) = raster.samples else {
      levels = [UInt8](repeating: 0, count: width * height)
      return
    }
    guard channels == 3 else {
      levels = stride(from: 0, to: values.count, by: channels).map { values[$0] }
      return
    }
    levels = (0..<width * height).map { place -> UInt8 in
      let sum = Int(values[3 * place]) + Int(values[3 * place + 1]) + Int(values[3 * place + 2])
      return UInt8(sum / 3)
    }
  }

  /// Connected parts at one end of the range: what is burned in has its very tone, tissue hardly does.
  func marks(isBright: Bool) -> [ToneMark] {
    func isInk(_ level: UInt8) -> Bool { isBright ? level >= 215 : level <= 40 }
    var isOpen = levels.map(isInk)
    var found: [ToneMark] = [], stack: [Int] = []
    for start in levels.indices where isOpen[start] {
      var mark = ToneMark(
        left: start % width, right: start % width, top: start / width, bottom: start / width, area: 0,
        contrast: 0)
      var step: Float = 0, border = 0
      stack = [start]
      isOpen[start] = false
      while let place = stack.popLast() {
        let x = place % width, y = place / width
        mark.area += 1
        (mark.left, mark.right) = (min(mark.left, x), max(mark.right, x))
        (mark.top, mark.bottom) = (min(mark.top, y), max(mark.bottom, y))
        for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)] {
          let nx = x + dx, ny = y + dy
          guard nx >= 0, ny >= 0, nx < width, ny < height else { continue }
          let other = ny * width + nx
          if isOpen[other] {
            isOpen[other] = false
            stack.append(other)
          } else if !isInk(levels[other]) {
            // Two pixels out: an edge that was reduced in size is a pixel wide.
            let fx = min(max(0, x + 2 * dx), width - 1), fy = min(max(0, y + 2 * dy), height - 1)
            step += abs(Float(levels[place]) - Float(levels[fy * width + fx]))
            border += 1
          }
        }
      }
      mark.contrast = step / Float(max(1, border))
      found.append(mark)
    }
    return found
  }
}
