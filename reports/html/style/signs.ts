/** Marks, swatches, and the colours that belong to a tone, a function or a kind of fault. */
const css = String.raw;

export const signsStyle: string = css`
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
  .k-packets {
    --c: var(--partition);
  }
  .k-disk {
    --c: var(--kill);
  }
  .k-membership {
    --c: var(--ink-2);
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
  .swatch.k-packets {
    background: radial-gradient(circle, var(--c) 1.2px, transparent 1.6px) 0 0 / 3.33px 3.33px;
    box-shadow: inset 0 0 0 1px var(--c);
  }
  .swatch.k-disk {
    background: linear-gradient(var(--c) 35%, transparent 35% 65%, var(--c) 65%);
  }
  .swatch.k-membership {
    background: none;
    box-shadow: inset 0 0 0 2px var(--c);
  }
`;
