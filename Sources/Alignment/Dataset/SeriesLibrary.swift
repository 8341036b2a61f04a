import Decoders
import Encoders
import Foundation

/// The recordings of a manifest, each read once, and the channel sets that they follow.
struct SeriesLibrary: Sendable {
  /// A recording without the columns that are no sensors.
  struct Recording: Sendable {
    var series: Series
    var set: Int
    /// Column of each channel of the set in the series.
    var columns: [Int]
  }

  /// As read, with all columns.
  private var raw: [String: Series] = [:]
  var recordings: [String: Recording] = [:]
  var sets: [ChannelSet] = []
  var exclusions: [LeakAudit.ColumnExclusion] = []
  /// Why a recording could not be read, by its path.
  var refused: [String: DecodingError] = [:]

  /// Reads the files of all rows, leaves out columns that give the answer away or never change in the train
  /// windows, and measures the rest there.
  init(_ rows: [ManifestRow]) throws {
    for path in Set(rows.compactMap(\.series)).sorted() {
      do throws(DecodingError) {
        raw[path] = try SensorReader.readAll(path: path, options: SensorOptions(keepsTimeText: false)).series
      } catch {
        refused[path] = error
      }
    }
    let byChannels = Dictionary(grouping: raw.keys.sorted()) { path in
      (raw[path]?.channels ?? []).map { $0.name.lowercased() }.sorted()
    }
    let read = raw
    for (_, paths) in byChannels.sorted(by: { $0.value[0] < $1.value[0] }) {
      guard let first = read[paths[0]] else { continue }
      add(paths.compactMap { path in read[path].map { (path, $0) } }, like: first.channels, rows)
    }
  }

  private mutating func add(
    _ files: [(path: String, series: Series)], like channels: [Channel], _ rows: [ManifestRow]
  ) {
    let paths = Set(files.map(\.path))
    let series = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.series) })
    let all = ChannelSet(
      channels: channels,
      statistics: channels.map { _ in .init(mean: 0, deviation: 1, low: 0, high: 0) }, rows: 0, stride: 0)
    func window(_ row: ManifestRow) -> [Float]? {
      guard let path = row.series, let series = series[path] else { return nil }
      let columns = all.columns(in: series.channels).compactMap { $0 }
      return SeriesLibrary.cut(series, columns: columns, start: row.start, end: row.end)
    }
    let train = rows.filter { $0.split == .train && $0.series.map(paths.contains) == true }
    // Every file's name stands for a group where the manifest names none.
    let excluded = LeakAudit.seriesColumns(
      channels.map(\.name),
      windows: train.lazy.compactMap { row in
        window(row).map { ($0, row.labels, row.group ?? row.series) }
      })
    exclusions += excluded
    let names = Set(excluded.map(\.column))
    let kept = channels.filter { !names.contains($0.name) }
    guard !kept.isEmpty else { return }
    let index = sets.count
    for (path, series) in files {
      let columns = ChannelSet(
        channels: kept, statistics: kept.map { _ in .init(mean: 0, deviation: 1, low: 0, high: 0) }, rows: 0,
        stride: 0
      ).columns(in: series.channels).compactMap { $0 }
      recordings[path] = Recording(series: series, set: index, columns: columns)
    }
    let windows = train.compactMap { self.window($0) }
    var set = ChannelSet(
      channels: kept, statistics: ChannelSet.statistics(of: windows),
      rows: SeriesLibrary.most(windows.map(\.count)) ?? 60,
      stride: SeriesLibrary.most(SeriesLibrary.strides(train)) ?? 10)
    set.interval = SeriesLibrary.interval(Set(train.compactMap(\.series)).sorted().compactMap { series[$0] })
    sets.append(set)
  }

  /// The median over the recordings of each one's median step in time; nil without times that ascend.
  private static func interval(_ recordings: [Series]) -> Double? {
    func median(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.sorted()[values.count / 2]
    }
    return median(
      recordings.compactMap { series in
        // Some thousand steps tell as much as all.
        guard let time = series.time?.prefix(4096) else { return nil }
        return median(zip(time, time.dropFirst()).map { $1 - $0 }.filter { $0.isFinite && $0 > 0 })
      })
  }

  /// The window of a row; nil where its file could not be read or has no such rows.
  func window(_ row: ManifestRow) -> SeriesWindow? {
    guard let path = row.series, let recording = recordings[path],
      let values = SeriesLibrary.cut(
        recording.series, columns: recording.columns, start: row.start, end: row.end), !values.isEmpty
    else { return nil }
    return SeriesWindow(values: values, channels: recording.columns.count, set: recording.set)
  }

  /// The window of a row in the channels of that known set which shares most names with its file; channels that
  /// the file lacks are missing values. Nil where no set shares half of its channels.
  func window(_ row: ManifestRow, inOneOf known: [ChannelSet]) -> SeriesWindow? {
    guard let path = row.series, let series = raw[path] else { return nil }
    let matches = known.map { $0.columns(in: series.channels) }
    let shares = matches.map { Float($0.compactMap { $0 }.count) / Float(max(1, $0.count)) }
    guard let best = shares.indices.max(by: { shares[$0] < shares[$1] }), shares[best] >= 0.5,
      let values = SeriesLibrary.cut(series, columns: matches[best], start: row.start, end: row.end)
    else { return nil }
    return SeriesWindow(values: values, channels: matches[best].count, set: best)
  }

  /// Values of the data rows `start` to `end` of the file, both included; rows that could not be read are left
  /// out.
  private static func cut(_ series: Series, columns: [Int?], start: Int?, end: Int?) -> [Float]? {
    func place(_ row: Int) -> Int {
      // `rows` is ascending: the first place whose row is not below.
      var low = 0, high = series.rows.count
      while low < high {
        let middle = (low + high) / 2
        if series.rows[middle] < row { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let from = start.map(place) ?? 0, to = end.map { place($0 + 1) } ?? series.count
    guard from < to else { return nil }
    let width = series.channels.count
    var out: [Float] = []
    out.reserveCapacity((to - from) * columns.count)
    for row in from..<to {
      for column in columns { out.append(column.map { series.values[row * width + $0] } ?? .nan) }
    }
    return out
  }

  private static func strides(_ rows: [ManifestRow]) -> [Int] {
    Dictionary(grouping: rows.filter { $0.start != nil }) { $0.series ?? "" }.values.flatMap {
      rows -> [Int] in
      let starts = Set(rows.compactMap(\.start)).sorted()
      return zip(starts, starts.dropFirst()).map { $1 - $0 }
    }
  }

  private static func most(_ values: [Int]) -> Int? {
    Dictionary(grouping: values, by: { $0 }).max { ($0.value.count, -$0.key) < ($1.value.count, -$1.key) }?
      .key
  }
}
