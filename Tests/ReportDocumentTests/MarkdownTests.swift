import Foundation
import Reports
import Testing

@Suite struct MarkdownTests {
  @Test("The page says what it is, then what matters, in order")
  func order() throws {
    let text = MarkdownRenderer().render(Example.report())
    let parts = [
      "# Report: chest-042", "**Draft, preliminary: for review by a clinician; not a diagnosis**",
      "## A human must read this study", "- Consolidation is uncertain.", "## Impression",
      "Left pleural effusion.",
      "## Findings", "The heart is not enlarged.", "| Pleural effusion | Present | 87 % |",
      "| Cardiomegaly | Absent | 4 % |",
      "## Inputs", "| scans/lateral.png | image | not known | no | The view is not known. |", Example.hash,
    ]
    var rest = text[...]
    for part in parts {
      let found = try #require(rest.firstRange(of: part), "\(part)")
      rest = rest[found.upperBound...]
    }
  }

  @Test("Hostile texts neither break tables nor become markup")
  func escapes() {
    let text = MarkdownRenderer().render(Example.hostileReport())
    #expect(!text.contains("<b") || text.contains("\\<b"))
    #expect(text.firstRange(of: "[^\\\\]<b") == nil)
    for line in text.split(separator: "\n") where line.hasPrefix("|") {
      var bars = 0
      var previous: Character = " "
      for character in line {
        if character == "|", previous != "\\" { bars += 1 }
        previous = character
      }
      #expect(bars == 6 || bars == 7)
    }
  }
}
