import Decoders
import Testing

@Suite struct BrokerAddressTests {
  @Test func partsAreFound() throws {
    let plain = try BrokerAddress("mqtt://plant.example/line/m1/#")
    #expect(plain.host == "plant.example" && plain.port == 1883 && plain.topic == "line/m1/#")
    #expect(!plain.isSecure && plain.isFilter)
    let secure = try BrokerAddress("MQTTS://[::1]:9000/a?b")
    #expect(secure.host == "::1" && secure.port == 9000 && secure.topic == "a?b" && secure.isSecure)
    #expect(secure.description == "mqtts://[::1]:9000/a?b" && !secure.isFilter)
    #expect(try BrokerAddress("mqtts://h/t").port == 8883)
  }

  @Test(arguments: ["mqtt://h", "mqtt://h/", "mqtt:///t", "mqtt://h:x/t", "mqtt://h:70000/t", "http://h/t"])
  func othersAreRefused(text: String) {
    #expect(throws: DecodingError.self) { try BrokerAddress(text) }
  }

  @Test func passwordsStayOffTheCommandLine() {
    let error = #expect(throws: DecodingError.self) { try BrokerAddress("mqtt://me:secret@h/t") }
    #expect(error?.remedy.contains("BRAID_MQTT_PASSWORD") ?? false)
    #expect(!"\(error.map(String.init(describing:)) ?? "")".contains("secret"))
  }
}
