/// What the page of a run adds to the style sheets of reports and results. It holds no character that XML would have
/// to escape.
enum RunStyle {
  static let sheet = """
    .strips { padding: 0 0.9rem 0.7rem; margin-bottom: 1.25rem; overflow: visible; }
    .strips h3 { margin: 0.8rem 0 0.3rem; }
    .strips .lead { max-width: none; margin-bottom: 0.4rem; }
    .strips .legend { margin: 0 0 0.3rem; font-size: 0.9rem; }
    .strip-name { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin: 0.5rem 0 0.15rem; max-width: none; font-size: 0.9rem; }
    .strip-name b { overflow-wrap: anywhere; }
    .strip-name span { color: var(--quiet); font-variant-numeric: tabular-nums; }
    figure svg.lines { display: block; width: 100%; height: 3.6rem; max-height: none; background: var(--ground); border-radius: 3px; }
    figure svg.tall { height: 8rem; }
    figure svg.flat { height: 1rem; }
    figure svg.heat { height: 0.55rem; margin-top: 2px; }
    .lines line, .lines polyline { vector-effect: non-scaling-stroke; }
    .lines .mean { fill: none; stroke: var(--k0); stroke-width: 1.5; stroke-linejoin: round; }
    .lines .span { fill: var(--k0); fill-opacity: 0.22; }
    .lines .release { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 5 4; }
    .event { fill: var(--present); fill-opacity: 0.2; }
    .run-up { fill: var(--present); fill-opacity: 0.09; }
    .mark .event { fill-opacity: 0.5; }
    .mark .run-up { fill-opacity: 0.2; stroke: var(--present); stroke-opacity: 0.5; }
    .rest { fill: var(--quiet); fill-opacity: 0.7; }
    .alarm { fill: var(--present); }
    .doubt { fill: var(--k4); }
    .warm { fill: var(--accent); }
    .axis-rows { position: relative; height: 1.3rem; margin-top: 0.15rem; font-size: 0.8rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
    .axis-rows span { position: absolute; transform: translateX(-50%); padding-top: 0.3rem; }
    .axis-rows span::before { content: ""; position: absolute; top: 0; left: 50%; height: 0.3rem; border-left: 1px solid var(--quiet); }
    .event-numbers { position: relative; height: 1.35rem; }
    .event-numbers a { position: absolute; transform: translateX(-50%); min-width: 1.5rem; padding: 0 0.3rem; text-align: center; font-size: 0.85rem; font-weight: 600; color: var(--present); }
    tr:target { background: var(--draft-ground); }
    .axis-times { display: flex; justify-content: space-between; gap: 0.5rem; margin: 0; max-width: none; font-size: 0.8rem; overflow-wrap: anywhere; }
    .events-table td p { margin: 0.25rem 0 0; }
    .events-table th small { display: block; font-weight: 400; color: var(--quiet); }
    .events-table td:nth-child(3) { min-width: 15rem; }
    .events-table td:nth-child(4) { min-width: 12rem; }
    .plain { list-style: none; margin: 0; padding: 0; font-size: 0.9rem; overflow-wrap: anywhere; }
    .plain li { margin-bottom: 0.2rem; }
    .shares li { display: flex; align-items: baseline; gap: 0.5rem; }
    .shares .number { min-width: 2.7rem; text-align: right; }
    .plain .bar { flex: none; width: 3.5rem; margin: 0; align-self: center; }
    .plain .bar span { background: var(--accent); }
    @media (max-width: 48rem) {
      .events-table thead { position: absolute; left: -999rem; }
      .events-table tr, .events-table td, .events-table th { display: block; border-top: 0; }
      .events-table tr { border-top: 1px solid var(--line); padding: 0.4rem 0; }
      .events-table tr:first-child { border-top: 0; }
      .events-table td, .events-table th { padding: 0.2rem 0.7rem; }
      .events-table td[data-label]::before { content: attr(data-label); font-size: 0.78rem; color: var(--quiet); }
      .events-table th small { display: inline; margin-left: 0.4rem; }
    }
    @media print {
      figure svg.lines { height: 1.6cm; }
      figure svg.tall { height: 3cm; }
      figure svg.flat { height: 0.35cm; }
      figure svg.heat { height: 0.2cm; }
      .strips { break-inside: auto; }
      .strip { break-inside: avoid; }
    }
    """
}
