/** The counterexample in words: sentence, order, alternatives. */
const css = String.raw;

export const storyStyle: string = css`
  .sayings {
    padding: 26px 28px 22px;
  }
  .say {
    font-size: 19px;
    line-height: 1.45;
    letter-spacing: -0.01em;
    max-width: 60ch;
    font-weight: 500;
    text-wrap: pretty;
  }
  .token {
    font: 500 0.9em/1 var(--mono);
    letter-spacing: 0;
    padding: 0.12em 0.42em;
    border-radius: 5px;
    cursor: help;
    color: var(--c);
    background: color-mix(in srgb, var(--c) 11%, transparent);
  }
  .token.impossible {
    --c: var(--bad);
    box-shadow: inset 0 0 0 1px var(--c);
  }
  .token.lit {
    box-shadow: inset 0 0 0 1.5px var(--c);
  }
  .forced {
    margin-top: 12px;
    max-width: 92ch;
    color: var(--ink-2);
    line-height: 1.65;
  }
  .forced li {
    padding-left: 34px;
    position: relative;
    border-radius: 4px;
  }
  .forced li::before {
    content: '';
    position: absolute;
    left: 2px;
    top: 0.8em;
    width: 22px;
    border-top: 1.5px solid var(--ink-2);
  }
  .forced li.reads-from::before {
    border-top: 1.5px dashed var(--ink-3);
  }
  .forced li.lit {
    color: var(--ink);
  }

  .stage {
    border-top: 1px solid var(--hair);
    padding: 14px 0 6px;
  }
  .tools {
    display: flex;
    gap: 8px 16px;
    align-items: center;
    padding: 0 28px 8px;
    flex-wrap: wrap;
    font-size: 12.5px;
    color: var(--ink-2);
    min-height: 38px;
  }
  .tools .right {
    margin-left: auto;
    display: inline-flex;
    gap: 8px;
    align-items: center;
    flex-wrap: wrap;
  }
  .legend {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    white-space: nowrap;
  }
  .legend .line {
    stroke: var(--ink);
    stroke-width: 1.5;
    fill: none;
  }
  .legend .from {
    stroke: var(--ink-3);
    stroke-dasharray: 3 4;
  }
  .legend .tip {
    fill: var(--ink);
  }
  .legend .impossible {
    fill: var(--bad);
  }
  .switch {
    display: inline-flex;
    border: 1px solid var(--line);
    border-radius: 7px;
    background: var(--sunk);
    padding: 2px;
  }
  .switch button {
    border: 0;
    background: none;
    height: 24px;
    padding: 0 9px;
    border-radius: 5px;
    font-size: 12.5px;
    font-weight: 500;
    color: var(--ink-2);
    cursor: pointer;
  }
  .switch button[aria-pressed='true'] {
    background: var(--card);
    color: var(--ink);
    box-shadow: 0 0 0 1px var(--line);
  }
  figcaption {
    padding: 6px 28px 10px;
    font-size: 12.5px;
    color: var(--ink-2);
  }

  .columns {
    border-top: 1px solid var(--hair);
    display: grid;
    grid-template-columns: minmax(0, 1.12fr) minmax(0, 1fr);
  }
  .columns > div {
    padding: 20px 28px 24px;
  }
  .columns > div + div {
    border-left: 1px solid var(--hair);
  }
  .order {
    display: flex;
    gap: 6px;
    margin-top: 16px;
    flex-wrap: wrap;
  }
  .order li {
    flex: 0 1 128px;
    min-width: 84px;
    border: 1px solid var(--line);
    border-top: 3px solid var(--line);
    border-radius: 8px;
    padding: 8px 9px 7px;
    font-size: 12px;
    color: var(--ink-3);
  }
  .order li.done {
    color: var(--ink-2);
    border-top-color: var(--c);
  }
  .order .what {
    font: 500 12px/1.5 var(--mono);
    display: block;
  }
  .order li.done .what {
    color: var(--ink);
  }
  .order .state {
    display: block;
    margin-top: 5px;
    padding-top: 5px;
    border-top: 1px dashed var(--line);
    font-size: 11.5px;
  }
  .order li.now {
    box-shadow: 0 0 0 2px color-mix(in srgb, var(--focus) 40%, transparent);
  }
  .order li.dead.done {
    border-color: var(--bad);
    background: var(--bad-soft);
    color: var(--bad);
  }
  .order li.dead.done .what {
    color: var(--bad);
  }
  .order li.dead.done .state {
    border-color: var(--bad-line);
  }
  .walk {
    display: flex;
    gap: 8px;
    margin-top: 14px;
    flex-wrap: wrap;
  }
  .told {
    display: block;
    margin-top: 12px;
    font-size: 12.5px;
    color: var(--ink-2);
    min-height: 1.5em;
  }
  .alternatives {
    margin-top: 12px;
    border: 1px solid var(--line);
    border-radius: 9px;
  }
  .alternatives li {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    gap: 10px;
    padding: 9px 12px;
    font-size: 13px;
  }
  .alternatives li + li {
    border-top: 1px solid var(--hair);
  }
  .alternatives b {
    font-weight: 500;
    display: block;
  }
  .alternatives .mark {
    margin-top: 2px;
  }
  .why {
    color: var(--ink-2);
    display: block;
    font-size: 12.5px;
  }
  .why .meter .part {
    fill: var(--ink-3);
  }

  .outcome-found .alternatives .mark {
    background: none;
    color: var(--ink-2);
    box-shadow: inset 0 0 0 1.5px var(--ink-3);
  }
  .outcome-found .order li.dead.done {
    background: none;
  }

  @media screen and (max-width: 1000px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
    .columns > div + div {
      border-left: 0;
      border-top: 1px solid var(--hair);
    }
  }
  @media screen and (max-width: 720px) {
    .sayings {
      padding: 18px 16px;
    }
    .say {
      font-size: 17px;
    }
    .tools {
      padding-left: 16px;
      padding-right: 16px;
    }
    .tools .right {
      width: 100%;
      justify-content: flex-end;
    }
    figcaption {
      padding-left: 16px;
      padding-right: 16px;
    }
    .columns > div {
      padding: 16px;
    }
    .order li {
      flex: 1 1 46%;
    }
  }
`;
