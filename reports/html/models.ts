/**
 * Every consistency model with its verdict, and for what is not judged key by key the cycle that breaks it, each edge
 * with the rule that made it. Below, how stale reads were and whether the replicas came to agree.
 */
import type { Distribution, ModelReport, Refutation, RunReport } from '../../src/report/run-report.ts';
import { call, clip, count, counted, deltaText, duration, modelTitle, moment, shownKey } from '../wording.ts';
import { type Content, type Markup, html } from './markup.ts';
import { type Tone, mark } from './marks.ts';
import { meter } from './meter.ts';

const most = { edges: 24, operations: 24 } as const;

/** Where only one model was checked, the head of the page has said all. */
export const hasModels = ({ consistency, models }: RunReport): boolean =>
  consistency !== undefined || models.some(({ refutation }) => refutation !== undefined);

export function modelsSection(run: RunReport): Content {
  if (!hasModels(run)) return null;
  return html`<section id="models" aria-labelledby="models-title">
    <div class="section-head">
      <div>
        <h2 id="models-title">Consistency models</h2>
        <p>${introduction(run)}</p>
      </div>
    </div>
    <ul class="card list">
      ${run.models.map((model) => entry(model, run))}
      ${numbers(run).map(
        ([title, text, drawn = null]) =>
          html`<li>
            ${mark('quiet')}<span><b>${title}</b><span class="why">${text}</span>${drawn}</span>
          </li>`,
      )}
    </ul>
  </section>`;
}

function introduction({ consistency }: RunReport): string {
  if (consistency === undefined) return 'Only what was claimed was checked.';
  const { holds, breaks } = consistency;
  const strongest = `The strongest that hold: ${holds.join(', ') || 'none'}.`;
  return breaks.length === 0 ? strongest : `${strongest} The weakest that are broken: ${breaks.join(', ')}.`;
}

/** What broke a claim comes before what broke a model that nobody promised. */
export const isClaimRefuted = ({ models }: RunReport): boolean =>
  models.some(({ claimed, judged, refutation }) => claimed && judged && refutation !== undefined);

function entry(
  { model, claimed, judged, valid, summary, refutation, impliedBy }: ModelReport,
  { plan }: RunReport,
): Markup {
  const [tone, word]: readonly [Tone, string] =
    valid === true
      ? ['ok', 'held']
      : valid === 'unknown'
        ? ['open', 'unknown']
        : [claimed && judged ? (plan.bug === null ? 'bad' : 'found') : 'quiet', claimed ? 'violated' : 'not kept'];
  const standing = claimed ? (judged ? ', claimed' : ', claimed but not judged') : '';
  return html`<li>
    ${mark(tone)}<span
      ><b>${modelTitle(model)}: ${word}${standing}</b
      ><span class="why">${summary}</span
      >${refutation !== undefined && impliedBy === undefined && story(refutation)}${refutation !== undefined && impliedBy !== undefined && claimed && html`<p>${clip(refutation.sentence, 1200)}</p>`}</span
    >
  </li>`;
}

const line = (text: Content): Markup => html`<span class="why">${text}</span>`;

function story({ sentence, operations, cycle, verified }: Refutation): Markup {
  const told = operations.slice(0, most.operations).map((one) => {
    const on = one.key === null ? '' : `, key ${shownKey(one.key)}`;
    const what = `${moment(one.invokedAt)} process ${one.process}${on}: #${one.id} ${call(one, 240)}`;
    return line(html`<span class="mono">${what}</span>`);
  });
  const named = (id: number | 'initial'): string => {
    const one = operations.find((operation) => operation.id === id);
    return one === undefined ? 'the initial value' : `${call(one)} of process ${one.process}`;
  };
  const edges = cycle
    .slice(0, most.edges)
    .map(({ from, to, why, rule }) => line(`${named(from)}, then ${named(to)}: ${clip(why, 400)} (${rule})`));
  const left = (all: readonly unknown[], shown: number, noun: string): Content =>
    all.length > shown && line(`and ${counted(all.length - shown, `more ${noun}`)}: see results.json`);
  return html`<p>${clip(sentence, 1200)}</p>
    ${edges.length > 0 && line(html`<b>Each before the next, in a circle</b>`)} ${edges}
    ${left(cycle, most.edges, 'step')} ${told.length > 0 && line(html`<b>The operations</b>`)} ${told}
    ${left(operations, most.operations, 'operation')}
    ${verified && line(cycle.length > 0 ? 'Each step was derived again by a second, independent method.' : 'A second, independent method agrees.')}`;
}

/** How many of the stale reads are in each bin; whatever is below the first one that is shown counts for it. */
function bars({ histogram }: Distribution, least: number, named: (from: number, upTo: number) => string): Markup[] {
  const stale = histogram.filter(({ upTo }) => upTo > 0);
  const all = stale.reduce((sum, bin) => sum + bin.count, 0);
  const small = stale.filter(({ upTo }) => upTo < least).reduce((sum, bin) => sum + bin.count, 0);
  const shown = stale.filter(({ upTo }) => upTo >= least);
  return shown.flatMap(({ upTo, count: own }, place) => {
    const many = place === 0 ? own + small : own;
    const from = place === 0 ? 0 : (shown[place - 1]?.upTo ?? 0);
    return many === 0 ? [] : [line(html`${meter(many, all)} ${named(from, upTo)}: ${count(many)}`)];
  });
}

const missed = (from: number, upTo: number): string =>
  upTo - from === 1 ? counted(upTo, 'write') : `${from + 1} to ${counted(upTo, 'write')}`;

type Numbers = readonly [title: string, text: string, bars?: Content];

function numbers({ staleness, convergence }: RunReport): readonly Numbers[] {
  const all: Numbers[] = [];
  if (staleness !== undefined) {
    const { reads, stale, undecided, writes, age, delta } = staleness;
    const unclear = undecided === 0 ? '' : ` Of ${counted(undecided, 'more read')} nobody knows what they saw.`;
    all.push([
      `Staleness: ${count(stale)} of ${counted(reads, 'read')} behind`,
      `Writes missed: p50 ${count(writes.p50)}, p99 ${count(writes.p99)}, max ${count(writes.max)}. ` +
        `For how long: p50 ${duration(age.p50)}, p99 ${duration(age.p99)}, max ${duration(age.max)}. ${deltaText(delta)}${unclear}`,
      stale === 0
        ? null
        : [
            line(html`<b>Stale reads by the writes that they missed</b>`),
            bars(writes, 1, missed),
            line(html`<b>Stale reads by how long the first of those had been complete</b>`),
            bars(age, 2 ** 20, (from, upTo) =>
              from === 0 ? `up to ${duration(upTo)}` : `${duration(from)} to ${duration(upTo)}`,
            ),
          ],
    ]);
  }
  if (convergence !== undefined) {
    const { agreed, keys, nodes, after, lost } = convergence;
    const when = after === null ? '' : ` ${duration(after)} after healing, at the latest.`;
    all.push([
      `Convergence: ${count(agreed)} of ${counted(keys, 'key')} the same at all ${counted(nodes, 'node')}`,
      `${counted(lost, 'acknowledged write')} lost without a successor.${when}`,
    ]);
  }
  return all;
}
