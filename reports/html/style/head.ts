/** The first screen. */
const css = String.raw;

export const headStyle: string = css`
  .verdict {
    padding-top: 44px;
    margin-top: 0;
  }
  .pill {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    font-size: 13px;
    font-weight: 600;
    padding: 3px 11px 3px 5px;
    border-radius: 99px;
    background: var(--soft);
    color: var(--c);
    border: 1px solid var(--edge);
  }
  .verdict h1 {
    margin-top: 16px;
    max-width: 29ch;
  }
  .lede {
    margin-top: 12px;
    font-size: 16px;
    line-height: 1.55;
    color: var(--ink-2);
    max-width: 76ch;
    text-wrap: pretty;
  }

  .ladder {
    margin-top: 32px;
    display: flex;
    width: fit-content;
    max-width: 100%;
  }
  .rung {
    position: relative;
    flex: 0 1 280px;
    width: 280px;
    min-width: 0;
    padding: 16px 18px 15px;
    border-right: 1px solid var(--hair);
  }
  .rung:last-child {
    border-right: 0;
    border-radius: 0 11px 11px 0;
  }
  .rung:first-child {
    border-radius: 11px 0 0 11px;
  }
  .rung:only-child {
    border-radius: 11px;
  }
  .rung.bad,
  .rung.open {
    background: var(--soft);
  }
  .rung.quiet .name span + span {
    text-decoration: line-through;
    color: var(--ink-3);
  }
  .rung .name {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 600;
  }
  .rung .word {
    margin-top: 6px;
    font-size: 13px;
    font-weight: 500;
    color: var(--c);
  }
  .rung.found .word {
    color: var(--bad);
  }
  .rung .why {
    font-size: 12.5px;
    color: var(--ink-2);
    line-height: 1.45;
    margin-top: 1px;
  }
  .flags {
    position: absolute;
    top: -10px;
    left: 14px;
    display: flex;
    gap: 6px;
  }
  .flag {
    font-size: 11px;
    font-weight: 600;
    line-height: 18px;
    padding: 0 7px;
    border-radius: 5px;
    background: var(--ink);
    color: var(--page);
    white-space: nowrap;
  }
  .flag.held {
    background: var(--ok);
    color: var(--card);
  }

  .facts {
    margin-top: 28px;
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: 18px 32px;
  }
  .facts dt {
    font-size: 12px;
    color: var(--ink-3);
  }
  .facts dd {
    margin-top: 1px;
    font-weight: 500;
  }
  .facts small {
    display: block;
    font-size: 12.5px;
    font-weight: 400;
    color: var(--ink-2);
  }

  .commands {
    margin-top: 28px;
  }
  .command {
    display: grid;
    grid-template-columns: 150px minmax(0, 1fr) auto;
    gap: 16px;
    align-items: center;
    padding: 9px 10px 9px 18px;
  }
  .command span {
    font-size: 12.5px;
    color: var(--ink-2);
  }
  .command code {
    font-size: 12.5px;
    line-height: 1.5;
  }
  .command code::before {
    content: '$ ';
    color: var(--ink-3);
  }

  @media screen and (max-width: 1000px) {
    header nav {
      display: none;
    }
    .facts {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @media screen and (max-width: 720px) {
    .wrap {
      padding: 0 18px;
    }
    section {
      margin-top: 56px;
    }
    h1 {
      font-size: 25px;
    }
    .verdict {
      padding-top: 28px;
    }
    .ladder {
      display: block;
      width: auto;
      margin-top: 26px;
    }
    .rung,
    .rung:first-child,
    .rung:last-child {
      display: grid;
      width: auto;
      grid-template-columns: 136px minmax(0, 1fr);
      gap: 0 12px;
      align-items: baseline;
      padding: 11px 14px;
      border: 0;
      border-radius: 0;
    }
    .rung:first-child {
      border-radius: 11px 11px 0 0;
    }
    .rung:last-child {
      border-radius: 0 0 11px 11px;
    }
    .rung:only-child {
      border-radius: 11px;
    }
    .rung + .rung {
      border-top: 1px solid var(--hair);
    }
    .rung .word {
      margin: 0;
      padding-right: 76px;
    }
    .rung .why {
      grid-column: 2;
    }
    .flags {
      left: auto;
      right: 12px;
      top: 11px;
    }
    .facts {
      gap: 14px 20px;
    }
    .command {
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 2px 10px;
      padding: 10px 12px 10px 14px;
    }
    .command span {
      grid-column: 1 / -1;
    }
    .command .button {
      align-self: start;
    }
  }
`;
