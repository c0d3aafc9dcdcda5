import { describe, expect, it } from 'vitest';
import { type HistoryEvent, pairOperations } from 'knossos-ts';
import { instant } from '../core/time.ts';
import { type CoverageInput, coverageOf } from './coverage.ts';
import { faultLog } from './fault-log.ts';
import { type Mark, markEvent, marksOf } from './marks.ts';

type Step = Mark | readonly [process: number, type: HistoryEvent['type'], f: string, value: HistoryEvent['value']];

function given(steps: readonly Step[]): CoverageInput {
  const events = steps.map((step, index): HistoryEvent => {
    if (!Array.isArray(step)) return { index, ...markEvent(instant(index), step as Mark) };
    const [process, type, f, value] = step as Extract<Step, readonly unknown[]>;
    return { index, time: index, process, type, f, key: 'k', value };
  });
  return {
    functions: ['read', 'write', 'cas'],
    nemeses: ['cut'],
    operations: pairOperations(events),
    faults: faultLog(marksOf(events)),
    ended: true,
    interrupted: false,
    shortcomings: [],
    finalFrom: -1,
  };
}

const op = (
  process: number,
  f: string,
  input: HistoryEvent['value'],
  output: HistoryEvent['value'] = input,
): Step[] => [
  [process, 'invoke', f, input],
  [process, 'ok', f, output],
];

const begin: Step = {
  mark: 'begin',
  id: 1,
  nemesis: 'cut',
  variant: 'first',
  targets: 'n1 | n2',
  nodes: ['n1'],
  fault: { kind: 'kill', nodes: ['n1' as never] },
};
const begun: Step = { mark: 'begun', id: 1, kind: 'kill', held: true, text: 'gone' };
const end: Step = { mark: 'end', id: 1, kind: 'kill' };
const ended: Step = { mark: 'ended', id: 1, kind: 'kill', held: true, text: 'back' };
const fault: readonly Step[] = [begin, begun, end, ended];
const work = [...op(1, 'write', 1), ...op(2, 'read', null, 1), ...op(1, 'cas', [1, 2], { swapped: true })];

const unmet = (input: CoverageInput): readonly string[] =>
  coverageOf(input).flatMap(({ met, text }) => (met ? [] : [text]));

describe('the coverage gate', () => {
  it('is met by a run in which everything happened', () => {
    expect(coverageOf(given([...fault, ...work])).map(({ name, met }) => `${name}: ${met}`)).toEqual([
      'whole run: true',
      'every phase: true',
      'read ok: true',
      'write ok: true',
      'cas ok: true',
      'cas swapped: true',
      'reads observed writes: true',
      'served after healing: true',
      'faults happened: true',
      'faults proven: true',
      'faults healed: true',
    ]);
  });

  it('asks for no fault when none was asked for, and for no function that was not generated', () => {
    const input = {
      ...given([...op(1, 'write', 1), ...op(2, 'read', null, 1)]),
      functions: ['read', 'write'],
      nemeses: [],
    };
    expect(unmet(input)).toEqual([]);
  });

  it('asks of inserts that some add their pair and some meet another, and that reads see those that did', () => {
    const added = op(1, 'insert', 1, { inserted: true });
    const refused = op(2, 'insert', 2, { inserted: false, current: 1 });
    const of = (...steps: Step[]) =>
      unmet({ ...given([...steps, ...op(2, 'read', null, 1)]), functions: ['read', 'insert'], nemeses: [] });

    expect(of(...added, ...refused)).toEqual([]);
    expect(of(...added)).toEqual([
      'No insert ever met another value, so its effect was not tested. Run longer, or on fewer keys.',
    ]);
    expect(of(...refused)).toEqual([
      'No insert ever added its pair, so its effect was not tested. Run longer, or on fewer keys.',
      "No read saw another process's write. Run longer, or on fewer keys.",
    ]);
  });

  it('asks of transactions that one was committed over another, and that reads see what others wrote in them', () => {
    const parts = (version: number): HistoryEvent['value'] => [
      ['c', 'a', version],
      ['w', 'a', { balance: version, id: version }],
    ];
    const opened = op(1, 'txn', parts(0), { committed: true, parts: parts(0) });
    const committed = [...opened, ...op(1, 'txn', parts(1), { committed: true, parts: parts(1) })];
    const refused = op(2, 'txn', parts(3), { committed: false, current: [['c', 'a', 1]] });
    const sight: HistoryEvent['value'] = [['r', 'a', { value: { balance: 0, id: 0 }, version: 1 }]];
    const audit = op(2, 'txn', [['r', 'a', null]], { committed: true, parts: sight });
    const of = (...steps: Step[]) =>
      coverageOf({ ...given(steps), functions: ['txn', 'read'], nemeses: [] })
        .filter(({ name, met }) => name === 'transactions committed' || (name === 'reads observed writes' && !met))
        .map(({ text }) => text);

    expect(of(...committed, ...refused, ...audit)).toEqual([
      'A txn that writes was committed 2 times and refused once.',
    ]);
    expect(of(...opened, ...refused, ...audit)).toEqual([
      'No txn that writes over what another one wrote was ever committed, so its effect was not tested. Run longer, or with more accounts.',
    ]);
    expect(of(...refused, ...audit)).toEqual([
      'No txn that writes was ever committed, so its effect was not tested. Run longer, or with more accounts.',
      "No read saw another process's write. Run longer, or on fewer keys.",
    ]);
    expect(of(...committed)).toContain("No read saw another process's write. Run longer, or on fewer keys.");
  });

  it('is not met by an empty run', () => {
    expect(unmet(given([]))).toEqual([
      'read never succeeded outside of faults (0 times in all). Look into the node logs.',
      'write never succeeded outside of faults (0 times in all). Look into the node logs.',
      'cas never succeeded outside of faults (0 times in all). Look into the node logs.',
      'No cas ever swapped, so its effect was not tested. Run longer, or on fewer keys.',
      "No read saw another process's write. Run longer, or on fewer keys.",
      'The run never came to its final reads. Run it again.',
      'No fault of cut was proven. Run longer, or make --nemesis-interval shorter.',
    ]);
  });

  it('does not count what touched a fault as being outside of it', () => {
    const [invoke, ok] = op(1, 'write', 9) as [Step, Step];
    const rest = [...op(3, 'write', 1), ...op(2, 'read', null, 1), ...op(1, 'cas', [1, 2], { swapped: true })];
    const only = (steps: readonly Step[]): readonly string[] => {
      const { functions, ...input } = given([...steps, ...rest]);
      const operations = input.operations.filter(({ process, f }) => f !== 'write' || process === 1);
      return unmet({ ...input, functions: functions.filter((f) => f === 'write'), operations });
    };
    const complaint =
      'write never succeeded outside of faults (once in all). Leave more time between faults (--nemesis-interval).';
    expect(only([invoke, begin, ok, begun, end, ended])).toEqual([complaint]);
    expect(only([begin, invoke, ok, begun, end, ended])).toEqual([complaint]);
    expect(only([begin, begun, end, invoke, ended, ok])).toEqual([complaint]);
    expect(only([begin, begun, end, ended, invoke, ok])).toEqual([]);
    expect(only([invoke, ok, begin, begun, end, ended])).toEqual([]);
  });

  it('wants at least half of what was called outside of faults to succeed', () => {
    const refused: Step[] = [
      [3, 'invoke', 'write', 2],
      [3, 'fail', 'write', null],
    ];
    const [once, twice] = [[...refused], [...refused, ...refused]];
    expect(unmet(given([...fault, ...work, ...once])).filter((text) => text.startsWith('write'))).toEqual([]);
    expect(unmet(given([...fault, ...work, ...twice]))).toContain(
      'write succeeded only 1 of 3 times outside of faults. Look into the node logs.',
    );
  });

  it('wants nearly everything to succeed once all faults have healed, and every phase to be done', () => {
    const input = given([
      ...fault,
      ...work,
      [4, 'invoke', 'read', null],
      [4, 'fail', 'read', null],
      ...op(5, 'read', null, 2),
    ]);
    const finalFrom = fault.length + work.length - 1;
    expect(unmet({ ...input, finalFrom })).toEqual([
      'Only 1 of 2 operations succeeded after all faults had healed. Look into the node logs.',
    ]);
    expect(unmet({ ...input, finalFrom: Infinity })).toEqual(['The run never came to its final reads. Run it again.']);
    expect(unmet({ ...given([...fault, ...work]), shortcomings: ['The final reads were not done in time.'] })).toEqual([
      'The final reads were not done in time.',
    ]);
  });

  it('wants a cas that swapped, not one that was refused', () => {
    const refused = op(1, 'cas', [5, 2], { swapped: false, current: 1 });
    expect(unmet(given([...fault, ...op(1, 'write', 1), ...op(2, 'read', null, 1), ...refused]))).toEqual([
      'No cas ever swapped, so its effect was not tested. Run longer, or on fewer keys.',
    ]);
  });

  it('wants reads that saw what another process wrote, not their own and not nothing', () => {
    const own = [
      ...op(1, 'write', 1),
      ...op(1, 'read', null, 1),
      ...op(2, 'read', null),
      ...op(1, 'cas', [1, 2], { swapped: true }),
    ];
    expect(unmet(given([...fault, ...own]))).toEqual([
      "No read saw another process's write. Run longer, or on fewer keys.",
    ]);
  });

  it('takes the write of a swapped cas for a write, and a refused one for none', () => {
    const seen = (swapped: boolean): readonly string[] =>
      unmet(given([...fault, ...work.slice(0, 2), ...op(1, 'cas', [1, 7], { swapped }), ...op(2, 'read', null, 7)]));
    expect(seen(true)).toEqual([]);
    expect(seen(false)).toContain("No read saw another process's write. Run longer, or on fewer keys.");
  });

  it('wants every fault proven and healed', () => {
    const unproven: Step = { mark: 'begun', id: 1, kind: 'kill', held: false, text: 'n1 still answers' };
    expect(unmet(given([begin, unproven, end, ended, ...work]))).toEqual([
      'No fault of cut was proven. Run longer, or make --nemesis-interval shorter.',
      'Fault 1 (n1 | n2) was not proven: n1 still answers',
    ]);
    expect(unmet(given([...work, begin, begun]))).toEqual([
      'Fault 1 (n1 | n2) did not end as it should: The run ended before it was healed.',
    ]);
  });

  it('is not met by a run that was cut short or interrupted', () => {
    const input = given([...fault, ...work]);
    expect(unmet({ ...input, ended: false })).toEqual([
      'The history has no end mark: the run was cut short. Run it again.',
    ]);
    expect(unmet({ ...input, interrupted: true })).toEqual([
      'The run was interrupted before its time limit. Run it again.',
    ]);
  });
});
