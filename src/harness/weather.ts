/**
 * The weather of the network as text, so that one word of a command line holds it: `delay=1-20,slow=0.05,slowest=80,`
 * `loss=0.01,duplicate=0.01`. Times are milliseconds, the rest shares from 0 to 1; what is not named is ordinary.
 */
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import { type Duration, inMilliseconds, milliseconds } from '../core/time.ts';
import type { Weather } from '../environments/environment.ts';

export type PlannedWeather = Partial<Weather>;

const example = 'Example: --weather delay=1-20,loss=0.01';
const names = ['delay', 'slow', 'slowest', 'loss', 'duplicate'];
/** Milliseconds: a frame that takes longer is lost to every protocol with a timeout. */
const longest = 60_000;

/** Throws a UsageError that says what would be accepted. */
export function parseWeather(text: string): PlannedWeather {
  const given = new Map<string, string>();
  for (const part of text.split(',').map((word) => word.trim())) {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(part) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--weather wants name=value, several with commas, and got "${part}". ${example}`);
    if (!names.includes(name)) throw unknownName('kind of weather', name, names);
    if (given.has(name)) throw new UsageError(`--weather names ${name} twice. Keep one.`);
    given.set(name, value);
  }
  const read = <T>(name: string, parse: (name: string, value: string) => T): T | undefined => {
    const value = given.get(name);
    return value === undefined ? undefined : parse(name, value);
  };
  const [delay, slowest] = [read('delay', range), read('slowest', time)];
  const [slowShare, loss, duplication] = [read('slow', share), read('loss', share), read('duplicate', share)];
  return {
    ...(delay === undefined ? {} : { delay }),
    ...(slowShare === undefined ? {} : { slowShare }),
    ...(slowest === undefined ? {} : { slowest }),
    ...(loss === undefined ? {} : { loss }),
    ...(duplication === undefined ? {} : { duplication }),
  };
}

/**
 * Weather in which a protocol whose timeouts outlast the ordinary network still makes progress: an exchange takes less
 * than 100 ms but for few frames, and few frames are lost. Most of what exploring draws is such.
 */
export const isBearable = ({ delay, slowShare = 0, slowest, loss = 0 }: PlannedWeather): boolean =>
  (delay === undefined || delay[1] <= milliseconds(40)) &&
  (slowest === undefined || slowest <= milliseconds(400)) &&
  slowShare <= 0.12 &&
  loss <= 0.1;

/** What `parseWeather` reads as the same weather; empty for the ordinary one. */
export function formatWeather({ delay, slowShare, slowest, loss, duplication }: PlannedWeather): string {
  const words: string[] = [];
  if (delay !== undefined) words.push(`delay=${inMilliseconds(delay[0])}-${inMilliseconds(delay[1])}`);
  if (slowShare !== undefined) words.push(`slow=${slowShare}`);
  if (slowest !== undefined) words.push(`slowest=${inMilliseconds(slowest)}`);
  if (loss !== undefined) words.push(`loss=${loss}`);
  if (duplication !== undefined) words.push(`duplicate=${duplication}`);
  return words.join(',');
}

function range(name: string, value: string): readonly [Duration, Duration] {
  const [, least = '', most = ''] = /^([\d.]+)-([\d.]+)$/.exec(value) ?? [];
  const [from, to] = [time(name, least), time(name, most)];
  if (from <= to) return [from, to];
  throw new UsageError(`--weather ${name} wants the shorter time first, and got "${value}". ${example}`);
}

function time(name: string, value: string): Duration {
  const count = number(value);
  if (count >= 0 && count <= longest) return milliseconds(count);
  const wanted = name === 'delay' ? 'two times such as 1-20' : 'a time';
  throw new UsageError(`--weather ${name} wants ${wanted}, in milliseconds up to ${longest}. ${example}`);
}

function share(name: string, value: string): number {
  const part = number(value);
  if (part >= 0 && part <= 1) return part;
  throw new UsageError(`--weather ${name} wants a share from 0 to 1, and got "${value}". ${example}`);
}

const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
