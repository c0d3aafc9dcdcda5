/** What the run failed to prove, and what went wrong by itself. Each section is there only if it has something to say. */
import type { RunReport } from '../../src/report/run-report.ts';
import { counted, moment } from '../wording.ts';
import { type Content, html } from './markup.ts';
import { mark } from './marks.ts';

const most = 50;

export const hasGaps = ({ coverage }: RunReport): boolean => coverage.some(({ met }) => !met);

export function coverageSection(run: RunReport): Content {
  if (!hasGaps(run)) return null;
  const sorted = [...run.coverage.filter(({ met }) => !met), ...run.coverage.filter(({ met }) => met)];
  return html`<section id="coverage" aria-labelledby="coverage-title">
    <div class="section-head">
      <div>
        <h2 id="coverage-title">Coverage</h2>
        <p>What a run must have shown before its verdict counts. A run that tested nothing proves nothing.</p>
      </div>
    </div>
    <ul class="card list">
      ${sorted.slice(0, most).map(
        ({ name, met, text }) =>
          html`<li>
            ${mark(met ? 'ok' : 'open')}<span
              ><b>${name}${!met && ': not met'}</b><span class="why">${text}</span></span
            >
          </li>`,
      )}
    </ul>
  </section>`;
}

export function findingsSection({ findings: all }: RunReport): Content {
  if (all.length === 0) return null;
  return html`<section id="findings" aria-labelledby="findings-title">
    <div class="section-head">
      <div>
        <h2 id="findings-title">Findings</h2>
        <p>What went wrong in the system by itself, whether or not its promise was kept.</p>
      </div>
    </div>
    <ul class="card list">
      ${all.slice(0, most).map(
        ({ kind, node, at, text }) =>
          html`<li>
            ${mark('finding')}<span
              ><b>${kind} of ${node} at ${moment(at)}</b>
              <pre>${text}</pre>
            </span>
          </li>`,
      )}
      ${all.length > most && html`<li>and ${counted(all.length - most, 'more finding')} in results.json</li>`}
    </ul>
  </section>`;
}
