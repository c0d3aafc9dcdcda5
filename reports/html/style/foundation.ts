/** Colours, type, and what every part of the page shares. The palette and the sizes are those of the report's mock. */
const css = String.raw;

export const foundation: string = css`
  :root {
    color-scheme: light dark;
    --page: light-dark(#fbfbfa, #0d0e10);
    --card: light-dark(#ffffff, #141618);
    --sunk: light-dark(#f5f5f3, #1b1d20);
    --line: light-dark(#e6e5e1, #2a2d31);
    --hair: light-dark(#f0efec, #1f2225);
    --ink: light-dark(#17181a, #ecedee);
    --ink-2: light-dark(#53565c, #a6abb2);
    --ink-3: light-dark(#666a71, #8b9199);
    --bad: light-dark(#bf2a1d, #ff8274);
    --bad-soft: light-dark(#fdefec, #2b1614);
    --bad-line: light-dark(#f3c9c3, #5a2a25);
    --ok: light-dark(#18744a, #5ecb92);
    --ok-soft: light-dark(#ecf6f0, #11231a);
    --ok-line: light-dark(#c6e3d3, #21452f);
    --open: light-dark(#8a5a00, #e2b340);
    --open-soft: light-dark(#fdf4de, #282010);
    --open-line: light-dark(#efdcae, #4f3f17);
    --read: light-dark(#2d63d2, #7fa6f8);
    --write: light-dark(#a15500, #e3a456);
    --cas: light-dark(#0a7a70, #4fc5b6);
    --partition: light-dark(#7253cf, #ab97f5);
    --kill: light-dark(#59636f, #98a3b0);
    --pause: light-dark(#a3477f, #e08fbe);
    --clock: light-dark(#0c7590, #5bbbd6);
    --focus: light-dark(#2d63d2, #7fa6f8);
    --sans: Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
    --mono: ui-monospace, 'SF Mono', 'JetBrains Mono', 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', monospace;
  }
  :root[data-theme='light'] {
    color-scheme: light;
  }
  :root[data-theme='dark'] {
    color-scheme: dark;
  }

  * {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  html {
    scroll-padding-top: 64px;
    -webkit-text-size-adjust: 100%;
  }
  body {
    margin: 0;
    background: var(--page);
    color: var(--ink);
    font: 400 14px/1.5 var(--sans);
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
    -webkit-font-smoothing: antialiased;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul,
  figure,
  pre {
    margin: 0;
    padding: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  h1 {
    font-size: 32px;
    line-height: 1.18;
    font-weight: 600;
    letter-spacing: -0.022em;
    text-wrap: balance;
  }
  h2 {
    font-size: 20px;
    line-height: 1.3;
    font-weight: 600;
    letter-spacing: -0.012em;
  }
  h3 {
    font-size: 14px;
    line-height: 1.4;
    font-weight: 600;
  }
  a {
    color: inherit;
    text-decoration-color: var(--line);
    text-underline-offset: 3px;
  }
  a:hover {
    text-decoration-color: currentColor;
  }
  code,
  pre,
  .mono {
    font-family: var(--mono);
    font-size: 0.92em;
  }
  b {
    font-weight: 600;
  }
  button,
  select {
    font: inherit;
    color: inherit;
  }
  section {
    margin-top: 72px;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
    border-radius: 4px;
  }

  .wrap {
    max-width: 1200px;
    margin: 0 auto;
    padding: 0 40px;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 12px;
    box-shadow:
      0 1px 2px rgb(20 20 15 / 0.04),
      0 4px 16px rgb(20 20 15 / 0.04);
  }
  .sub {
    font-size: 12.5px;
    color: var(--ink-2);
    margin-top: 2px;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .sr:focus {
    position: static;
    width: auto;
    height: auto;
    clip-path: none;
  }
  .section-head {
    display: flex;
    align-items: end;
    justify-content: space-between;
    gap: 8px 24px;
    flex-wrap: wrap;
    margin-bottom: 16px;
  }
  .section-head > div {
    flex: 1 1 320px;
    min-width: 0;
  }
  .section-head p {
    color: var(--ink-2);
    margin-top: 4px;
    max-width: 100ch;
    text-wrap: pretty;
  }
  .button {
    height: 30px;
    padding: 0 11px;
    border: 1px solid var(--line);
    border-radius: 7px;
    background: var(--card);
    font-size: 13px;
    font-weight: 500;
    cursor: pointer;
    white-space: nowrap;
  }
  .button:hover {
    background: var(--sunk);
  }
  .button[aria-disabled='true'] {
    color: var(--ink-3);
    cursor: default;
    background: none;
  }
  .button.quiet {
    border-color: transparent;
    background: none;
    color: var(--ink-2);
  }
  .field {
    height: 30px;
    max-width: 100%;
    border: 1px solid var(--line);
    border-radius: 7px;
    background: var(--card);
    padding: 0 4px 0 9px;
    font-size: 13px;
  }

  .mark {
    display: inline-grid;
    place-items: center;
    width: 16px;
    height: 16px;
    flex: none;
    border-radius: 50%;
    color: var(--card);
    background: var(--c);
  }
  .mark svg {
    width: 10px;
    height: 10px;
    stroke: currentColor;
    stroke-width: 2;
    fill: none;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .ok {
    --c: var(--ok);
    --soft: var(--ok-soft);
    --edge: var(--ok-line);
  }
  .bad {
    --c: var(--bad);
    --soft: var(--bad-soft);
    --edge: var(--bad-line);
  }
  .open,
  .finding {
    --c: var(--open);
    --soft: var(--open-soft);
    --edge: var(--open-line);
  }
  .found {
    --c: var(--ink);
    --soft: var(--card);
    --edge: var(--line);
  }
  .quiet {
    --c: var(--ink-3);
    --soft: var(--card);
    --edge: var(--line);
  }
  .mark.found,
  .mark.quiet {
    background: none;
    color: var(--ink-2);
    box-shadow: inset 0 0 0 1.5px var(--c);
  }
  .mark.found {
    color: var(--bad);
    box-shadow: inset 0 0 0 1.5px var(--bad);
  }

  .t-read {
    --c: var(--read);
  }
  .t-write {
    --c: var(--write);
  }
  .t-cas {
    --c: var(--cas);
  }
  .t-other {
    --c: var(--ink-2);
  }
  .t-fail {
    --c: var(--ink-3);
  }
  .k-partition {
    --c: var(--partition);
  }
  .k-kill {
    --c: var(--kill);
  }
  .k-pause {
    --c: var(--pause);
  }
  .k-clock {
    --c: var(--clock);
  }
  .k-other {
    --c: var(--ink-2);
  }
  .swatch {
    display: inline-block;
    width: 10px;
    height: 10px;
    border-radius: 3px;
    flex: none;
    background: var(--c);
  }
  .swatch.k-kill {
    background: repeating-linear-gradient(45deg, var(--c) 0 2px, transparent 2px 4px);
    box-shadow: inset 0 0 0 1px var(--c);
  }
  .swatch.k-pause {
    background: linear-gradient(90deg, var(--c) 35%, transparent 35% 65%, var(--c) 65%);
  }
  .swatch.k-clock {
    border-radius: 50%;
  }

  .bar:is(header) {
    position: sticky;
    top: 0;
    z-index: 20;
    background: color-mix(in srgb, var(--page) 90%, transparent);
    backdrop-filter: blur(10px);
    border-bottom: 1px solid var(--line);
  }
  header .wrap {
    display: flex;
    align-items: center;
    gap: 20px;
    height: 48px;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 600;
    text-decoration: none;
    overflow-wrap: normal;
  }
  .brand svg {
    width: 18px;
    height: 18px;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
  }
  .brand circle {
    fill: var(--bad);
    stroke: none;
  }
  .crumb {
    color: var(--ink-3);
    font-size: 13px;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    min-width: 0;
  }
  header nav {
    margin-left: auto;
    display: flex;
    gap: 2px;
  }
  header nav a {
    font-size: 13px;
    color: var(--ink-2);
    text-decoration: none;
    padding: 5px 9px;
    border-radius: 6px;
    white-space: nowrap;
  }
  header nav a:hover {
    background: var(--sunk);
    color: var(--ink);
  }
  footer.wrap {
    margin-top: 72px;
    border-top: 1px solid var(--line);
    padding-top: 24px;
    padding-bottom: 48px;
    font-size: 12.5px;
    color: var(--ink-3);
    display: flex;
    gap: 6px 24px;
    flex-wrap: wrap;
    justify-content: space-between;
  }
  #hint {
    position: fixed;
    z-index: 40;
    max-width: min(340px, calc(100vw - 16px));
    display: grid;
    gap: 2px;
    padding: 8px 11px;
    border-radius: 8px;
    background: var(--ink);
    color: var(--page);
    font-size: 12.5px;
    line-height: 1.45;
    pointer-events: none;
  }
`;
