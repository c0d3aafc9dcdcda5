/** Type, space, and what every part of the page shares. */
const css = String.raw;

export const baseStyle: string = css`
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
  .section-head > label {
    max-width: 100%;
    min-width: 0;
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
`;
