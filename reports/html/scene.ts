/**
 * What the lanes of one counterexample show, reckoned before the page is written: the page script only places it. The
 * operations of the story are on top; below them, for context, others on the same key at that time, and behind both
 * the faults that were active. Everything is bounded, and what is left out is counted.
 */
import type { Counterexample, ForcedOrder, Operation } from 'knossos-ts';
import type { FaultReport } from '../../src/report/run-report.ts';
import { call, clip, counted, duration, moment, printable, shownKey } from '../wording.ts';
import { faultClass, functionClass } from './marks.ts';

/** Instants are seconds since the run began; ranks are places in the order of all instants shown. */
export interface Scene {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly ranks: number;
  readonly lanes: readonly Lane[];
  /** How many of `lanes` are of the story, and how many others are shown before the reader asks for all. */
  readonly storyLanes: number;
  readonly fewLanes: number;
  readonly othersTitle: string;
  readonly bars: readonly Bar[];
  readonly arrows: readonly Arrow[];
  readonly bands: readonly Band[];
}

export interface Lane {
  readonly name: string;
  readonly more: string;
}

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly rankFrom: number;
  readonly rankTo: number;
}

export interface Bar extends Span {
  readonly id: number;
  readonly lane: number;
  /** It was never answered: it may take effect at any later time. */
  readonly open: boolean;
  readonly look: 'impossible' | 'story' | 'other';
  /** Of its function, or `t-fail`. */
  readonly colour: string;
  readonly label: string;
  /** The first line is a title. */
  readonly lines: readonly string[];
}

export interface Arrow {
  /** Of `bars`. */
  readonly before: number;
  readonly after: number;
  readonly rule: ForcedOrder['rule'];
  readonly label: string;
  readonly lines: readonly string[];
}

export interface Band extends Span {
  readonly colour: string;
  readonly label: string;
  readonly begins: boolean;
}

export const limits = { story: 60, others: 60, fewLanes: 4, arrows: 24, bands: 6 } as const;

export interface SceneParts {
  readonly scene: Scene;
  readonly othersShown: number;
  readonly othersLeftOut: number;
  readonly bandsLeftOut: number;
}

/** `others` may be all operations of the key: those of the story and those of another time are left out. */
export function sceneOf(
  counterexample: Counterexample,
  others: readonly Operation[],
  faults: readonly FaultReport[],
): SceneParts {
  const story = counterexample.operations.slice(0, limits.story);
  const window = windowOf(story);
  const near = nearby(counterexample, others, window);
  const active = faults.filter(({ begunAt, endedAt }) => begunAt < window.to && (endedAt ?? Infinity) > window.from);
  const shown = [...story, ...near.shown];
  const starts = (operation: Operation): number => Math.max(operation.invokedAt, window.from);
  const ends = (operation: Operation): number => Math.min(operation.completedAt, window.to);
  const bandFrom = ({ begunAt }: FaultReport): number => Math.max(begunAt, window.from);
  const bandTo = ({ endedAt }: FaultReport): number => Math.min(endedAt ?? Infinity, window.to);
  const bands = active.slice(0, limits.bands);
  const place = ranking([
    ...shown.flatMap((operation) => [starts(operation), ends(operation)]),
    ...bands.flatMap((fault) => [bandFrom(fault), bandTo(fault)]),
  ]);
  const span = (from: number, to: number): Span => ({
    from: from / 1e9,
    to: to / 1e9,
    rankFrom: place.of(from),
    rankTo: place.of(to),
  });
  const lanes = lanesOf(story, near.shown);
  const scene: Scene = {
    title: `Operations on key ${shownKey(counterexample.key)} by process, over time`,
    from: window.from / 1e9,
    to: window.to / 1e9,
    ranks: place.size,
    ...lanes.layout,
    othersTitle: `Others on key ${shownKey(counterexample.key)}`,
    bars: shown.map((operation, index) => ({
      ...span(starts(operation), ends(operation)),
      ...barOf(operation, counterexample, index < story.length),
      lane: lanes.laneOf(operation, index < story.length),
    })),
    arrows: arrowsOf(counterexample, story),
    bands: bands.map((fault) => ({ ...span(bandFrom(fault), bandTo(fault)), ...bandOf(fault, window) })),
  };
  return {
    scene,
    othersShown: near.shown.length,
    othersLeftOut: near.leftOut,
    bandsLeftOut: active.length - bands.length,
  };
}

interface Window {
  /** Nanoseconds. */
  readonly from: number;
  readonly to: number;
}

/** From the first invocation of the story to its last answer, and a little more on both sides. */
function windowOf(story: readonly Operation[]): Window {
  const begins = story.map(({ invokedAt }) => invokedAt);
  const last = Math.max(
    ...begins,
    ...story.filter(({ type }) => type !== 'info').map(({ completedAt }) => completedAt),
  );
  const first = Math.min(...begins);
  const margin = Math.max((last - first) * 0.06, 1e3);
  return { from: Math.max(0, first - margin), to: last + margin };
}

/** Others on the key in the window; where they are too many, those that are nearest to the impossible operation. */
function nearby(
  { operations, impossible }: Counterexample,
  others: readonly Operation[],
  window: Window,
): { readonly shown: readonly Operation[]; readonly leftOut: number } {
  const told = new Set(operations.map(({ id }) => id));
  const centre = operations.find(({ id }) => id === impossible)?.invokedAt ?? window.to;
  const meanwhile = others.filter(
    ({ id, invokedAt, completedAt }) => !told.has(id) && invokedAt < window.to && completedAt > window.from,
  );
  const nearest = meanwhile
    .toSorted((one, other) => Math.abs(one.invokedAt - centre) - Math.abs(other.invokedAt - centre))
    .slice(0, limits.others);
  return {
    shown: nearest.toSorted((one, other) => one.invokedAt - other.invokedAt),
    leftOut: meanwhile.length - nearest.length,
  };
}

function ranking(instants: readonly number[]): { readonly size: number; of(instant: number): number } {
  const sorted = [...new Set(instants)].toSorted((one, other) => one - other);
  const places = new Map(sorted.map((instant, index) => [instant, index]));
  return { size: sorted.length, of: (instant) => places.get(instant) ?? 0 };
}

/** Processes of the story by their first operation, then the others, the busiest first. */
function lanesOf(
  story: readonly Operation[],
  others: readonly Operation[],
): {
  readonly layout: Pick<Scene, 'lanes' | 'storyLanes' | 'fewLanes'>;
  laneOf(operation: Operation, ofStory: boolean): number;
} {
  const told = byProcess(story);
  const rest = byProcess(others.filter(({ process }) => !told.has(process)));
  const busiest = [...rest].toSorted(([, one], [, other]) => other.length - one.length);
  const all = [...told, ...busiest];
  const index = new Map(all.map(([process], lane) => [process, lane]));
  return {
    layout: {
      lanes: all.map(([process, operations]) => ({ name: `process ${process}`, more: answeredBy(operations) })),
      storyLanes: told.size,
      fewLanes: Math.min(busiest.length, limits.fewLanes),
    },
    laneOf: ({ process }) => index.get(process) ?? 0,
  };
}

function byProcess(operations: readonly Operation[]): ReadonlyMap<number, readonly Operation[]> {
  const groups = new Map<number, Operation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.process);
    if (group === undefined) groups.set(operation.process, [operation]);
    else group.push(operation);
  }
  return groups;
}

function answeredBy(operations: readonly Operation[]): string {
  const nodes = [...new Set(operations.flatMap(({ node }) => (node === undefined ? [] : [clip(printable(node), 16)])))];
  if (nodes.length === 0) return '';
  return nodes.length > 3 ? `answered by ${nodes.length} nodes` : `answered by ${nodes.join(', ')}`;
}

const outcomes = {
  ok: 'ok',
  fail: 'failed: it surely did not happen',
  info: 'no answer: it may have happened, then or later',
} as const;

function barOf(
  operation: Operation,
  { impossible, rejected }: Counterexample,
  ofStory: boolean,
): Omit<Bar, keyof Span | 'lane'> {
  const { id, process, node, type, f, invokedAt, completedAt } = operation;
  const isImpossible = id === impossible;
  const until =
    completedAt === Infinity
      ? `${moment(invokedAt)}, never answered`
      : `${moment(invokedAt)} to ${moment(completedAt)}, ${duration(completedAt - invokedAt)}`;
  return {
    id,
    open: type === 'info',
    look: isImpossible ? 'impossible' : ofStory ? 'story' : 'other',
    colour: type === 'fail' ? 't-fail' : functionClass(f),
    label: call(operation, 18),
    lines: [
      `process ${process}${node === undefined ? '' : ` at ${clip(printable(node), 40)}`}: ${call(operation, 120)}`,
      `${until}, ${outcomes[type]}`,
      ...(isImpossible ? [clip(rejected.why, 300)] : []),
    ],
  };
}

function arrowsOf({ forced }: Counterexample, story: readonly Operation[]): readonly Arrow[] {
  const places = new Map(story.map(({ id }, place) => [id, place]));
  return forced
    .filter(({ before, after }) => places.has(before) && places.has(after))
    .slice(0, limits.arrows)
    .map(({ before, after, rule, why }) => {
      const [first, second] = [places.get(before) ?? 0, places.get(after) ?? 0];
      const gap = (story[second] as Operation).invokedAt - (story[first] as Operation).completedAt;
      const timed = rule === 'real-time' && gap >= 0;
      const title = rule === 'real-time' ? 'Forced by real time' : 'Reads from';
      return {
        before: first,
        after: second,
        rule,
        label: timed ? `${duration(gap)} earlier` : '',
        lines: [title, clip(why, 300)],
      };
    });
}

function bandOf({ nemesis, kind, targets, begunAt, endedAt }: FaultReport, window: Window): Omit<Band, keyof Span> {
  const since = begunAt < window.from ? ` · since ${moment(begunAt, 2)}` : '';
  const until = endedAt === null ? ' · not healed' : endedAt > window.to ? ` · until ${moment(endedAt, 2)}` : '';
  return {
    colour: faultClass(kind),
    label: `${clip(printable(nemesis), 24)} ${clip(printable(targets), 60)}${since}${until}`,
    begins: begunAt >= window.from,
  };
}

/** What the reader should know that the lanes do not show. */
export function sceneNotes(
  { scene, othersLeftOut, bandsLeftOut }: SceneParts,
  { key }: Counterexample,
  faults: readonly FaultReport[],
): readonly string[] {
  const notes: string[] = [];
  const earlier = faults.filter(({ endedAt }) => endedAt !== null && endedAt <= scene.from * 1e9);
  const last = earlier.toSorted((one, other) => (other.endedAt ?? 0) - (one.endedAt ?? 0))[0];
  if (scene.bands.length === 0 && faults.length > 0) {
    const before =
      last === undefined
        ? ''
        : `; the last one before, ${last.nemesis} ${clip(last.targets, 60)}, had ended at ${moment(last.endedAt ?? 0, 2)}`;
    notes.push(`No fault was active at that time${before}.`);
  }
  if (bandsLeftOut > 0)
    notes.push(`${counted(bandsLeftOut, 'more fault')} active at that time: see the table of faults.`);
  if (othersLeftOut > 0) {
    notes.push(
      `${counted(othersLeftOut, 'more operation')} on key ${shownKey(key)} at that time left out; they are in the history.`,
    );
  }
  return notes;
}
