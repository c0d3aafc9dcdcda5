/** What was done to the system, whether that is proved, and what was served meanwhile. */
import type { FaultReport, RunReport } from '../../src/report/run-report.ts';
import { count, counted, duration, percent } from '../wording.ts';
import { type Markup, html } from './markup.ts';
import { faultClass, mark } from './marks.ts';
import { meter } from './meter.ts';

const mostRows = 100;

export function faultsSection({ faults: all, plan }: RunReport): Markup {
  const rows = all.slice(0, mostRows);
  const table = html`<table class="faults">
    <thead>
      <tr>
        <th scope="col">Fault</th>
        <th scope="col">Targets</th>
        <th scope="col">When</th>
        <th scope="col">Proof that it bit</th>
        <th scope="col">Healed</th>
        <th scope="col">Served meanwhile</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(row)}
    </tbody>
  </table>`;
  const asked =
    plan.nemeses.length === 0 ? 'The run had no nemesis.' : `The nemesis ${plan.nemeses.join(', ')} did nothing.`;
  return html`<section id="faults" aria-labelledby="faults-title">
    <div class="section-head">
      <div>
        <h2 id="faults-title">Faults</h2>
        <p>
          ${all.length === 0 ? 'No fault was injected.' : 'Each fault was probed while it was active and again after healing. A fault without proof makes the run inconclusive.'}
        </p>
      </div>
    </div>
    <div class="card">${all.length === 0 ? html`<p class="nothing">${asked}</p>` : table}</div>
    ${all.length > rows.length && html`<p class="sub">${counted(all.length - rows.length, 'more fault')} in results.json.</p>`}
  </section>`;
}

function row({
  nemesis,
  variant,
  kind,
  targets,
  begunAt,
  endedAt,
  proof,
  healed,
  during,
  writes,
}: FaultReport): Markup {
  const total = during.ok + during.fail + during.info;
  return html`<tr>
    <td>
      <span class="fault"><span class="swatch ${faultClass(kind)}" aria-hidden="true"></span>${nemesis}</span
      >${variant !== '' && html`<div class="sub">${variant}</div>`}
    </td>
    <td data-label="Targets"><span class="mono">${targets}</span></td>
    <td data-label="When">${when(begunAt, endedAt)}</td>
    <td data-label="Proof that it bit">${proved(proof)}</td>
    <td data-label="Healed">${proved(healed)}</td>
    <td data-label="Served meanwhile">
      ${meter(during.ok, total)} ${percent(during.ok, total)}
      <div class="sub">${count(during.ok)} of ${count(total)} ok</div>
      ${writes.all > 0 && html`<div class="sub">${writesMeanwhile(writes)}</div>`}
    </td>
  </tr>`;
}

/** Whether it blocked what writes, and how soon it went on. */
function writesMeanwhile({ ok, all, againAfter }: FaultReport['writes']): string {
  const again = againAfter === null ? 'never again' : `again ${duration(againAfter)} after healing`;
  return `${count(ok)} of ${counted(all, 'write')} done, ${again}`;
}

const inSeconds = (nanoseconds: number): string => (nanoseconds / 1e9).toFixed(2);

const when = (from: number, to: number | null): Markup =>
  to === null
    ? html`from ${inSeconds(from)} s
        <div class="sub">to the end</div>`
    : html`${inSeconds(from)} – ${inSeconds(to)} s
        <div class="sub">${duration(to - from)}</div>`;

const proved = ({ held, text }: FaultReport['proof']): Markup =>
  html`<span class="proof ${held ? 'ok' : 'open'}"
    >${mark(held ? 'ok' : 'open')}<span>${!held && html`<b>not proved: </b>`}${text}</span></span
  >`;
