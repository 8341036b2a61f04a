import CLibAV

/// Owns one open clip of the C layer and turns its failures into errors.
final class VideoSession {
  let path: String
  let info: CLibAVInfo
  private let clip: OpaquePointer

  init(path: String, threads: Int, maximumPixels: Int) throws(DecodingError) {
    var opened: OpaquePointer?
    // The callback runs on this thread, inside this task; so it can ask the task itself.
    let status = clibav_open(
      &opened, path, Int32(clamping: max(1, threads)), Int64(maximumPixels), { _ in Task.isCancelled ? 1 : 0 }
    )
    guard let opened, status == CLIBAV_OK else {
      let missing = status == CLIBAV_NO_LIBRARY ? clibav_missing().map { String(cString: $0) } : nil
      let reason =
        missing ?? opened.map { String(cString: clibav_reason($0)) } ?? "there is no memory for it"
      let isEmpty = opened.map { clibav_info($0).pointee.fileBytes == 0 } ?? false
      if let opened { clibav_close(opened) }
      let code: Int32 = status == CLIBAV_UNKNOWN_FORMAT && isEmpty ? Int32(CLIBAV_SHORT) : status
      throw Self.error(
        code, reason: isEmpty && code == CLIBAV_SHORT ? "the file is empty" : reason, path, .file)
    }
    (self.path, clip, info) = (path, opened, clibav_info(opened).pointee)
  }

  deinit { clibav_close(clip) }

  /// The next packet of the file, or nil at its end. Packets are kept while they stay within `keep` bytes.
  func scan(keeping keep: Int, at frame: Int) throws(DecodingError) -> CLibAVPacket? {
    var packet = CLibAVPacket()
    return try check(clibav_scan(clip, Int64(keep), &packet), frame) ? packet : nil
  }

  /// Whether every packet scanned is in memory.
  var keepsPackets: Bool { clibav_keeps(clip) }

  func read(at frame: Int) throws(DecodingError) -> CLibAVPacket? {
    var packet = CLibAVPacket()
    return try check(clibav_read(clip, &packet), frame) ? packet : nil
  }

  func rewind() throws(DecodingError) { _ = try check(clibav_rewind(clip), nil) }

  /// Whether the container followed; where it went must be seen from the packets.
  func seek(decoding: Int64) -> Bool { clibav_seek(clip, decoding) == CLIBAV_OK }

  func setDepth(_ depth: Int) { clibav_set_depth(clip, Int32(clamping: depth)) }

  func feedKept(_ index: Int, time: Int64, skip: Bool, frame: Int) throws(DecodingError) {
    _ = try check(clibav_feed_kept(clip, index, time, skip), frame)
  }

  func feedRead(time: Int64, skip: Bool, frame: Int) throws(DecodingError) {
    _ = try check(clibav_feed_read(clip, time, skip), frame)
  }

  func feedEnd() throws(DecodingError) { _ = try check(clibav_feed_end(clip), nil) }

  func flush() { clibav_flush(clip) }

  enum Received { case frame(CLibAVFrame), hungry, end }

  /// Appends the next frame to those waiting.
  func receive(at frame: Int) throws(DecodingError) -> Received {
    var received = CLibAVFrame()
    let status = clibav_receive(clip, &received)
    if status == CLIBAV_HUNGRY { return .hungry }
    return try check(status, frame) ? .frame(received) : .end
  }

  /// Takes the first waiting frame for `convert`.
  func take() { clibav_take(clip) }

  /// Forgets the waiting frame that came last.
  func drop() { clibav_drop(clip) }

  /// Forgets all that wait.
  func dropAll() { for _ in 0..<Int(CLIBAV_WAITING) { clibav_drop(clip) } }

  /// Why the last frame came out damaged.
  var damage: String { String(cString: clibav_reason(clip)) }

  /// The frame taken last as samples of `channels` bytes a pixel, scaled to `width` x `height` and then turned.
  func convert(width: Int, height: Int, turn: Int, channels: Int, frame: Int) throws(DecodingError) -> [UInt8]
  {
    var status: Int32 = 0
    let count = width * height * channels
    let samples = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      status = clibav_convert(
        clip, Int32(width), Int32(height), Int32(turn), Int32(channels), buffer.baseAddress)
      initialised = status == CLIBAV_OK ? count : 0
    }
    _ = try check(status, frame)
    return samples
  }

  /// True to go on, false at the end.
  private func check(_ status: Int32, _ frame: Int?) throws(DecodingError) -> Bool {
    if status == CLIBAV_OK { return true }
    if status == CLIBAV_END { return false }
    throw Self.error(
      status, reason: String(cString: clibav_reason(clip)), path, frame.map { .frame($0) } ?? .file)
  }

  private static func error(
    _ status: Int32, reason: String, _ path: String, _ place: DecodingError.Place
  ) -> DecodingError {
    let (code, sentence, remedy): (DecodingError.Code, String, String) =
      switch Int(status) {
      case CLIBAV_NOT_FOUND:
        (.notFound, "The file cannot be opened (\(reason)).", "Check the path and that you may read it.")
      case CLIBAV_UNKNOWN_FORMAT:
        (
          .unknownFormat, "This is no video that Braid knows.",
          "Export the clip as MP4, AVI, MPEG, MOV or GIF."
        )
      case CLIBAV_NO_PICTURES:
        (.unsupported, "The file holds no moving pictures.", "Give a file that has a video track.")
      case CLIBAV_NO_DECODER:
        (.unsupported, "The pictures cannot be decoded: \(reason).", "Export the clip as MP4 with H.264.")
      case CLIBAV_NO_LIBRARY:
        (
          .unsupported, "The libraries that decode video cannot be opened: \(reason).",
          "Install libavformat, libavcodec and libswscale of the version that Braid was built with (ffmpeg)."
        )
      case CLIBAV_TOO_LARGE:
        (.tooLarge, "The clip is too large: \(reason).", "Export the clip at a smaller size.")
      case CLIBAV_NO_MEMORY:
        (
          .tooLarge, "There is not enough memory for this clip.",
          "Close other programs or export a smaller clip."
        )
      case CLIBAV_CANCELLED:
        (.cancelled, "Decoding was cancelled.", "Run it again to decode the whole clip.")
      case CLIBAV_SHORT:
        (.truncated, "The file ends early (\(reason)).", "Copy or export the recording again.")
      default:
        (.malformed, "The video data is damaged (\(reason)).", "Copy or export the recording again.")
      }
    return DecodingError(code, file: path, place: place, reason: sentence, remedy: remedy)
  }
}
