import Faults
import Files
import Foundation
import Reports

/// The page of a run: what happened to a machine, when, and which sensors show it. It needs nothing else, is
/// well-formed XML as well as HTML, follows the reader's light or dark setting, prints on paper and fits a narrow
/// screen. Its size does not grow with the length of the recording.
public struct RunPage: Sendable {
  let timeline: FaultTimeline
  let events: [FaultEvent]
  let droppedEvents: Int
  let rule: AlarmRule
  let facts: RunFacts
  let source: RunSource

  /// - Parameters:
  ///   - events: in the order of their ends; the open ones last.
  ///   - droppedEvents: earlier ones that are not told.
  ///   - source: who answered.
  public init(
    timeline: FaultTimeline, events: [FaultEvent], droppedEvents: Int = 0, rule: AlarmRule,
    facts: RunFacts, source: RunSource
  ) {
    (self.timeline, self.events, self.droppedEvents) = (timeline, events, droppedEvents)
    (self.rule, self.facts, self.source) = (rule, facts, source)
  }

  /// The whole page.
  public var html: String {
    let frame = RunFrame(points: timeline.allPoints, events: events)
    return """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>\(Markup.escaped(timeline.title))</title>
      <style>
      \(HTMLStyle.sheet)
      \(ResultsStyle.sheet)
      \(RunStyle.sheet)
      </style>
      </head>
      <body>
      <a class="skip" href="#events">To the events</a>
      <main>
      \(RunHead(page: self).html)
      \(RunEvents(events: events, dropped: droppedEvents).section)
      \(ResultsText.section("Over time", "time", course(frame)))
      \(RunBasis(page: self).section)
      <footer><p>Drawn by Braid from the predictions of this run. All times and rows are those of the recording.</p></footer>
      </main>
      </body>
      </html>

      """
  }

  private func course(_ frame: RunFrame) -> String {
    guard !frame.points.isEmpty else { return "<p class=\"quiet\">There was no window to draw.</p>" }
    let parts = [
      RunDanger(frame: frame, timeline: timeline, rule: rule).html,
      RunSensors(frame: frame, timeline: timeline, units: source.units).html,
      RunRemaining(frame: frame).html,
    ].filter { !$0.isEmpty }
    return parts.joined(separator: "\n")
  }
}
