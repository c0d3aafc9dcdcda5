import { describe, expect, it } from 'vitest';
import { microseconds, milliseconds } from '../core/time.ts';
import { formatWeather, parseWeather } from './weather.ts';

describe('the weather', () => {
  it('is read from one word, and written as the same word', () => {
    const text = 'delay=0.5-20,slow=0.05,slowest=80,loss=0.01,duplicate=0.02';
    const weather = parseWeather(text);
    expect(weather).toEqual({
      delay: [microseconds(500), milliseconds(20)],
      slowShare: 0.05,
      slowest: milliseconds(80),
      loss: 0.01,
      duplication: 0.02,
    });
    expect(formatWeather(weather)).toBe(text);
  });

  it('holds only what was named', () => {
    expect(parseWeather('loss=0')).toEqual({ loss: 0 });
    expect(formatWeather({})).toBe('');
  });

  it.each([
    [
      'storm',
      '--weather wants name=value, several with commas, and got "storm". Example: --weather delay=1-20,loss=0.01',
    ],
    ['los=0.1', 'Unknown kind of weather "los". Did you mean loss? Known: delay, duplicate, loss, slow, slowest.'],
    ['loss=2', '--weather loss wants a share from 0 to 1, and got "2". Example: --weather delay=1-20,loss=0.01'],
    ['loss=0,loss=0', '--weather names loss twice. Keep one.'],
    [
      'delay=5',
      '--weather delay wants two times such as 1-20, in milliseconds up to 60000. Example: --weather delay=1-20,loss=0.01',
    ],
    [
      'delay=5-1',
      '--weather delay wants the shorter time first, and got "5-1". Example: --weather delay=1-20,loss=0.01',
    ],
    [
      'slowest=x',
      '--weather slowest wants a time, in milliseconds up to 60000. Example: --weather delay=1-20,loss=0.01',
    ],
  ])('refuses %s and says what would be right', (text, message) => {
    expect(() => parseWeather(text)).toThrow(message);
  });
});
