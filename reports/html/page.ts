/**
 * index.html: one file that needs nothing else and asks nobody. Its policy allows the one script and the one
 * stylesheet that it carries, by their hashes, and no request at all; so even a value that slipped through the
 * escaping (markup.ts) could not run or call home.
 */
import { createHash } from 'node:crypto';
import type { HistoryEvent } from 'knossos-ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { day } from '../wording.ts';
import { coverageSection, findingsSection, hasGaps } from './checks.ts';
import { pageScript } from './client/page-script.ts';
import { counterexampleSection, hasCounterexample } from './counterexample.ts';
import { hasModels, isClaimRefuted, modelsSection } from './models.ts';
import { faultsSection } from './faults.ts';
import { head, toneOf, verdictWord } from './head.ts';
import { type Markup, html, scriptElement, styleElement } from './markup.ts';
import { stylesheet } from './style/stylesheet.ts';

export function page(run: RunReport, history: readonly HistoryEvent[]): string {
  const { plan } = run;
  const subject = `${plan.system} · ${plan.workload} · ${plan.nemeses.join(',') || 'no nemesis'}`;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src ${hash(stylesheet)}; script-src ${hash(pageScript)}; img-src data:; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>
          ${verdictWord(run)} · ${plan.system} · ${plan.nemeses.join(',') || 'no nemesis'} · seed ${plan.seed} · harness
        </title>
        <link rel="icon" href="data:," />
        ${styleElement(stylesheet)}
      </head>
      <body class="outcome-${toneOf(run)}">
        <a class="sr" href="#main">Skip to the verdict</a>
        <header class="top">
          <div class="wrap">
            <a class="brand" href="#main">${logo}harness</a>
            <span class="crumb">${subject} · ${day(run.startedAt)}</span>
            <nav aria-label="Parts of the report">
              ${parts(run).map(([id, title]) => html`<a href="#${id}">${title}</a>`)}
            </nav>
          </div>
        </header>
        <main id="main" class="wrap">
          ${head(run)} ${findingsSection(run)} ${isClaimRefuted(run) && modelsSection(run)}
          ${hasCounterexample(run) && counterexampleSection(run, history)} ${!isClaimRefuted(run) && modelsSection(run)}
          ${coverageSection(run)} ${faultsSection(run)} ${files(run)}
        </main>
        <footer class="wrap">
          This page is one file and needs no network.
          <span
            >harness ${run.versions.harness} · report schema ${run.schema} · <span class="mono">${run.name}</span></span
          >
        </footer>
        <div id="hint" role="tooltip" hidden></div>
        ${scriptElement(pageScript)}
      </body>
    </html> `;
  return document.toString();
}

const hash = (asset: string): string => `'sha256-${createHash('sha256').update(asset).digest('base64')}'`;

const logo = html`<svg viewBox="0 0 18 18" aria-hidden="true">
  <path d="M3 2.5v13M15 2.5v13M3 9h4.2M10.8 9H15" />
  <circle cx="9" cy="9" r="1.9" />
</svg>`;

function parts(run: RunReport): readonly (readonly [id: string, title: string])[] {
  const all: readonly (readonly [boolean, string, string])[] = [
    [run.findings.length > 0, 'findings', 'Findings'],
    [isClaimRefuted(run), 'models', 'Models'],
    [hasCounterexample(run), 'counterexample', 'Counterexample'],
    [hasModels(run) && !isClaimRefuted(run), 'models', 'Models'],
    [hasGaps(run), 'coverage', 'Coverage'],
    [true, 'faults', 'Faults'],
    [run.files.length > 0, 'files', 'Files'],
  ];
  return all.filter(([there]) => there).map(([, id, title]) => [id, title]);
}

const mostFiles = 40;

const files = ({ files: all }: RunReport): Markup | false =>
  all.length > 0 &&
  html`<section id="files" aria-labelledby="files-title">
    <h2 id="files-title">Files of this run</h2>
    <ul class="files">
      ${all.slice(0, mostFiles).map(({ path, summary }) => html`<li>${isInFolder(path) ? html`<a href="${path}">${path}</a>` : html`<span class="mono">${path}</span>`}<small>${summary}</small></li>`)}
    </ul>
  </section>`;

/** A plain path below the folder of the run: no scheme, no host, no way up. */
const isInFolder = (path: string): boolean => /^[\w+-][\w.+-]*(?:\/[\w+-][\w.+-]*)*$/.test(path);
