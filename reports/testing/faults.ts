/** Faults of the runs that reports are tested with. */
import type { FaultReport } from '../../src/report/run-report.ts';

export const partition: FaultReport = {
  id: 2,
  nemesis: 'partition',
  variant: 'halves',
  kind: 'partition',
  targets: 'n1 (primary) n2 | n3 n4 n5',
  nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
  begunAt: 18.062e9,
  endedAt: 28.096e9,
  proof: { held: true, text: '12 of 12 cut links dropped the probe, 8 of 8 kept links passed it' },
  healed: { held: true, text: 'all 20 links pass' },
  during: { ok: 1533, fail: 39, info: 8 },
  writes: { ok: 310, all: 355, againAfter: 12_400_000 },
};

export const kill: FaultReport = {
  id: 3,
  nemesis: 'kill',
  variant: 'minority',
  kind: 'kill',
  targets: 'n2 n5',
  nodes: ['n2', 'n5'],
  begunAt: 33.12e9,
  endedAt: 38.13e9,
  proof: { held: true, text: 'n2 and n5 left the process table; their sockets refuse' },
  healed: { held: true, text: 'both answer since 38.46 s' },
  during: { ok: 702, fail: 118, info: 6 },
  writes: { ok: 98, all: 220, againAfter: null },
};

export const pause: FaultReport = {
  ...kill,
  id: 4,
  nemesis: 'pause',
  variant: 'primary',
  kind: 'pause',
  targets: 'n3 (primary)',
  nodes: ['n3'],
  begunAt: 43.14e9,
  endedAt: 53.17e9,
  proof: { held: true, text: 'n3 is stopped and answers no probe' },
  healed: { held: true, text: 'n3 answers since 53.19 s' },
  during: { ok: 1380, fail: 20, info: 31 },
  writes: { ok: 0, all: 51, againAfter: 1_204_000_000 },
};
