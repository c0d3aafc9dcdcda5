/** The first screen: what was promised, what was kept, and the one command that repeats it. */
import type { ModelReport, RunOutcome, RunReport } from '../../src/report/run-report.ts';
import { notableModels } from '../notable-models.ts';
import { count, counted, duration, modelTitle, percent, tally } from '../wording.ts';
import { type Content, type Markup, html } from './markup.ts';
import { type Tone, mark } from './marks.ts';

const words: { readonly [kind in RunOutcome['kind']]: string } = {
  valid: 'Valid',
  violated: 'Invalid',
  unknown: 'Undecided',
  inconclusive: 'Inconclusive',
  finding: 'Finding',
};

const tones: { readonly [kind in RunOutcome['kind']]: Tone } = {
  valid: 'ok',
  violated: 'bad',
  unknown: 'open',
  inconclusive: 'open',
  finding: 'finding',
};

/** A planted bug that was found is what the run was for, and must not look like an alarm. */
export const toneOf = ({ outcome, plan }: RunReport): Tone =>
  outcome.kind === 'violated' && plan.bug !== null ? 'found' : tones[outcome.kind];

export const verdictWord = (run: RunReport): string =>
  toneOf(run) === 'found' ? 'Planted bug found' : words[run.outcome.kind];

export const head = (run: RunReport): Markup =>
  html` <section class="verdict" aria-labelledby="headline">
    <span class="pill ${toneOf(run)}">${mark(toneOf(run))}${verdictWord(run)}</span>
    <h1 id="headline">${run.outcome.headline}</h1>
    <p class="lede">${run.outcome.reasons.slice(0, 8).map((reason) => html`${reason} `)}</p>
    ${ladder(run)} ${facts(run)}
    <div class="commands card" role="group" aria-label="The command that repeats this run">
      <div class="command">
        <span>Repeat this run</span><code>${run.command}</code
        ><button class="button noprint" type="button" data-copy>Copy</button>
      </div>
    </div>
  </section>`;

function ladder(run: RunReport): Content {
  const { told } = notableModels(run);
  if (told.length === 0) return null;
  const kept = run.models.every(({ claimed, valid }) => !claimed || valid === true);
  const first = run.models.find(({ valid }) => valid === true)?.model;
  const strongest = kept ? [] : (run.consistency?.holds ?? [first]);
  const rungs = told.map((model) => rung(model, run, strongest.includes(model.model)));
  return html`<ol class="ladder card" aria-label="Consistency models: claimed and measured">
    ${rungs}
  </ol>`;
}

function rung(model: ModelReport, run: RunReport, strongest: boolean): Markup {
  const { claimed, judged, summary } = model;
  const [tone, word] = standing(model, run);
  return html`<li class="rung ${tone}">
    <span class="flags"
      >${claimed && html`<span class="flag">claimed</span>`}${strongest && html`<span class="flag held">strongest that held</span>`}</span
    >
    <div class="name">${mark(tone)}<span>${modelTitle(model.model)}</span></div>
    <div class="word">${word}${claimed && !judged && ', not judged'}</div>
    <div class="why">${summary}</div>
  </li>`;
}

function standing({ claimed, judged, valid }: ModelReport, { plan }: RunReport): readonly [Tone, string] {
  if (valid === true) return ['ok', 'held'];
  if (valid === 'unknown') return ['open', 'unknown'];
  if (!claimed) return ['quiet', 'not kept, nor promised'];
  return [judged ? (plan.bug === null ? 'bad' : 'found') : 'quiet', 'violated'];
}

function facts(run: RunReport): Markup {
  const { plan, counts, durations, faults, coverage, versions } = run;
  const proven = faults.filter(({ proof }) => proof.held).length;
  const healed = faults.filter((fault) => fault.healed.held).length;
  const during = faults.reduce((sum, { during: { ok, fail, info } }) => sum + ok + fail + info, 0);
  const met = coverage.filter((item) => item.met).length;
  const settings = Object.entries(plan.workloadOptions).map(([name, value]) => `${name} ${value}`);
  const bug = plan.bug === null ? 'no planted bug' : `planted bug ${plan.bug}`;
  return html`<dl class="facts">
    ${fact('Operations', count(counts.operations), `${count(counts.ok)} ok · ${count(counts.fail)} fail · ${count(counts.info)} info`)}
    ${fact('System', plan.system, `${bug} · ${plan.environment}, ${counted(plan.nodes.length, 'node')}`)}
    ${fact('Duration', duration(durations.run * 1e9), `set-up ${duration(durations.setup * 1e9)} · checked in ${duration(durations.check * 1e9)}`)}
    ${fact('Seed', String(plan.seed), `harness ${versions.harness} · Node ${versions.node}`)}
    ${fact('Workload', plan.workload, settings.join(' · ') || counted(plan.concurrency, 'client'))}
    ${fact('Faults', faults.length === 0 ? 'none' : tally(faults.map(({ nemesis }) => nemesis)), faults.length === 0 ? 'nothing was broken' : `${proven} of ${faults.length} proven, ${healed} of ${faults.length} healed`)}
    ${fact('Ok during faults', during === 0 ? '–' : count(counts.okDuringFaults), during === 0 ? 'no fault was active' : `${percent(counts.ok, counts.operations)} of all operations ok`)}
    ${fact('Coverage', `${met} of ${coverage.length} met`, leaders(run))}
  </dl>`;
}

const leaders = ({ leaderChanges, trace }: RunReport): string =>
  [
    leaderChanges === null ? '' : counted(leaderChanges, 'leader change'),
    trace === null ? '' : `trace ${trace.hash.slice(0, 12)} of ${counted(trace.events, 'event')}`,
  ]
    .filter((text) => text !== '')
    .join(' · ');

const fact = (name: string, value: string, more: string): Markup =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}<small>${more}</small></dd>
  </div>`;
