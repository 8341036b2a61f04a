import Decoders
import Foundation
import Testing

@Suite struct SensorGzipTests {
  let folder: ScratchFolder
  init() throws { folder = try ScratchFolder() }

  /// `time,a,b` and 300 rows `i,i*0.5,-i`, written by Python's gzip.compress(…, 9, mtime=0) as two members that
  /// meet inside a row.
  private static let twoMembers = Data(
    base64Encoded: """
      H4sIAAAAAAACAyWUMY4lOQxDc57FPbAsybKOswNMsMFmc38sqQoa/fwMfBVdLv79978/65/1G3vtX/yD8X+uH8NZRvFz4AQaR6wjE0gC\
      TeIul7koAk3hrZB5aAJNw/ZKKeNvG1E/brCz7tgDc6Ksw2LV2IAlUTZhd72xF1ZE2YK91WMfrImyjbOX7XnujWNi+sM0jPPlOTgulnec\
      WDapTuCkWD5x7rLJdi5OieUL5y2bhOfhtFi+4Zw7MX3DTawjMzjnTlDnQbpY3uGcO1E94CmWTzjnTli/8BLLF5xzJ64/eIvlG7HXmbyx\
      ESamD0OcdSZvHISL5fkO+RK/txiIFMsn4q4zeeMiSixfiLfO5I2HaLF8Izl38uZGmlgXwpCcO3nzIF0s70jOnbzJ65Ni+URy7uTNiyyx\
      fCE5d/LmQ7ZYvnH38sl7N66J6a/hnuWT9x5cF8s7biyfvDdwUyzPm8ur+93di1ti+cJ9yyfvfbgtlm8U507e2igT67obinMnbx2Ui+Ud\
      xbmTtwKVYvlEce7kLX40JZYvFOdO3nqoFss33l4xed/GMzH9M7yzYvK+g+dieceLFZP3BV6K5RPvrpi87+KVWJ7fKz/Y74t9eC2WbzTn\
      Tt7eaBPrYzY0507ePmgXyzuacydvBzrF8onm3MnbF11i+UJz7uRtVkWL5dUWrIv99QULY5tW+rQ3O2OflfbtsTa2azV7bI4dK8+3x/LY\
      qdXssT/2XenfHitkl1azxxbZb2V8eyyS3VrNHp9F1fV115SXaTX1xWdhgeXXYKowdlh+JaYWY43l12MqMjZZflWmLmOZ5ddmqjP2WX6F\
      pkZjpeXXaSo1tlp+tcZeMxbb/c6FzWastvudy1GXsky/c2G7Gevtzrn8D3GtTrbcBQAAH4sIAAAAAAACAyWWsZEtOQzE/I1l7tcTJYpi\
      /okduukNCg6KRmtW7L8V57vx7/f9xxeUohQldL+7x12oRHYFve+ecQ9qkV3/rf37btrtH7REcntB8d07LqAtsqNl01LjaNkpsqNl0/LG\
      0bJLZEfLpqXH0bJbZEfL+X31szu0nCWSO7Sc+GqNo+VskR0t53w1dzm0nBTZ0XLuV3OXQ8spkR0t5301dzm0nBbZ0ZK0zF2SllwiuaQl\
      aZm7JC25RXa0JC1zl6QlU2RHS9Iyd0laskR2tCQtc5ekJVtkR8v9fW/ucmm5SyR3abnxvbnLpeVukR0t93xv7nJpuSmyo+Xe781dLi23\
      RHa03Pe9ucul5bbIjpaiZe5StNQSyRUtRcvcpWipLbKjpWiZuxQtlSI7WoqWuUvRUiWyo6VombsULdUiO1re7+u5y6PlLZHco+XF13OX\
      R8vbIjta3vl67vJoeSmyo+Xdr+cuj5ZXIjta3vt67vJoeS2yo6Vpmbs0Lb1Eck1L0zJ3aVp6i+xoaVrmLk1Lp8iOlqZl7tK0dInsaGla\
      5i5NS7fIrv/i9/vWz4fhE1zGFC4wwDU2wG203eABY+wB02ib4AX32AuW0bbAB56xD2yjLVVLVT4Rn+Ayyi6qlqruWKrWNtpStVRVY6la\
      abSlaqnqjaVqldGWqqWqHkvVaqMtVUHVmlsFVbGMskFVULXmVkFVbKMtVezxWnMrBjkYZKEtVSzyWnMrJjmYZKEtVWzyWnMrRjkYZaEt\
      VVtVcytmOfYyyrLLsVU1t2KYY2+jLVVbVXMrpjl2Gm2p2qqaWzHOsctoS9VW1dyKeY7dRluq2OcVcysGOhhooSwLHSz0irkVEx1MtNCW\
      KjZ6xdyKkQ5GWmhLFSu9Ym7FTAczLbSlip3mxRtLFUMttKUqVTW3Yqojl1GWrY5U1dyKsY7cRluqUlVzK+Y6Mo22VKWq5lYMdmQZbalK\
      Vc2tmOzINtpSxWbzotoy2sFoC2VZ7WC1eWHHUsVsC22pYrd5ccdSxXALbaliuXmBx1LFdAttqWK7eZHHUsV4C22pKlXNrZjvqGWUZb+j\
      VDW3YsCjttGWqlLV3IoJj0qjLVWlqrkVIx5VRluqSlVzK2Y8qo22VLHjvPi2DHkw5EJZljxYcv4AxlLFlAttqWLL+SMYSxVjLrSlijXn\
      D2EsVcy50JYq9pw/hrFUMehCW6paVXMrJj16GWXZ9GhVza0Y9ehttKWqVTW3Ytaj02hLVatqbsWwR5fRlqpW1dyKaY9uo23//Q/DErWK\
      CAoAAA==
      """)!

  private func check(_ path: String) throws {
    let (series, header, refused) = try SensorReader.readAll(path: path)
    #expect(header.isCompressed)
    #expect(series.rows == Array(1...300))
    let values: [Float] = (0..<300).flatMap { row -> [Float] in [Float(row) * 0.5, -Float(row)] }
    #expect(series.values == values)
    #expect(series.time == (0..<300).map(Double.init))
    #expect(refused.count == 0)
  }

  @Test func membersAreJoined() throws {
    try check(folder.write("a.csv.gz", Self.twoMembers))
    // The format counts, not the name; zeros behind the last member are padding.
    try check(folder.write("b.csv", Self.twoMembers + [UInt8](repeating: 0, count: 512)))
  }

  @Test(arguments: [3, 100, 1000, twoMembers.count - 500, twoMembers.count - 1])
  func cutStreams(kept: Int) throws {
    let path = try folder.write("cut.csv.gz", Self.twoMembers.prefix(kept))
    let error = #expect(throws: DecodingError.self) { try SensorReader.readAll(path: path) }
    #expect(error?.code == .truncated)
  }

  @Test func damagedStreams() throws {
    var data = Self.twoMembers
    data[data.startIndex + 300] ^= 0xFF
    let path = try folder.write("bad.csv.gz", data)
    let error = #expect(throws: DecodingError.self) { try SensorReader.readAll(path: path) }
    #expect(error?.code == .malformed)
  }
}
