/** Writes small histories by hand for the tests of the reports: operations with their times, turned into events. */
import { type HistoryEvent, type Operation, type Value, pairOperations } from 'knossos-ts';
import { seeded } from '../../src/core/random.ts';

export interface Told {
  readonly process: number;
  readonly f: string;
  readonly key: Value;
  readonly input?: Value;
  readonly output?: Value;
  /** Seconds. */
  readonly from: number;
  /** Seconds; when it was given up for an info, null where it never was. */
  readonly to: number | null;
  readonly type?: 'ok' | 'fail' | 'info';
  readonly node?: string;
}

export interface ToldHistory {
  readonly events: readonly HistoryEvent[];
  /** In the order in which they were told. */
  readonly operations: readonly Operation[];
}

export function tell(told: readonly Told[]): ToldHistory {
  const moments = told.flatMap((one, which) => [
    { at: one.from, which, begins: true },
    ...(one.to === null ? [] : [{ at: one.to, which, begins: false }]),
  ]);
  moments.sort((one, other) => one.at - other.at || Number(other.begins) - Number(one.begins));
  const events = moments.map(({ at, which, begins }, index) => event(told[which] as Told, index, at, begins));
  const operations = pairOperations(events);
  const called = told.map((_, which) => moments.findIndex((one) => one.which === which && one.begins));
  return { events, operations: called.map((id) => operations.find((one) => one.id === id) as Operation) };
}

function event(told: Told, index: number, at: number, begins: boolean): HistoryEvent {
  const { process, f, key, input = null, output = null, type = 'ok', node } = told;
  const base = { index, time: Math.round(at * 1e9), process, f, key };
  if (begins) return { ...base, type: 'invoke', value: input };
  const answered = node === undefined ? {} : { node };
  if (type === 'ok') return { ...base, type, value: f === 'write' ? input : output, ...answered };
  return { ...base, type, value: input, error: { code: type === 'fail' ? 11 : 0, text: 'no leader' }, ...answered };
}

/** Reads of a key by processes that saw what the writes left, so that a story is not alone on its key. */
export function bystanders(key: Value, valueAt: (seconds: number) => Value, count: number): readonly Told[] {
  const random = seeded(`bystanders ${count}`);
  return Array.from({ length: count }, (_, index): Told => {
    const process = [5, 9, 0, 4, 8, 2, 6][index % 7] as number;
    const from = 17.96 + (index + random.unit()) * (0.95 / count);
    const to = from + 0.002 + random.unit() * 0.006;
    return { process, f: 'read', key, output: valueAt(from), from, to, node: `n${(process % 5) + 1}` };
  });
}
