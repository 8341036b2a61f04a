import Bundles
import Faults
import Files
import Foundation

extension Predict {
  /// Reads to the end; outputs get their names when all is there.
  static func read(
    _ job: PredictJob, _ out: String?, _ outlet: Outlet, picture: String?, page: String?
  ) throws -> PredictJob.Summary {
    let file = try out.map { try AtomicLines(path: $0) }
    var isFirst = true
    try outlet.recorder.begin()
    let summary = try job.run { predictions in
      if picture != nil || page != nil { outlet.board.add(predictions) }
      let text = try outlet.text(predictions, first: isFirst)
      isFirst = false
      if let file { try file.write(text) } else { outlet.show(text) }
    }
    try file?.commit()
    try outlet.recorder.finish()
    if let picture, let svg = outlet.board.svg() { try AtomicFile.write(Data(svg.utf8), to: picture) }
    if let page, let html = outlet.board.page(job, summary, outlet.recorder) {
      try AtomicFile.write(Data(html.utf8), to: page)
    }
    return summary
  }

  /// Follows what grows; outputs grow with it.
  /// - Parameter place: the file that keeps how far it came; nil: a restart begins anew.
  static func follow(
    _ job: PredictJob, _ out: String?, _ place: String?, _ outlet: Outlet
  ) throws -> PredictJob.Summary {
    var file: AppendedLines?
    var isFirst = true
    let recorder = outlet.recorder
    let sink = PredictJob.Sink(
      begin: { kept in
        file = try out.map { try AppendedLines(path: $0, keeping: kept ?? 0) }
        isFirst = file.map { $0.length == 0 } ?? (kept == nil)
      },
      take: { predictions in
        let text = try outlet.text(predictions, first: isFirst)
        isFirst = false
        guard let file else {
          outlet.show(text)
          return nil
        }
        try file.write(text)
        return file.length
      }, saved: { try recorder.saved() }, restore: { try recorder.restore($0) })
    let summary = try job.follow(state: place, into: sink)
    recorder.pause()
    return summary
  }
}
