import Alignment
import Decoders
import Encoders
import Foundation
import Layers
import Reports
import Selector
import Training

/// Drafts the report on one study: read, route, choose, pool, find evidence, write.
public struct StudyDrafter: Sendable {
  /// From here on an input is unlike the training data, in units of the usual distance.
  static let strangenessLimit: Float = 1.5
  /// Entropy of a pooled answer, over its maximum, above which it decides nothing.
  static let uncertaintyLimit: Float = 0.75
  /// Below this probability a finding that is called present has little margin, and a person must look.
  static let marginLimit: Float = 0.7
  /// Mean logarithm of a token's probability below which the decoder was guessing.
  static let confidenceLimit: Float = -0.7
  /// Tasks whose trust comes this near to the best one's are reported beside it.
  static let comparableTrust: Float = 0.1
  /// Inputs of the greatest weight for which evidence is sought: it costs about a hundred times the encoding.
  static let evidenceInputs = 3
  /// Probability from which on an uncertain finding is shown in the picture: fainter ones have no place to speak of.
  static let shownFrom: Float = 0.3
  /// Rectangles in one picture at most: more cover what they are to show.
  static let regionsAPicture = 4

  let bundle: ModelBundle
  let router: Router
  var language = ReportLanguage.en
  var identified = false
  var wantsPictures = false
  /// Findings that are asked for in words.
  var asked: ZeroShotLabels?
  /// The time that stands in reports.
  var created = ISOTime(Date())

  /// - Parameters:
  ///   - language: of headings and of the sentences that are not the model's own.
  ///   - identified: lets a DICOM header's patient name, id and birth date into the metadata that is read.
  ///   - wantsPictures: makes pictures of the inputs, for the HTML page.
  public init(
    _ bundle: ModelBundle, language: ReportLanguage = .en, identified: Bool = false,
    wantsPictures: Bool = false
  ) {
    (self.bundle, self.language, self.identified) = (bundle, language, identified)
    self.wantsPictures = wantsPictures
    router = Router(bundle, scansOnly: true)
  }

  /// - Parameters:
  ///   - unreadable: files of the study's folder that could not even be recognised.
  ///   - prior: the report on an earlier study of the same patient, and the days between where they are known.
  public func draft(
    _ study: Study, unreadable: [Decoders.DecodingError] = [],
    prior: (report: ReportDocument, days: Int?)? = nil
  ) -> StudyDraft {
    var parts = read(study)
    for error in unreadable {
      parts.append(
        StudyPart(
          name: StudyPart.relative(error.file, to: study.root), path: error.file, kind: .image,
          sha256: StudyPart.hash(error.file), view: nil, routed: nil, refusal: error))
    }
    let able = parts.indices.filter { parts[$0].routed != nil }
    let choices = bundle.selector.choose(able.compactMap { parts[$0].routed?.candidate })
    let chosen = Dictionary(uniqueKeysWithValues: zip(able, choices))
    let verdict = Verdict(parts: parts, choices: chosen, bundle: bundle)
    let unplaced = verdict.findings(evidence: evidence(parts, verdict))
    let writer = StudyText(bundle: bundle, language: language)
    let text = writer.text(parts, verdict, unplaced)
    let findings =
      verdict.abstains
      ? unplaced
      : measured(
        FindingPlaces(frames: frames(parts)).placed(
          unplaced, told: text.told.filter { $0.section == .findings }.map { ($0.text, $0.behind) }), parts)
    let reasons = verdict.reasons(
      parts, chosen, language: language, confidence: text.isDrafted ? text.confidence : nil)
    let inputs = parts.indices.map { place in
      ReportDocument.Input(
        path: parts[place].name, sha256: parts[place].sha256, kind: parts[place].kind.rawValue,
        view: parts[place].view, used: verdict.isUsed(place),
        reason: verdict.reason(place, parts[place], chosen[place], language))
    }
    var document = ReportDocument(
      study: study.name, created: created,
      bundle: .init(name: bundle.description.name, sha256: bundle.sha256), inputs: inputs,
      selector: SelectorRecord(parts: parts, choices: chosen, verdict: verdict, bundle: bundle).tree,
      findings: findings, sections: text.sections, needsHumanRead: !reasons.isEmpty, reasons: reasons,
      limits: verdict.limits(language), language: language)
    document.asked = asked?.answers(parts, verdict) ?? []
    document.statements = text.told.map { document.statement($0.text, $0.section, behind: $0.behind) }
    document.privacy = PrivacyWatch.flags(parts, language)
    if identified { document.patient = ReportPatient(parts) }
    if let prior, let comparison = ReportDocument.Comparison(prior.report, document, days: prior.days) {
      document.comparison = comparison
      document.sections.comparison = language.tell(comparison)
    }
    return StudyDraft(
      document: document.sealed(), pictures: wantsPictures ? pictures(parts, verdict) : [],
      refused: parts.compactMap(\.refusal), dropped: text.dropped)
  }

  private func read(_ study: Study) -> [StudyPart] {
    var reader = InputReader(bundle)
    (reader.identified, reader.looksForText) = (identified, true)
    return study.inputs.map { input in
      var part = StudyPart(
        name: StudyPart.relative(input.path, to: study.root), path: input.path, kind: input.kind,
        sha256: StudyPart.hash(input.path), view: InputView.of(input.metadata, path: input.path))
      do throws(Decoders.DecodingError) {
        let source = try reader.scan(input.path)
        part.routed = router.route(source)
        if part.routed == nil {
          part.refusal = Decoders.DecodingError(
            .unsupported, file: input.path,
            reason: "The bundle \(bundle.description.name) has no task for a \(input.kind.rawValue).",
            remedy: "Name another bundle with --bundle.")
        }
      } catch {
        part.refusal = error
      }
      return part
    }
  }

  private func frames(_ parts: [StudyPart]) -> [String: FindingPlaces.Frame] {
    let frontal = ["pa", "ap", "frontal"]
    let known = parts.compactMap { part -> (String, FindingPlaces.Frame)? in
      guard let source = part.routed?.source, let width = source.width, let height = source.height else {
        return nil
      }
      let view = (part.view ?? "").lowercased().split { !$0.isLetter }.map(String.init)
      return (
        part.name,
        .init(
          width: Double(width), height: Double(height), isFrontal: view.contains(where: frontal.contains))
      )
    }
    return Dictionary(known) { first, _ in first }
  }

  /// With the sizes of round findings, where a header says how large a pixel is.
  private func measured(
    _ findings: [ReportDocument.Finding], _ parts: [StudyPart]
  ) -> [ReportDocument.Finding] {
    findings.map { finding in
      var finding = finding
      guard finding.state == .present, FindingSide.isRound(finding.name) else { return finding }
      for evidence in finding.evidence {
        guard let source = parts.first(where: { $0.name == evidence.input })?.routed?.source,
          let millimetres = RoundSize.millimetres(source, region: evidence.region)
        else { continue }
        finding.size = .init(millimetres: millimetres, input: evidence.input)
        break
      }
      return finding
    }
  }

  /// Regions for the findings that are present or uncertain: `[task: [label: evidence]]`.
  private func evidence(_ parts: [StudyPart], _ verdict: Verdict) -> [Int: [Int: [ReportDocument.Evidence]]] {
    guard !verdict.abstains else { return [:] }
    var found: [Int: [Int: [ReportDocument.Evidence]]] = [:]
    let finder = EvidenceFinder(bundle: bundle)
    for pool in verdict.pools {
      let (labels, wholes) = finder.labels(pool)
      guard !labels.isEmpty else { continue }
      let heaviest = pool.members.sorted { $0.weight > $1.weight }.prefix(StudyDrafter.evidenceInputs)
      for member in heaviest {
        guard let routed = parts[member.part].routed, let width = routed.source.width,
          let height = routed.source.height
        else { continue }
        let together = pool.together.flatMap { answer in
          answer.parts.firstIndex(of: member.part).map { (views: answer.views, place: $0) }
        }
        let regions = finder.regions(
          routed.sample.input, task: pool.task, labels: labels, together: together)
        var left = StudyDrafter.regionsAPicture
        for (label, regions) in zip(labels, regions) {
          // Of what is uncertain the main place is enough.
          let kept = regions.prefix(min(left, pool.states[label] == .present ? 2 : 1))
          left -= kept.count
          let places = kept.map {
            ReportDocument.Evidence(
              input: parts[member.part].name, region: $0.pixels(width: width, height: height))
          }
          found[pool.task, default: [:]][label, default: []] += places
          if let whole = wholes[label] {
            found[pool.task, default: [:]][whole, default: []] += places
          }
        }
      }
    }
    return found
  }

  private func pictures(_ parts: [StudyPart], _ verdict: Verdict) -> [ReportPicture] {
    // Those that count first; a page with hundreds of slices would help nobody.
    let order = parts.indices.filter { parts[$0].routed != nil }.sorted {
      (verdict.weight($0), -$0) > (verdict.weight($1), -$1)
    }
    return order.prefix(12).compactMap { place in
      // A page is passed on more easily than a scan is.
      guard identified || !PrivacyWatch.mayShowIdentity(parts[place]) else { return nil }
      guard let source = parts[place].routed?.source, let width = source.width, let height = source.height,
        let png = Preview.png(source)
      else { return nil }
      let kind =
        parts[place].kind == .clip
        ? (language == .en ? "Middle frame of the clip" : "动态影像的中间帧") : (language == .en ? "Image" : "图像")
      let view = parts[place].view.map { language == .en ? ", \($0)" : "，\(ChineseWording.term($0))" } ?? ""
      return ReportPicture(
        input: parts[place].name, png: png, width: width, height: height, caption: "\(kind)\(view)")
    }
  }
}
