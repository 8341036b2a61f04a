/// What the page of results adds to the style sheet of reports. It holds no character that XML would have to escape.
///
/// Colours of marks follow Okabe and Ito (2008), which all kinds of colour vision tell apart, lighter on dark ground.
enum ResultsStyle {
  static let sheet = """
    :root {
      --k0: #0072b2; --k1: #d55e00; --k2: #009e73; --k3: #b8569a; --k4: #b08400; --k5: #3a9bd9; --k6: #111111; --k7: #7a5c3e;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --k0: #56a8e8; --k1: #ff8a3d; --k2: #35c79b; --k3: #e08fc0; --k4: #f0c94a; --k5: #9ad4ff; --k6: #f2f2f2; --k7: #c9a57f;
      }
    }
    h3 { font-size: 1rem; margin: 1rem 0 0.5rem; }
    .impression p { max-width: 56rem; }
    header .facts { margin-top: 1.25rem; }
    .wide + .quiet, .quiet + .quiet { margin-top: 0.4rem; }
    .figures-table { font-size: 0.9rem; }
    .figures-table th, .figures-table td { padding: 0.5rem 0.55rem; }
    .figures-table small { display: block; color: var(--quiet); white-space: nowrap; }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1.25rem; align-items: start; margin-top: 1rem; }
    .charts figure { min-width: 0; }
    figure h3 { margin: 0.8rem 0.9rem 0.2rem; }
    figure svg.chart { background: none; max-height: none; padding: 0.25rem 0.4rem 0; }
    .chart text { font-size: 12.5px; font-weight: 400; fill: var(--ink); }
    .chart .dim { fill: var(--quiet); }
    .chart .strong { font-weight: 600; }
    .grid { stroke: var(--line); stroke-width: 1; }
    .axis { stroke: var(--quiet); stroke-width: 1; }
    .best { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 2 3; }
    .ideal { fill: none; stroke: var(--quiet); stroke-width: 1.2; stroke-dasharray: 5 4; }
    .bars { fill: var(--quiet); fill-opacity: 0.55; }
    .curve { stroke-width: 2; stroke-linejoin: round; }
    .curve.d1 { stroke-dasharray: 7 3; }
    .curve.d2 { stroke-dasharray: 2 3; }
    .curve.before { fill: none; stroke: var(--quiet); stroke-width: 1.3; }
    .hollow { fill: var(--paper); stroke: var(--quiet); stroke-width: 1.5; }
    .ring { fill: var(--paper); fill-opacity: 0.75; stroke: var(--ink); stroke-width: 1.5; }
    .point { stroke: var(--paper); stroke-width: 0.6; fill-opacity: 0.85; }
    figure svg.mark { display: inline-block; width: 14px; height: 14px; background: none; vertical-align: -2px; margin-right: 0.35em; }
    .k0 { fill: var(--k0); } .k1 { fill: var(--k1); } .k2 { fill: var(--k2); } .k3 { fill: var(--k3); }
    .k4 { fill: var(--k4); } .k5 { fill: var(--k5); } .k6 { fill: var(--k6); } .k7 { fill: var(--k7); }
    .curve.k0 { fill: none; stroke: var(--k0); } .curve.k1 { fill: none; stroke: var(--k1); }
    .curve.k2 { fill: none; stroke: var(--k2); } .curve.k3 { fill: none; stroke: var(--k3); }
    .curve.k4 { fill: none; stroke: var(--k4); } .curve.k5 { fill: none; stroke: var(--k5); }
    .curve.k6 { fill: none; stroke: var(--k6); } .curve.k7 { fill: none; stroke: var(--k7); }
    .chart .n0 { fill: var(--k0); } .chart .n1 { fill: var(--k1); } .chart .n2 { fill: var(--k2); } .chart .n3 { fill: var(--k3); }
    .chart .n4 { fill: var(--k4); } .chart .n5 { fill: var(--k5); } .chart .n6 { fill: var(--k6); } .chart .n7 { fill: var(--k7); }
    .chart .name { font-weight: 600; }
    .chart .label { font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
    .confusion { width: auto; }
    .confusion td, .confusion th { border: 1px solid var(--line); padding: 0.3rem 0.45rem; }
    .confusion td { text-align: center; font-variant-numeric: tabular-nums; min-width: 3rem; }
    .confusion td small { display: block; font-size: 0.75em; }
    .confusion .none, .confusion .total { color: var(--quiet); }
    .confusion thead th { vertical-align: bottom; }
    .confusion tbody th { position: sticky; left: 0; background: var(--paper); white-space: nowrap; }
    .confusion .down { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; max-height: 12rem; }
    .confusion.many { font-size: 0.78rem; }
    .confusion.many td { min-width: 2.2rem; padding: 0.15rem 0.2rem; }
    .confusion.many th { padding: 0.15rem 0.4rem; }
    @media (max-width: 30rem) {
      main { padding: 0 0.8rem 1.5rem; }
      .facts { gap: 0.25rem 1.4rem; }
      th, td { padding: 0.4rem 0.5rem; }
      .bar { width: 3.5rem; }
      .confusion tbody th { white-space: normal; min-width: 5.5rem; max-width: 7.5rem; overflow-wrap: break-word; }
    }
    @media print {
      :root { --k0: #0072b2; --k1: #d55e00; --k2: #009e73; --k3: #b8569a; --k4: #b08400; --k5: #3a9bd9; --k6: #111111; --k7: #7a5c3e; }
      .wide { overflow: visible; }
      .charts { grid-template-columns: 1fr 1fr; }
      figure svg.chart { max-height: 9cm; }
    }
    """
}
