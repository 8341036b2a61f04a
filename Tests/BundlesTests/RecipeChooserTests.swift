import Alignment
import Bundles
import Encoders
import Foundation
import Testing

@Suite("What is chosen from a manifest")
struct RecipeChooserTests {
  /// What a manifest of labelled images holds.
  private func survey(side: Int, train: Int, clips: Int = 0, rarest: Float = 1) throws -> ManifestSurvey {
    let text = """
      {"images": \(train - clips), "clips": \(clips), "rarest": \(rarest), "series": 0, "texts": 0, "words": 0, "targets": 0, "labels": 2, "train": \(train),
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

  @Test("Some hundred scans get steps enough, rare labels their weight, clips some frames a step")
  func few() throws {
    let small = RecipeChooser.choose(try survey(side: 300, train: 93, clips: 80, rarest: 0.17))
    #expect(small.batch == 16 && small.balance == 1 && small.augmentation.images.frames == 0.25)
    let steps = small.epochs * 93 / small.batch
    #expect(steps > 700 && small.epochs / small.validateEvery >= 30 && small.problems.isEmpty)
    let large = RecipeChooser.choose(try survey(side: 300, train: 5000, rarest: 0.5))
    #expect(large.batch == 64 && large.balance == 0 && large.augmentation.images.frames == 1)
    #expect(large.validateEvery == 1)
  }

  @Test("The rarest label is measured against an even share, where rows have one each")
  func rarest() {
    func rows(_ labels: [[String]]) -> [ManifestRow] {
      labels.enumerated().map { place, own in
        var row = ManifestRow(id: "\(place)")
        (row.split, row.labels) = (.train, own)
        return row
      }
    }
    let uneven = [["a"], ["a"], ["a"], ["b"], []]
    #expect(ManifestSurvey(rows(uneven)).rarest == 0.5)
    #expect(ManifestSurvey(rows(uneven + [["a", "b"]])).rarest == 1)
    #expect(ManifestSurvey(rows([[]])).rarest == 1)
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
