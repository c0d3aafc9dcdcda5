import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameTooLongError, Lines, textsOf } from './lines.ts';

describe('lines', () => {
  test('come out as they were sent, wherever the stream was split', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\r\n]/.test(text)));
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (sent, sizes) => {
        const stream = Buffer.from(sent.map((text) => `${text}\n`).join(''));
        const lines = new Lines();
        const received: string[] = [];
        for (let from = 0, turn = 0; from < stream.length; turn++) {
          const size = sizes[turn % sizes.length] as number;
          const whole = lines.push(stream.subarray(from, from + size));
          if (whole !== null) received.push(...textsOf(whole));
          from += size;
        }
        expect(received).toEqual(sent);
      }),
    );
  });

  test('are handed out only when they are whole, and empty ones not at all', () => {
    const lines = new Lines();
    expect(lines.push(Buffer.from('ab'))).toBeNull();
    expect(lines.push(Buffer.from('c\n\nd'))?.toString()).toBe('abc\n\n');
    expect(textsOf(Buffer.from('abc\n\n'))).toEqual(['abc']);
  });

  test('beyond the limit are refused, however small the pieces that they come in', () => {
    const lines = new Lines(10);
    expect(lines.push(Buffer.from('0123456789\n'))).not.toBeNull();
    for (let byte = 0; byte < 10; byte++) lines.push(Buffer.from('x'));
    expect(() => lines.push(Buffer.from('x'))).toThrow(FrameTooLongError);
  });
});
