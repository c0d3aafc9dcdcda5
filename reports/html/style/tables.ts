/** Faults, coverage, findings, files; and the page on paper. */
const css = String.raw;

export const tablesStyle: string = css`
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: 13px;
  }
  th {
    font-weight: 500;
    color: var(--ink-3);
    text-align: left;
    font-size: 12px;
    white-space: nowrap;
  }
  th,
  td {
    padding: 10px 14px;
    border-bottom: 1px solid var(--hair);
    vertical-align: top;
  }
  tbody tr:last-child td {
    border-bottom: 0;
  }
  .faults {
    table-layout: fixed;
  }
  .faults th:is(:nth-child(1), :nth-child(3)) {
    width: 13%;
  }
  .faults th:nth-child(2) {
    width: 17%;
  }
  .faults th:nth-child(4) {
    width: 25%;
  }
  .faults th:nth-child(5) {
    width: 17%;
  }
  .fault {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    font-weight: 500;
  }
  .faults td:first-child .sub {
    padding-left: 18px;
  }
  .proof {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    gap: 7px;
  }
  .proof .mark {
    margin-top: 2px;
  }
  .proof.open b {
    color: var(--open);
    font-weight: 500;
  }
  .meter {
    width: 60px;
    height: 6px;
    margin-right: 6px;
    vertical-align: 1px;
  }
  .meter .track {
    fill: var(--line);
  }
  .meter .part {
    fill: var(--ok);
  }
  .nothing {
    padding: 16px 18px;
    color: var(--ink-2);
  }
  .list li {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    gap: 12px;
    padding: 12px 18px;
    font-size: 13px;
  }
  .list li + li {
    border-top: 1px solid var(--hair);
  }
  .list .mark {
    margin-top: 2px;
  }
  .list b {
    font-weight: 500;
  }
  .list pre {
    margin-top: 6px;
    padding: 10px 12px;
    border-radius: 7px;
    background: var(--sunk);
    font-size: 12px;
    white-space: pre-wrap;
  }
  .files {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: 14px 32px;
    margin-top: 14px;
  }
  .files a,
  .files .mono {
    font-family: var(--mono);
    font-size: 12.5px;
  }
  .files small {
    display: block;
    font-size: 12.5px;
    color: var(--ink-2);
  }

  @media screen and (max-width: 1000px) {
    .files {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @media screen and (max-width: 720px) {
    .files {
      grid-template-columns: minmax(0, 1fr);
    }
    .faults,
    .faults tbody,
    .faults td {
      display: block;
      min-width: 0;
    }
    .faults thead {
      display: none;
    }
    .faults tr {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 2px 16px;
      padding: 14px 16px;
      border-bottom: 1px solid var(--hair);
    }
    .faults tr:last-child {
      border-bottom: 0;
    }
    .faults td {
      border: 0;
      padding: 2px 0;
    }
    .faults td:is(:nth-child(1), :nth-child(4), :nth-child(5)) {
      grid-column: 1 / -1;
    }
    .faults td[data-label]::before {
      content: attr(data-label);
      display: block;
      font-size: 11.5px;
      color: var(--ink-3);
      margin-top: 5px;
    }
  }

  @page {
    size: A4;
    margin: 14mm 12mm;
  }
  @media print {
    :root,
    :root[data-theme='dark'] {
      color-scheme: light;
      zoom: 0.68;
    }
    * {
      -webkit-print-color-adjust: exact;
      print-color-adjust: exact;
    }
    body {
      background: #fff;
      font-size: 12px;
    }
    header.top,
    .noprint,
    #hint {
      display: none !important;
    }
    .wrap {
      max-width: none;
      padding: 0;
    }
    .card {
      box-shadow: none;
    }
    section {
      margin-top: 28px;
    }
    .verdict {
      padding-top: 0;
    }
    footer.wrap {
      margin-top: 28px;
      padding: 10px 0 0;
    }
    .lanes svg {
      max-height: 520px;
    }
    .section-head,
    h2,
    h3 {
      break-after: avoid;
    }
    tr,
    figure,
    .sayings,
    .columns > div,
    .order li,
    .list li {
      break-inside: avoid;
    }
  }
`;
