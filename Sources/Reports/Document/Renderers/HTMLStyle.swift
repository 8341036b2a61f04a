/// The style sheet that reports and pages of results share.
public enum HTMLStyle {
  /// For light and dark and for paper. It holds no character that XML would have to escape.
  public static let sheet = """
    :root {
      --ground: #f6f7f8; --paper: #ffffff; --ink: #16202a; --quiet: #566472; --line: #d9dfe5;
      --accent: #0b5a8a; --present: #a3341b; --uncertain: #8a5a00; --absent: #3d6b4f; --bar: #dfe5ea;
      --draft: #8a4b00; --draft-ground: #fff3dc; --alert: #a3341b; --alert-ground: #fdeeea;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #0e1318; --paper: #161d24; --ink: #e6ebef; --quiet: #9aa8b5; --line: #2b3641;
        --accent: #7cc0ec; --present: #ff9b82; --uncertain: #f0bd5e; --absent: #8fcaa6; --bar: #2b3641;
        --draft: #ffd28a; --draft-ground: #3a2a0d; --alert: #ffb3a1; --alert-ground: #3a1a13;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--ink);
      font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
    }
    .skip { position: absolute; left: -999rem; top: 0; z-index: 2; background: var(--paper); color: var(--accent); padding: 0.6rem 1rem; }
    .skip:focus { left: 0; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    section, h2 { scroll-margin-top: 4rem; }
    .banner {
      position: sticky; top: 0; z-index: 1; margin: 0; max-width: none; padding: 0.6rem 1rem; text-align: center;
      background: var(--draft-ground); color: var(--draft); border-bottom: 2px solid var(--draft);
    }
    .banner.final { background: var(--paper); color: var(--absent); border-color: var(--absent); }
    main { max-width: 66rem; margin: 1.5rem auto; padding: 0 1.5rem 2rem; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.5rem; overflow-wrap: anywhere; }
    h2 { font-size: 0.82rem; letter-spacing: 0.07em; text-transform: uppercase; color: var(--accent); margin: 0 0 0.5rem; }
    p { margin: 0 0 0.6rem; max-width: 46rem; }
    section { margin: 0 0 1.5rem; }
    .facts { display: flex; flex-wrap: wrap; gap: 0.25rem 2.25rem; margin: 0 0 1.5rem; }
    .facts dt { font-size: 0.78rem; color: var(--quiet); }
    .facts dd { margin: 0; font-weight: 600; }
    .quiet { color: var(--quiet); font-size: 0.9rem; }
    .alert { background: var(--alert-ground); border-left: 4px solid var(--alert); padding: 0.8rem 1.1rem; border-radius: 4px; }
    .alert h2 { color: var(--alert); }
    .remarks { border-left: 4px solid var(--line); padding: 0.2rem 1.1rem; }
    .alert ul, .remarks ul { margin: 0; padding-left: 1.2rem; }
    .impression { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 1rem 1.2rem 0.6rem; }
    .impression p { font-size: 1.15rem; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.25rem; align-items: start; }
    figure { margin: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
    figure svg { display: block; width: 100%; max-height: 34rem; background: #000; }
    figure text { font-family: inherit; font-weight: 600; }
    figcaption { padding: 0.6rem 0.9rem; font-size: 0.9rem; }
    .legend { list-style: none; margin: 0.35rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; }
    .key { display: inline-block; width: 0.75em; height: 0.75em; border-radius: 2px; margin-right: 0.45em; border: 1px solid rgba(0, 0, 0, 0.35); }
    .wide { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
    table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
    th, td { text-align: left; padding: 0.5rem 0.8rem; border-top: 1px solid var(--line); vertical-align: top; }
    thead th { border-top: 0; font-size: 0.78rem; font-weight: 600; color: var(--quiet); }
    tbody th { font-weight: 600; }
    .absent th, .unused th, .unused td { font-weight: 400; color: var(--quiet); }
    .state { white-space: nowrap; font-weight: 600; }
    .present .state { color: var(--present); }
    .uncertain .state { color: var(--uncertain); }
    .absent .state { color: var(--absent); font-weight: 400; }
    .mark { fill: currentColor; vertical-align: -1px; margin-right: 0.25em; }
    .mark .ring { fill: none; stroke: currentColor; stroke-width: 1.5; }
    .tight { white-space: nowrap; }
    .why { min-width: 16rem; }
    pre { overflow-x: auto; font-size: 0.85em; }
    .number { white-space: nowrap; font-variant-numeric: tabular-nums; }
    .bar { display: inline-block; width: 7rem; height: 0.55rem; margin-right: 0.6rem; border-radius: 3px; background: var(--bar); overflow: hidden; }
    .bar span { display: block; height: 100%; background: var(--quiet); }
    .present .bar span { background: var(--present); }
    .uncertain .bar span { background: var(--uncertain); }
    .present.healthy .state { color: var(--absent); }
    .present.healthy .bar span { background: var(--absent); }
    footer { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.88rem; }
    code { font-family: ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: 0.85em; overflow-wrap: anywhere; }
    .hashes dd { margin: 0 0 0.35rem; }
    summary { cursor: pointer; }
    details { margin-bottom: 0.6rem; }
    @media (max-width: 64rem) {
      .bar { width: 4rem; }
    }
    @media (max-width: 40rem) {
      main { padding: 0 0.9rem 1.5rem; margin: 1rem auto; }
      .banner { font-size: 0.88rem; padding: 0.45rem 0.9rem; }
      .figures { grid-template-columns: minmax(0, 1fr); }
      .facts { gap: 0.25rem 1.5rem; }
      th, td { padding: 0.45rem 0.6rem; }
    }
    @media print {
      :root {
        --ground: #ffffff; --paper: #ffffff; --ink: #000000; --quiet: #444444; --line: #bbbbbb; --accent: #000000;
        --present: #000000; --uncertain: #000000; --absent: #000000; --bar: #dddddd;
        --draft: #000000; --draft-ground: #ffffff; --alert: #000000; --alert-ground: #ffffff;
      }
      body { font-size: 11pt; }
      .skip { display: none; }
      .banner { position: static; border: 2px solid #000000; }
      main { max-width: none; margin: 0.5cm 0 0; padding: 0; }
      table { font-size: 0.8rem; }
      th, td { padding: 0.35rem 0.5rem; }
      tbody th { min-width: 9rem; }
      .bar { width: 4rem; }
      figure svg { max-height: 11cm; }
      figure, tr, .impression, .alert { break-inside: avoid; }
      h2 { break-after: avoid; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """
}
