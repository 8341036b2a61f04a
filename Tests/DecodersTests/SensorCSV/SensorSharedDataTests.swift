import Decoders
import Foundation
import Testing

/// Public recordings against what pandas reads from them (Scripts/reference/sensor_csv.py).
@Suite(.enabled(if: SharedData.folder != nil, "The shared data sets are not there."))
struct SensorSharedDataTests {
  @Test(arguments: [
    ("industrial/tep/train/d01.csv.gz", 480, 53, 0, 9019914.728653071, 346320.0),
    ("industrial/cmapss_fd001/train_FD001.csv.gz", 20631, 25, 0, 627371045.8776045, 2244815.0),
    ("industrial/assetopsbench/chiller6_june2020.csv.gz", 2896, 12, 5977, 9148636.464130174, 4611232241191.0),
    ("industrial/skab/valve1/0.csv.gz", 1147, 10, 0, 421927.868047826, 1816560645348.0),
    ("industrial/cwru/B007_0.csv.gz", 122571, 1, 0, 1545.2586663063848, 625980.31125),
    ("industrial/hydraulic/temperatures.csv.gz", 132300, 5, 0, 170295014.8620205, 3902850.0),
    ("industrial/nab/realKnownCause/nyc_taxi.csv.gz", 10320, 1, 0, 156219716.0, 14586906168000.0),
    ("industrial/ai4i2020/ai4i2020.csv", 10000, 12, 0, 72972956.99964881, 0.0),
  ])
  func agreesWithPandas(file: String, rows: Int, channels: Int, missing: Int, sum: Double, clock: Double)
    throws
  {
    let path = try #require(SharedData.folder) + "/data/" + file
    let (series, _, refused) = try SensorReader.readAll(path: path)
    #expect(series.count == rows)
    #expect(series.channels.count == channels)
    #expect(series.values.count { $0.isNaN } == missing)
    let total = series.values.reduce(0.0) { $0 + ($1.isNaN ? 0 : Double($1)) }
    #expect(abs(total - sum) <= 1e-9 * abs(sum))
    let seconds = (series.time ?? []).reduce(0, +)
    #expect(abs(seconds - clock) <= 1e-9 * abs(clock))
    #expect(refused.count == 0)
  }
}
