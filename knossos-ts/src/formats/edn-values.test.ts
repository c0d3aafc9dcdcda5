import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueKey } from '../history/value.ts';
import type { Value } from '../history/operation.ts';
import { readEdn } from './edn-text.ts';
import { valueOf, writeEdn } from './edn-values.ts';

const read = (text: string): Value[] => readEdn(text).map(valueOf);

test.each<[string, Value]>([
  [':a/b', ':a/b'],
  ['"a"', 'a'],
  ['":a"', { '#text': ':a' }],
  ['foo/bar', { '#symbol': 'foo/bar' }],
  ['\\a', { '#char': 'a' }],
  ['\\newline', { '#char': '\n' }],
  ['\\u0041', { '#char': 'A' }],
  ['\\(', { '#char': '(' }],
  ['3/6', { '#ratio': '1/2' }],
  ['-6/3', -2],
  ['9223372036854775807', 9223372036854775807n],
  ['-9223372036854775808N', -9223372036854775808n],
  ['1.50M', 1.5],
  ['12M', 12],
  ['0.1234567890123456789M', { '#decimal': '0.1234567890123456789' }],
  ['6.02e23', 6.02e23],
  ['##Inf', { '##': 'Inf' }],
  ['#inst "2026-11-20"', { '#inst': '2026-11-20' }],
  ['#my/point [1 2]', { '#my/point': [1, 2] }],
  ['#{3 :b "b" 1 [2]}', [1, 3, ':b', 'b', [2]]],
  ['(1 2)', [1, 2]],
  [
    '{:a 1, "a" 2, 1 3, "1" 4, [5] 6, "b c" 7, "[" 8}',
    { a: 1, '"a"': 2, '1': 3, '"1"': 4, '[5]': 6, 'b c': 7, '[': 8 },
  ],
  ['#:n{:a {:b nil}}', { 'n/a': { b: null } }],
  ['^{:doc "x"} [true]', [true]],
  ['[1 #_ #_ 2 3 4]', [1, 4]],
])('%s is read without loss, and written so that it is read again', (text, value) => {
  expect(read(text)).toEqual([value]);
  expect(read(writeEdn(value))).toEqual([value]);
});

test.each(['010', '1x', '0x1F', '1/0', ':', '\\foo', '1.2.3'])('%s is no form', (text) => {
  expect(() => read(`[1\n${text}]`)).toThrow(/^Line 2: expected a (number, a keyword or a symbol|character), found /);
});

const odd = fc.constantFrom(
  ':a',
  ':',
  '#text',
  '#ratio',
  '#inst',
  '##',
  '"a"',
  '[1]',
  '1',
  'nil',
  '1/2',
  '#symbol',
  '127.0.0.1:80',
  '#knossos/json',
  '',
);
const text = fc.oneof(fc.string({ unit: 'binary' }), odd);
const any: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
    text,
    fc.array(tie('value')) as fc.Arbitrary<Value>,
    fc.dictionary(text, tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Value>,
  ),
})).value;

test('any value is written so that it is read again, and different values are written differently', () => {
  fc.assert(
    fc.property(any, any, (one, other) => {
      expect(read(writeEdn(one)).map(valueKey)).toEqual([valueKey(one)]);
      expect(writeEdn(one) === writeEdn(other)).toBe(valueKey(one) === valueKey(other));
    }),
    { numRuns: 2_000 },
  );
});
