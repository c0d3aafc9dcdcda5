/**
 * The smallest story that no legal order can explain: the sentence, its reasons, the lanes, the longest legal order,
 * and what else could have happened. All of its words are in the page; the script adds the drawing.
 */
import type { Counterexample, HistoryEvent, Operation, Value } from 'knossos-ts';
import { pairOperations } from 'knossos-ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { clip, count, counted, modelTitle, shownKey } from '../wording.ts';
import { type Markup, dataElement, html } from './markup.ts';
import { functionClass, mark } from './marks.ts';
import { type OrderCard, orderCards } from './order.ts';
import { limits, sceneNotes, sceneOf } from './scene.ts';
import { sentenceParts } from './sentence.ts';

interface Case {
  readonly model: string;
  readonly counterexample: Counterexample;
}

const mostCases = 10;

/** What is not linearizable first, of a model that was claimed; nothing where every order was found. */
const casesOf = ({ models }: RunReport): readonly Case[] =>
  [...models.filter(({ claimed }) => claimed), ...models.filter(({ claimed }) => !claimed)]
    .flatMap(({ model, counterexamples }) => counterexamples.map((counterexample) => ({ model, counterexample })))
    .slice(0, mostCases);

export const hasCounterexample = (run: RunReport): boolean => casesOf(run).length > 0;

export function counterexampleSection(run: RunReport, history: readonly HistoryEvent[]): Markup {
  const cases = casesOf(run);
  const others = operationsByKey(history, new Set(cases.map(({ counterexample }) => keyText(counterexample.key))));
  const articles = cases.map(({ counterexample }, index) =>
    article(counterexample, others.get(keyText(counterexample.key)) ?? [], run, index),
  );
  const violated = run.models.reduce((sum, { keys }) => sum + keys.violated, 0);
  const more = violated - cases.length;
  return html`<section id="counterexample" aria-labelledby="counterexample-title">
    <div class="section-head">
      <div>
        <h2 id="counterexample-title">Counterexample</h2>
        <p>${introduction(cases)}${isUnclaimed(run) && ' Nobody promised that there is one.'}</p>
      </div>
      ${cases.length > 1 && chooser(cases, more)}
    </div>
    ${articles}
  </section>`;
}

/** Then what is shown accuses nobody. */
const isUnclaimed = ({ models }: RunReport): boolean =>
  models.every(({ claimed, counterexamples }) => !claimed || counterexamples.length === 0);

function introduction(cases: readonly Case[]): string {
  const [first] = cases;
  if (cases.length !== 1 || first === undefined) return 'For each key, a small story that no legal order can explain.';
  const { key, operations } = first.counterexample;
  return `A small story that no legal order can explain: ${counted(operations.length, 'operation')} on key ${shownKey(key)}.`;
}

const chooser = (cases: readonly Case[], more: number): Markup =>
  html`<label class="noprint">
    <span class="sr">Key shown</span>
    <select class="field" data-choose>
      ${cases.map(({ model, counterexample: { key, operations } }, index) => {
        const of = cases.some((other) => other.model !== model) ? `${modelTitle(model)} · ` : '';
        return html`<option value="${index}">
          ${of}key ${shownKey(key, 24)} · ${counted(operations.length, 'operation')}
        </option>`;
      })}
      ${more > 0 && html`<option disabled>and ${counted(more, 'more key')}: see results.json</option>`}
    </select>
  </label>`;

function article(counterexample: Counterexample, others: readonly Operation[], run: RunReport, index: number): Markup {
  const parts = sceneOf(counterexample, others, run.faults);
  const cards = orderCards(counterexample);
  const data = { scene: parts.scene, steps: cards.map(({ operations, told }) => ({ operations, told })) };
  return html`<article
    class="card story"
    data-story
    ${index > 0 && html`hidden`}
    aria-label="Key ${shownKey(counterexample.key)}"
  >
    ${sayings(counterexample)} ${stage(parts.othersShown, sceneNotes(parts, counterexample, run.faults))}
    <div class="columns">${order(counterexample, cards)} ${alternatives(counterexample)}</div>
    ${dataElement('data-scene', data)}
  </article>`;
}

function sayings(counterexample: Counterexample): Markup {
  const { forced, impossible, sentence } = counterexample;
  const said = sentenceParts(clip(sentence, 1200), counterexample).map((part) =>
    typeof part === 'string'
      ? part
      : html`<span
          class="token ${part.operation.id === impossible ? 'impossible' : functionClass(part.operation.f)}"
          tabindex="0"
          data-operation="${part.operation.id}"
          >${part.text}</span
        >`,
  );
  const reasons = forced.slice(0, limits.arrows);
  return html`<div class="sayings">
    <p class="say">${said}</p>
    <ul class="forced">
      ${reasons.map(({ before, after, rule, why }) => html`<li class="${rule}" tabindex="0" data-before="${before}" data-after="${after}">${why}</li>`)}
      ${forced.length > reasons.length && html`<li>and ${count(forced.length - reasons.length)} more</li>`}
    </ul>
  </div>`;
}

const stage = (others: number, notes: readonly string[]): Markup =>
  html`<figure class="stage">
    <div class="tools">
      <span class="legend"
        ><svg width="26" height="10" aria-hidden="true">
          <path class="line" d="M1 5h18" />
          <path class="tip" d="M19 1.5 25 5l-6 3.5z" /></svg
        >forced by real time</span
      >
      <span class="legend"
        ><svg width="26" height="10" aria-hidden="true"><path class="line from" d="M1 5h24" /></svg>reads from</span
      >
      <span class="legend"
        ><svg width="16" height="12" aria-hidden="true">
          <rect class="impossible" x="1" y="1" width="14" height="10" rx="3" /></svg
        >impossible</span
      >
      <span class="right noprint" data-scripted hidden>
        ${others > 0 && html`<button class="button quiet" type="button" data-more aria-pressed="false">Show all ${count(others)} others</button>`}
        <span class="switch" role="group" aria-label="Spacing"
          ><button type="button" data-spacing="real" aria-pressed="true">Real time</button
          ><button type="button" data-spacing="even" aria-pressed="false">Even</button></span
        >
      </span>
    </div>
    <div class="lanes" data-lanes></div>
    ${notes.length > 0 && html`<figcaption>${notes.map((note) => html`<span>${note} </span>`)}</figcaption>`}
  </figure>`;

function order({ order: steps, operations, verified }: Counterexample, cards: readonly OrderCard[]): Markup {
  const hidden = cards[0]?.skipped ?? 0;
  return html`<div class="order-part" data-stepper>
    <h3>Longest legal order</h3>
    <p class="sub">
      ${count(steps.length)} of the ${counted(operations.length, 'operation')} ${steps.length === 1 ? 'fits' : 'fit'},
      in this order. Then comes one that cannot. ${!verified && 'It was not confirmed by a second method.'}
      ${hidden > 0 && html`The first ${count(hidden)} are not shown.`}
    </p>
    <ol class="order">
      ${cards.map(({ who, what, state, colour }) => html`<li class="${colour}" data-step><span>${who}</span><span class="what">${what}</span><span class="state">${state}</span></li>`)}
    </ol>
    <div class="walk noprint" data-scripted hidden>
      <button class="button" type="button" data-walk="-1" aria-label="One step back">←</button>
      <button class="button" type="button" data-walk="1" aria-label="One step on">→</button>
      <button class="button" type="button" data-walk="end">Jump to the impossible one</button>
    </div>
    <output class="told" aria-live="polite" data-told>${cards.at(-1)?.told ?? ''}</output>
  </div>`;
}

const alternatives = ({ alternatives: tried, verified }: Counterexample): Markup =>
  html`<div>
    <h3>${tried.length > 0 ? 'What else could have happened, and why it did not' : 'No other order is legal'}</h3>
    <p class="sub">
      ${verified ? 'A second, independent search found no legal order either.' : 'Each was tried; none is legal.'}
    </p>
    ${
      tried.length > 0 &&
      html`<ul class="alternatives">
        ${tried.slice(0, 8).map(
          ({ title, why }) =>
            html`<li>
              ${mark('bad')}<span><b>${title}</b><span class="why">${why}</span></span>
            </li>`,
        )}
      </ul>`
    }
  </div>`;

const keyText = (key: Value): string =>
  JSON.stringify(key, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

/** Only the keys that are asked for: a history may be long. */
function operationsByKey(
  history: readonly HistoryEvent[],
  keys: ReadonlySet<string>,
): ReadonlyMap<string, readonly Operation[]> {
  const events = new Map([...keys].map((key): [string, HistoryEvent[]] => [key, []]));
  if (keys.size === 0) return new Map();
  for (const event of history) {
    if (event.process !== 'nemesis') events.get(keyText(event.key))?.push(event);
  }
  return new Map([...events].map(([key, ofKey]) => [key, pairOperations(ofKey)]));
}
