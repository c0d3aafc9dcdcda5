import { describe, expect, it } from 'vitest';
import type { Operation } from 'knossos-ts';
import { instant } from '../core/time.ts';
import { faultLog, faultReports, isWithin } from './fault-log.ts';
import { type Mark, markEvent, marksOf } from './marks.ts';

const begin: Mark = {
  mark: 'begin',
  id: 4,
  nemesis: 'kill',
  variant: 'one',
  targets: 'n2',
  nodes: ['n2'],
  fault: { kind: 'kill', nodes: ['n2' as never] },
};
const answer = (mark: 'begun' | 'ended', held = true): Mark => ({
  mark,
  id: 4,
  kind: 'kill',
  held,
  text: `${mark} ${held}`,
});
const end: Mark = { mark: 'end', id: 4, kind: 'kill' };

/** Marks at the positions 0, 10, 20, ... */
const logged = (...marks: readonly Mark[]) =>
  faultLog(marksOf(marks.map((mark, place) => ({ index: place * 10, ...markEvent(instant(place * 1000), mark) }))));

const operation = (called: number, returned: number, type: Operation['type'] = 'ok'): Operation => ({
  id: called,
  process: 1,
  f: 'read',
  key: 'k',
  input: null,
  output: null,
  type,
  called,
  returned,
  invokedAt: called,
  completedAt: returned,
});

describe('the log of faults', () => {
  it('tells the story of a fault, and counts what was invoked while it was proven', () => {
    const operations = [
      operation(5, 8),
      operation(11, 12),
      operation(13, 25),
      operation(15, Infinity, 'info'),
      operation(21, 23),
    ];
    expect(faultReports(logged(begin, answer('begun'), end, answer('ended')), operations)).toEqual([
      {
        id: 4,
        nemesis: 'kill',
        variant: 'one',
        kind: 'kill',
        targets: 'n2',
        nodes: ['n2'],
        begunAt: 0,
        endedAt: 3000,
        proof: { held: true, text: 'begun true' },
        healed: { held: true, text: 'ended true' },
        during: { ok: 2, fail: 0, info: 1 },
        writes: { ok: 0, all: 0, againAfter: null },
      },
    ]);
  });

  it('tells which writes ended well meanwhile, and how soon the next one did after healing', () => {
    const write = (called: number, returned: number, type: Operation['type'] = 'ok'): Operation => ({
      ...operation(called, returned, type),
      f: 'write',
      input: called,
    });
    const writesOf = (...operations: Operation[]) =>
      faultReports(logged(begin, answer('begun'), end, answer('ended')), operations)[0]?.writes;
    const blocked = [write(11, 12, 'fail'), write(13, Infinity, 'info')];

    expect(writesOf(...blocked, operation(14, 15), operation(31, 32))).toEqual({ ok: 0, all: 2, againAfter: null });
    // The fault was healed at position 30, at 3000 ns. What waited until then was not done meanwhile.
    const refused = { ...write(12, 13), f: 'cas', input: [1, 2], output: { swapped: false, current: 3 } };
    const later = [
      { ...write(15, 33), completedAt: 3300 },
      { ...write(40, 44), completedAt: 4400 },
    ];
    expect(writesOf(...blocked, refused, ...later)).toEqual({ ok: 0, all: 4, againAfter: 300 });
    expect(writesOf(...blocked, write(11, 19), ...later)?.ok).toBe(1);
  });

  it('takes an operation for one during the fault only if it ran wholly while the fault was proven', () => {
    const [fault] = logged(begin, answer('begun'), end, answer('ended'));
    const within = (called: number, returned: number): boolean =>
      fault !== undefined && isWithin(fault, operation(called, returned));
    expect(within(11, 19)).toBe(true);
    expect([within(9, 15), within(15, 21), within(21, 25), within(31, 35)]).toEqual([false, false, false, false]);
    const [unproven] = logged(begin, answer('begun', false), end, answer('ended'));
    expect(unproven !== undefined && isWithin(unproven, operation(11, 19))).toBe(false);
  });

  it('says of a fault whose story breaks off that it was not healed', () => {
    const [fault] = faultReports(logged(begin), []);
    expect(fault).toMatchObject({
      endedAt: null,
      proof: { held: false, text: 'The run ended before a proof came.' },
      healed: { held: false, text: 'The run ended before it was healed.' },
    });
  });
});
