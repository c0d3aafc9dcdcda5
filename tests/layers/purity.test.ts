import { describe, expect, it } from 'vitest';
import { openCanaries, openSources } from './program.ts';
import { impuritiesIn, isPure, pureRooms } from './purity.ts';

describe('the pure rooms', () => {
  it('name no clock, no chance, no timer and nothing of the machine', () => {
    using program = openSources();
    expect(impuritiesIn(program)).toEqual([]);
  });

  it('are there: each holds at least one file that this test has read', () => {
    using program = openSources();
    const pure = program.sources.map(({ path }) => path).filter(isPure);
    expect(pureRooms.filter((room) => !pure.some((path) => path.startsWith(room)))).toEqual([]);
  });
});

/** One line of code, and the names that must be reported in it. */
const canaries: readonly (readonly [code: string, ...names: string[]])[] = [
  ['export const a = Date.now();', 'Date'],
  ['export const a = (d: Date) => d;', 'Date'],
  ['const D = Date; export const a = new D();', 'Date'],
  ['export const a = Math.random();', 'Math'],
  ["export const a = Math['random']();", 'Math'],
  ['export const { random } = Math;', 'Math'],
  ['const m = Math; export const a = m.random();', 'Math'],
  ['export const a = setTimeout(() => {}, 1);', 'setTimeout'],
  ['export const a = setInterval(() => {}, 1);', 'setInterval'],
  ['export const a = setImmediate(() => {});', 'setImmediate'],
  ['export const a = () => queueMicrotask(() => {});', 'queueMicrotask'],
  ['export const a = process.hrtime();', 'process', 'hrtime'],
  ['export const a = performance.now();', 'performance', 'now'],
  ['export const a = crypto.randomUUID();', 'crypto', 'randomUUID'],
  ["export const a = fetch('http://localhost');", 'fetch'],
  ["export const a = new Function('return 1');", 'Function'],
  ["export const a = eval('1');", 'eval'],
  ['export const a = globalThis.Date;', 'globalThis', 'Date'],
  ["export const a = globalThis['Date'];", 'globalThis'],
  ["export const a = Buffer.from('');", 'Buffer', 'from'],
  ['export const a = console.log;', 'console', 'log'],
  ['export const a = structuredClone(1);', 'structuredClone'],
  ["export const a = require('node:fs');", 'require'],
  ['export const a = new WeakRef({});', 'WeakRef'],
  ["export const a = 'a'.localeCompare('b');", 'localeCompare'],

  ['export const a = (process: number, performance: string) => [process, performance];'],
  ['export const a = { process: 1, Date: 2 };'],
  ['export const a = Math.max(1, 2);'],
  ['// Date.now()\nexport const a = "Math.random()";'],
  ['export const a = new Map([[1, JSON.stringify({})]]).size;'],
];

describe('the checker of names', () => {
  const path = 'systems/x.ts';
  using program = openCanaries(canaries.map(([text]) => ({ path, text })));
  const { checker } = program;
  const reported = program.sources.map((source) => impuritiesIn({ sources: [source], checker }));

  it.each(canaries.map(([code, ...names], index) => ({ code, names, found: reported[index] })))(
    'reports $names in $code',
    ({ names, found }) => {
      expect(found).toEqual(names.map((name) => `${path}:1 ${name}`));
    },
  );

  it('reports in every pure room, in production code only', () => {
    const text = 'export const a = Date.now();';
    const places = [
      ...pureRooms.map((room) => `${room}x.ts`),
      'systems/x.test.ts',
      'src/core/testing/x.ts',
      'src/cli/x.ts',
    ];
    using rooms = openCanaries(places.map((place) => ({ path: place, text })));
    expect(impuritiesIn(rooms)).toEqual(pureRooms.map((room) => `${room}x.ts:1 Date`));
  });
});
