/** The colours of the page, for light and dark; they are those of the report's mock, checked for contrast. */
const css = String.raw;

export const palette: string = css`
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
`;
