/** The bar above, the footer, and the hint. */
const css = String.raw;

export const frameStyle: string = css`
  .top {
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
