/**
 * A file that is larger than memory, sorted by key and then judged part by part. One pass sorts it, unless some
 * operation ties several keys together: then the first pass finds out which keys, and a second one sorts.
 */
import { StreamCheck } from '../check/check.ts';
import { count } from '../explain/words.ts';
import type { HistoryReading } from '../formats/read-history.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { modelNamed } from '../models/catalogue.ts';
import type { KeyVerdict } from '../verdict.ts';
import { withTime, type FileOptions } from './file-options.ts';
import { KeyGroups, type Group } from './key-groups.ts';
import { take, type Pace, type Taken } from './paced-reading.ts';
import { Spill } from './spill.ts';

/** Keys that are judged together: all or some of those in one temporary file. */
export interface FilePart {
  readonly bucket: number;
  readonly groups: readonly Group[];
  readonly isWhole: boolean;
}

export interface SortedFile extends Disposable {
  readonly taken: Taken;
  readonly parts: readonly FilePart[];
  /** With an event of the nemesis wherever time went back before the next event. */
  readonly events: (part: FilePart) => Iterable<HistoryEvent>;
  /** How many events share their time with another. */
  readonly tied: number;
}

interface Sorting {
  readonly options: FileOptions;
  readonly pace: Pace;
  /** Bytes that may be in memory at a time, and of the file. */
  readonly limit: number;
  readonly size: number;
}

const mostBuckets = 128;

export async function sortByKey(
  first: HistoryReading,
  open: () => HistoryReading,
  { options, pace, limit, size }: Sorting,
): Promise<SortedFile> {
  // Twice as many as are needed, so that files of different size fit all the same.
  const buckets = Math.min(Math.ceil((2 * size) / limit), mostBuckets);
  const groups = new KeyGroups(modelNamed(options.model, options.initial ?? null), buckets);
  let spill = new Spill(buckets, options.temporaryFolder);
  try {
    let sorter = new Sorter(groups, spill, buckets);
    let taken = await take(first, pace, (event) => {
      groups.tie(event);
      if (!groups.hasTies) sorter.add(event);
    });
    if (groups.hasTies && taken.stopped === undefined) {
      spill[Symbol.dispose]();
      groups.clear();
      spill = new Spill(buckets, options.temporaryFolder);
      sorter = new Sorter(groups, spill, buckets);
      taken = await take(open(), pace, (event) => sorter.add(event));
    }
    spill.finish();
    const kept = spill;
    return {
      taken,
      parts: partsOf(groups.all, limit),
      events: (part) => eventsOf(part, kept, groups),
      tied: sorter.tied,
      [Symbol.dispose]: () => kept[Symbol.dispose](),
    };
  } catch (error) {
    spill[Symbol.dispose]();
    throw error;
  }
}

/**
 * Puts each event to its key. Events of one key that have the same time are a tie in the whole history, too, unless time
 * went back between them; where it did, each temporary file is told before its next event.
 */
class Sorter {
  readonly #groups: KeyGroups;
  readonly #spill: Spill;
  readonly #open = new Map<number, Group>();
  #lastTime = Number.NaN;
  #isTie = false;
  /** How often time went back: in all, and by bucket as far as that was told. */
  #setbacks = 0;
  readonly #told: Uint32Array;
  tied = 0;

  constructor(groups: KeyGroups, spill: Spill, buckets: number) {
    this.#groups = groups;
    this.#spill = spill;
    this.#told = new Uint32Array(buckets);
  }

  add(event: HistoryEvent): void {
    const { process, type } = event;
    if (process === 'nemesis') return;
    this.#lookAt(event.time);
    const group = type === 'invoke' ? this.#groups.of(event) : this.#open.get(process);
    if (group === undefined) return;
    if (type === 'invoke') {
      this.#open.set(process, group);
      group.operations++;
    } else this.#open.delete(process);
    if (this.#told[group.bucket] !== this.#setbacks) {
      this.#told[group.bucket] = this.#setbacks;
      this.#spill.write(group.bucket, { ...event, process: 'nemesis', value: null });
    }
    group.length += this.#spill.write(group.bucket, event);
  }

  #lookAt(time: number): void {
    if (time < this.#lastTime) this.#setbacks++;
    if (time !== this.#lastTime) this.#isTie = false;
    else {
      this.tied += this.#isTie ? 1 : 2;
      this.#isTie = true;
    }
    this.#lastTime = time;
  }
}

/** Keys of one temporary file, as many as fit into memory together. */
function partsOf(groups: readonly Group[], limit: number): FilePart[] {
  const byBucket = new Map<number, Group[]>();
  for (const group of groups) {
    const same = byBucket.get(group.bucket);
    if (same === undefined) byBucket.set(group.bucket, [group]);
    else same.push(group);
  }
  return [...byBucket].flatMap(([bucket, all]) => {
    const batches: Group[][] = [];
    let length = Infinity;
    for (const group of all) {
      if (length + group.length > limit) {
        batches.push([]);
        length = 0;
      }
      batches.at(-1)?.push(group);
      length += group.length;
    }
    return batches.map((some) => ({ bucket, groups: some, isWhole: some.length === all.length }));
  });
}

function* eventsOf(
  { bucket, groups: wanted, isWhole }: FilePart,
  spill: Spill,
  groups: KeyGroups,
): Generator<HistoryEvent> {
  if (isWhole) {
    yield* spill.read(bucket);
    return;
  }
  const among = new Set(wanted);
  const open = new Set<number>();
  for (const event of spill.read(bucket)) {
    const { process } = event;
    if (process !== 'nemesis' && event.type === 'invoke') {
      if (!among.has(groups.of(event))) continue;
      open.add(process);
    } else if (process !== 'nemesis' && !open.delete(process)) continue;
    yield event;
  }
}

interface Judging {
  readonly options: FileOptions;
  readonly pace: Pace;
  readonly limit: number;
}

/** What a single key may take in memory, as a multiple of what is taken at a time: half of what there is. */
const largestKey = 4;

/**
 * In the order of the keys' first events. A time budget that was given is shared by the parts: each gets an equal share
 * of what is left. Otherwise each part has the time of a check of its own.
 */
export async function judgeParts(sorted: SortedFile, { options, pace, limit }: Judging): Promise<KeyVerdict[]> {
  const judged: { readonly first: number; readonly verdict: KeyVerdict }[] = [];
  for (const [number, part] of sorted.parts.entries()) {
    const now = performance.now();
    const deadline = now + (pace.deadline - now) / (sorted.parts.length - number);
    const verdicts = isTooLarge(part, limit)
      ? part.groups.map(tooLarge)
      : await judge(part, sorted, options, { ...pace, deadline });
    for (const [place, verdict] of verdicts.entries()) {
      judged.push({ first: part.groups[place]?.first ?? Infinity, verdict });
    }
  }
  return judged.toSorted((one, other) => one.first - other.first).map(({ verdict }) => verdict);
}

const isTooLarge = ({ groups }: FilePart, limit: number): boolean =>
  groups.length === 1 && (groups[0]?.length ?? 0) > largestKey * limit;

const tooLarge = ({ key, operations }: Group): KeyVerdict => ({
  key,
  operations,
  verdict: {
    valid: 'unknown',
    reason: 'memory',
    detail: `its ${count(operations)} operations do not fit into memory; give Node more of it (node --max-old-space-size=8192)`,
  },
});

async function judge(
  part: FilePart,
  sorted: SortedFile,
  options: FileOptions,
  pace: Pace,
): Promise<readonly KeyVerdict[]> {
  const setbacks: number[] = [];
  const check = new StreamCheck(options, setbacks);
  let events = 0;
  const { stopped } = await take(sorted.events(part), pace, (event) => {
    if (event.process === 'nemesis') setbacks.push(events);
    else {
      check.add(event);
      events++;
    }
  });
  if (stopped === undefined) {
    const { keys } = await check.judge(withTime(options, pace.deadline - performance.now()));
    if (keys.length > 0) return keys;
  }
  // The time was up before it was read.
  const verdict = { valid: 'unknown', reason: stopped ?? 'time', detail: 'not begun' } as const;
  return part.groups.map(({ key, operations }) => ({ key, operations, verdict }));
}
