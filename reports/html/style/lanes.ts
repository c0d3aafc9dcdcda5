/** The counterexample drawn: operations as bars in lanes over time. */
const css = String.raw;

export const lanesStyle: string = css`
  .lanes svg {
    display: block;
    width: 100%;
    height: auto;
  }
  .lanes text {
    font-family: var(--sans);
    font-size: 11.5px;
    fill: var(--ink);
  }
  .lanes .halo {
    paint-order: stroke;
    stroke: color-mix(in srgb, var(--card) 72%, transparent);
    stroke-width: 3.5px;
    stroke-linejoin: round;
  }
  .lanes .axis {
    fill: var(--ink-3);
    font-size: 11.5px;
    font-weight: 400;
  }
  .lanes .lane {
    font-size: 13px;
  }
  .lanes .lane[data-story-lane='yes'] {
    font-weight: 600;
  }
  .lanes .rule {
    stroke: var(--hair);
  }
  .lanes .rule.strong {
    stroke: var(--line);
  }
  .lanes .band rect {
    fill: color-mix(in srgb, var(--c) 9%, transparent);
  }
  .lanes .band line {
    stroke: var(--c);
    stroke-width: 1.5;
  }
  .lanes .band text {
    fill: var(--c);
    font-size: 12px;
    font-weight: 600;
  }
  .lanes .bar,
  .lanes .arrow {
    cursor: help;
    outline: none;
  }
  .lanes .bar rect {
    fill: var(--c);
    stroke: var(--c);
    stroke-width: 1.25;
  }
  .lanes .bar.other rect {
    fill: color-mix(in srgb, var(--c) 22%, var(--card));
  }
  .lanes .bar.unanswered rect {
    fill: color-mix(in srgb, var(--c) 14%, var(--card));
    stroke-dasharray: 4 3;
  }
  .lanes .bar.impossible {
    --c: var(--bad);
  }
  .lanes .bar text {
    font: 500 12px/1 var(--mono);
  }
  .lanes .bar .inside {
    fill: var(--card);
  }
  .lanes .bar.other .inside,
  .lanes .bar.unanswered .inside {
    fill: var(--ink);
  }
  .lanes .bar.other .behind {
    fill: var(--ink-2);
  }
  .lanes .bar.impossible .behind {
    fill: var(--bad);
  }
  .lanes .bar .cross {
    stroke: var(--card);
    stroke-width: 1.8;
    stroke-linecap: round;
  }
  .lanes .bar circle.place {
    fill: var(--card);
    stroke: var(--c);
    stroke-width: 1.25;
  }
  .lanes .bar text.place {
    font: 600 10px/1 var(--sans);
    fill: var(--c);
  }
  .lanes .bar.waits {
    opacity: 0.3;
  }
  .lanes .bar:focus-visible rect,
  .lanes .bar.lit rect {
    stroke: var(--focus);
    stroke-width: 3;
  }
  .lanes .arrow .hit {
    fill: none;
    stroke: transparent;
    stroke-width: 14;
  }
  .lanes .arrow .line {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .lanes .arrow .tip {
    fill: var(--ink);
  }
  .lanes .arrow.reads-from .line {
    stroke: var(--ink-3);
    stroke-dasharray: 3 4;
  }
  .lanes .arrow.reads-from .tip {
    fill: var(--ink-3);
  }
  .lanes .arrow:is(:hover, :focus, .lit) .line {
    stroke: var(--focus);
    stroke-width: 2.25;
  }
  .lanes .arrow:is(:hover, :focus, .lit) .tip {
    fill: var(--focus);
  }
  .lanes .arrow:focus-visible .hit {
    stroke: color-mix(in srgb, var(--focus) 20%, transparent);
  }
`;
