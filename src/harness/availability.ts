/**
 * How available a cluster was while it was broken, and how soon it served again, from the history of a run.
 *
 * Clients of a simulation reach every node, and one that gets no answer at home goes to the next. In a real partition
 * a client is on one side, so an operation counts as served only if a node of the side of its home answered it. One
 * that was under way when the fault ended is left out: nobody knows what would have become of it.
 */
import { type HistoryEvent, pairOperations, type Operation } from 'knossos-ts';
import { processId } from '../core/ids.ts';
import type { NodeId } from '../core/ids.ts';
import { type Duration, nanoseconds } from '../core/time.ts';
import type { Fault } from '../environments/faults.ts';
import { homeOf } from '../generators/interpreter.ts';
import { marksOf } from './marks.ts';

/** Of operations: how many were tried, and how many of these were served. */
export interface Share {
  readonly tried: number;
  readonly served: number;
}

export type Shares = { readonly [f: string]: Share };

export interface Availability {
  /** By function, of clients at home on a side that is a majority of the nodes, while a fault was active. */
  readonly majority: Shares;
  /** The same on a side that is none. */
  readonly minority: Shares;
  /**
   * By fault: from the proof that it is healed until clients of every node have had every function succeed, with
   * operations that began after it; null where that had not come when the next fault began, or the main phase ended.
   */
  readonly recoveries: readonly (Duration | null)[];
}

interface Window {
  readonly fault: Fault;
  /** From its proof until it was asked to end, in nanoseconds. */
  readonly from: number;
  readonly until: number;
  /** When it was proved to be healed, and when the next one begins. */
  readonly healed: number;
  readonly next: number;
}

export function availabilityOf(events: readonly HistoryEvent[], nodes: readonly NodeId[]): Availability {
  const operations = pairOperations(events);
  const windows = windowsOf(events);
  const tallies = { majority: new Map<string, Share>(), minority: new Map<string, Share>() };
  for (const window of windows) {
    const reach = reachOf(window.fault, nodes);
    for (const operation of operations) {
      if (operation.invokedAt < window.from || operation.completedAt > window.until) continue;
      const side = reach(homeOf(processId(operation.process), nodes));
      const tally = 2 * side.length > nodes.length ? tallies.majority : tallies.minority;
      const { tried, served } = tally.get(operation.f) ?? { tried: 0, served: 0 };
      tally.set(operation.f, { tried: tried + 1, served: served + (isServed(operation, side) ? 1 : 0) });
    }
  }
  const functions = [...new Set(operations.map(({ f }) => f))];
  return {
    majority: Object.fromEntries(tallies.majority),
    minority: Object.fromEntries(tallies.minority),
    recoveries: windows.map((window) => recovery(window, operations, nodes, functions)),
  };
}

const isServed = ({ type, node }: Operation, side: readonly string[]): boolean =>
  type === 'ok' && node !== undefined && side.includes(node);

/** The faults that were proved to be active, and to be healed before the main phase was over. */
function windowsOf(events: readonly HistoryEvent[]): readonly Window[] {
  const marks = marksOf(events);
  const over = marks.find(({ mark }) => mark.mark === 'phase' && mark.phase === 'heal')?.at ?? Infinity;
  return marks.flatMap(({ mark }, index) => {
    if (mark.mark !== 'begin') return [];
    const later = marks.slice(index + 1);
    const [begun, end, ended] = (['begun', 'end', 'ended'] as const).map((name) =>
      later.find((one) => one.mark.mark === name && one.mark.id === mark.id),
    );
    if (begun?.mark.mark !== 'begun' || !begun.mark.held || end === undefined || ended === undefined) return [];
    if (ended.at >= over) return [];
    const next = later.find((one) => one.mark.mark === 'begin')?.at ?? over;
    return [{ fault: mark.fault, from: begun.at, until: end.at, healed: ended.at, next }];
  });
}

/** The side of a node: whom it still reaches. A node that is down has its clients served by whoever is up. */
function reachOf(fault: Fault, nodes: readonly NodeId[]): (home: NodeId) => readonly NodeId[] {
  if (fault.kind === 'partition') {
    const cut = new Set(fault.cut.map(([from, to]) => `${from} ${to}`));
    return (home) => nodes.filter((node) => !cut.has(`${home} ${node}`) && !cut.has(`${node} ${home}`));
  }
  const away = fault.kind === 'kill' || fault.kind === 'pause' ? fault.nodes : [];
  return () => nodes.filter((node) => !away.includes(node));
}

function recovery(
  { healed, next }: Window,
  operations: readonly Operation[],
  nodes: readonly NodeId[],
  functions: readonly string[],
): Duration | null {
  const first = new Map<string, number>();
  for (const { process, f, type, invokedAt, completedAt } of operations) {
    if (type !== 'ok' || invokedAt < healed || completedAt > next) continue;
    const place = `${homeOf(processId(process), nodes)} ${f}`;
    first.set(place, Math.min(first.get(place) ?? Infinity, completedAt));
  }
  if (first.size < nodes.length * functions.length) return null;
  return nanoseconds(Math.max(...first.values()) - healed);
}
