import CLibAV

/// Decodes clips (MP4, MOV, AVI, MPEG, Matroska, GIF and whatever else libavformat reads from one plain file)
/// frame by frame, in order of presentation.
///
/// Frames come as `[H, W, 3]` RGB, or `[H, W]` where the clip itself is grey; 8 bits. The turn that the clip's
/// header asks for is applied unless `stored`; transparent parts (GIF) come out white; pixels are not stretched
/// to a sample aspect ratio, which stands in the metadata.
///
/// With `DecodeOptions.frames = N` exactly N frames are handed out, frame `i` being the one shown at
/// `(i + 0.5) / N` of the time from the first frame's start to the last frame's end; a short clip repeats frames.
/// Times come from the packets, before anything is decoded, and every frame handed out carries the wanted time.
/// Where packets have no times of their own, or the decoder disagrees with them, the whole clip is decoded once to
/// learn its frames. Frames that are neither wanted nor needed by others are not decoded; whole groups before a
/// key frame are passed over.
///
/// A damaged clip yields its frames up to the damage and then throws `truncated` or `malformed`.
/// Copies share one open file: use only one of them.
public struct VideoDecoder: FrameDecoder {
  /// Size, number of frames, duration and metadata.
  public private(set) var header: ScanHeader

  private let session: VideoSession
  private let options: DecodeOptions
  private let shape: VideoShape
  private var list: PacketList
  private var feed: VideoFeed
  /// Nil where only decoding tells the frames apart, and nobody asked to choose among them.
  private var plan: FramePlan?
  private var wanted: [Int]?
  /// Where the showing of what is intact ends; nil where nothing is known to be damaged.
  private var coveredUntil: Int64?
  /// Frames are recognised by counting instead of by their times.
  private var counts = false
  private var served = 0
  private var last: Frame?
  private var finished = false

  /// Clips whose packets together are at most this long stay in memory while they are decoded.
  public static let keptBytes = 64 << 20

  /// Opens the container and its first video stream.
  /// - Throws: `DecodingError`: `notFound`, `unsupported`, `malformed`, `tooLarge`, `cancelled`.
  public init(path: String, options: DecodeOptions) throws(DecodingError) {
    try self.init(path: path, options: options, threads: 1)
  }

  /// - Parameters:
  ///   - threads: Threads of the codec. Several clips at a time scale better than several threads for one.
  ///   - keptBytes: Above this many bytes packets are read again from the file instead of being kept.
  public init(
    path: String, options: DecodeOptions, threads: Int, keptBytes: Int = VideoDecoder.keptBytes
  ) throws(DecodingError) {
    session = try VideoSession(path: path, threads: threads, maximumPixels: options.maximumPixels)
    self.options = options
    list = try PacketList(session: session, keeping: keptBytes)
    feed = VideoFeed(list: list)
    plan = FramePlan(list: list)
    if let safe = list.safeUntil, let known = plan {
      plan = known.before(safe)
      coveredUntil = min(known.end, safe)
    }
    if plan != nil { session.setDepth(FramePlan.depth(of: list.times)) }

    guard let first = try feed.peek(&list) else {
      throw feed.failure ?? list.damage
        ?? DecodingError(
          .malformed, file: path, place: .frame(0), reason: "The clip holds no picture that can be decoded.",
          remedy: "Copy or export the recording again.")
    }
    // Pictures before the first that can be decoded (a recording that starts amid a group) are never shown.
    if let known = plan { plan = known.from(first.presentation) }
    shape = VideoShape(first: first, info: session.info, options: options)
    header = ScanHeader(
      format: .video, kind: .clip, frameCount: plan?.times.count, width: shape.shownWidth,
      height: shape.shownHeight)
    if let frames = options.frames {
      if plan == nil { try survey() }
      let positions = choose(frames)
      wanted = positions
      header.frameCount = positions.count
      if let plan, !counts, session.info.skippable {
        feed.skipping = Set(positions.filter { $0 < plan.times.count }.map { plan.times[$0] })
      }
    }
    header.metadata = Self.metadata(session.info, shape, plan)
  }

  /// The next picture, or nil after the last.
  /// - Throws: `DecodingError`: `truncated`, `malformed`, `cancelled`.
  public mutating func next() throws(DecodingError) -> Frame? {
    guard !finished else { return nil }
    do throws(DecodingError) {
      let frame = try wanted == nil ? following() : chosen()
      finished = frame == nil
      served += 1
      last = frame
      return frame
    } catch {
      finished = true
      throw error
    }
  }

  /// The next frame of all.
  private mutating func following() throws(DecodingError) -> Frame? {
    guard let frame = try feed.next(&list) else {
      if let failure = feed.failure ?? list.damage { throw placed(failure, served) }
      return nil
    }
    return try picture(frame, served)
  }

  /// The next frame of those asked for.
  private mutating func chosen() throws(DecodingError) -> Frame? {
    guard let wanted, served < wanted.count else { return nil }
    let position = wanted[served]
    if served > 0, wanted[served - 1] == position, let last { return last }
    guard let plan, position < plan.times.count else { throw placed(feed.failure ?? list.damage, position) }
    if !counts {
      if let frame = try find(plan.times[position], position) { return frame }
      // The decoder's frames are not those of the packets: learn them, then go on by counting.
      try survey()
      self.wanted = choose(wanted.count)
      return try chosen()
    }
    while let frame = try feed.next(&list) {
      if feed.count - 1 == position { return try picture(frame, position) }
    }
    throw placed(feed.failure ?? list.damage, position)
  }

  /// Decodes up to the frame with this time; nil where it never comes although nothing is damaged.
  private mutating func find(_ time: Int64, _ position: Int) throws(DecodingError) -> Frame? {
    feed.jump(towards: time, in: list)
    while let frame = try feed.next(&list) {
      if frame.damaged { throw damaged(position) }
      guard !feed.isOutOfOrder, frame.presentation <= time else { return nil }
      if frame.presentation == time { return try picture(frame, position) }
    }
    if let failure = feed.failure ?? list.damage { throw placed(failure, position) }
    return nil
  }

  private func picture(_ frame: CLibAVFrame, _ position: Int) throws(DecodingError) -> Frame {
    if frame.damaged { throw damaged(position) }
    let samples = try session.convert(
      width: shape.width, height: shape.height, turn: shape.turn, channels: shape.channels, frame: position)
    let size = [shape.shownHeight, shape.shownWidth] + (shape.channels == 1 ? [] : [shape.channels])
    let start = plan?.times.first ?? feed.firstTime
    let units = counts ? plan?.times[position] : frame.shown
    return Frame(
      raster: Raster(shape: size, samples: .uint8(samples)),
      time: units.map { Double($0.subtractingReportingOverflow(start).partialValue) * session.info.timeBase },
      index: position)
  }

  /// Decodes everything once to learn which frames there are, and starts again.
  private mutating func survey() throws(DecodingError) {
    feed.restart()
    var times: [Int64?] = []
    var isWhole = list.damage == nil
    while let frame = try feed.next(&list) {
      isWhole = isWhole && !frame.damaged
      if frame.damaged { break }
      times.append(frame.shown)
    }
    if feed.failure != nil { isWhole = false }
    guard !times.isEmpty else { throw placed(feed.failure ?? list.damage ?? damaged(0), 0) }
    let stated = plan?.end
    var surveyed = FramePlan(decoded: times, step: session.info.unitsPerFrame)
    coveredUntil = isWhole ? nil : surveyed.end
    if !isWhole, let stated { surveyed.end = max(surveyed.end, stated) }
    plan = surveyed
    counts = true
    feed.restart()
  }

  /// Positions of `count` evenly spaced frames.
  private func choose(_ count: Int) -> [Int] {
    guard var plan, let first = plan.times.first else { return [] }
    plan.isRounded = session.info.roundsTimes
    guard let covered = coveredUntil else {
      return plan.evenly(count, until: plan.end, coveredUntil: plan.end)
    }
    // A cut clip keeps the time line that it states, so that its frames are those of the whole clip.
    var end = max(plan.end, covered)
    if session.info.duration > 0 {
      end = max(end, first.addingReportingOverflow(session.info.duration).partialValue)
    }
    return plan.evenly(count, until: end, coveredUntil: covered)
  }

  private func damaged(_ position: Int) -> DecodingError {
    DecodingError(
      .malformed, file: session.path, place: .frame(position),
      reason: "The picture is damaged (\(session.damage)).", remedy: "Copy or export the recording again.")
  }

  private func placed(_ error: DecodingError?, _ position: Int) -> DecodingError {
    guard var error else {
      return DecodingError(
        .malformed, file: session.path, place: .frame(position), reason: "The clip ends before this frame.",
        remedy: "Copy or export the recording again.")
    }
    if error.code != .cancelled { error.place = .frame(position) }
    return error
  }
}
