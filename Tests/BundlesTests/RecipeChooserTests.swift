import Alignment
import Bundles
import Encoders
import Foundation
import Testing

@Suite("What is chosen from a manifest")
struct RecipeChooserTests {
  /// What a manifest of labelled images holds.
  private func survey(side: Int, train: Int) throws -> ManifestSurvey {
    let text = """
      {"images": \(train), "clips": 0, "series": 0, "texts": 0, "words": 0, "targets": 0, "labels": 2, "train": \(train),
       "labelled": \(train), "side": \(side), "hasColour": false, "hasReports": false}
      """
    return try JSONDecoder().decode(ManifestSurvey.self, from: Data(text.utf8))
  }

  @Test(
    "Pictures are seen at a size that their own size and the number of rows repay",
    arguments: [
      (28, 5000, 56), (64, 5000, 64), (150, 5000, 112), (200, 1999, 112), (200, 2000, 224), (3000, 5000, 224),
    ])
  func side(_ side: Int, _ train: Int, _ wanted: Int) throws {
    let recipe = RecipeChooser.choose(try survey(side: side, train: train))
    let vision = try #require(recipe.vision)
    #expect(vision.side == wanted)
    // Whole places, no more than what attention takes on a plain CPU.
    #expect(vision.side % vision.pixelsPerToken == 0)
    let across = vision.side / vision.pixelsPerToken
    #expect((49...196).contains(across * across) && recipe.problems.isEmpty)
  }

  /// JPEGs and clips can be decoded at less detail, which must not be taken for their size.
  @Test("The size of pictures is that of their files", arguments: ["image", "clip"])
  func pictureSize(_ kind: String) {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Samples/phantoms"
    )
    .standardized.path
    var row = ManifestRow(id: "a")
    if kind == "image" {
      row.image = folder + "/chest-030.jpg"
    } else {
      row.clip = folder + "/breath-012.avi"
    }
    let survey = ManifestSurvey([row])
    #expect(survey.side == (kind == "image" ? 96 : 64) && !survey.hasColour)
  }
}
