/**
 * Small random histories for the engines that rely on structure: registers whose values are mostly unique, with chains of
 * cas, and lists whose elements are. Operations happen at an instant on a real object, and some lie about what they saw,
 * which makes every kind of violation. Positions collide.
 */
import type { Operation, Value } from '../history/operation.ts';
import { below, pick, type Random } from './seeded.ts';

interface Draft {
  readonly f: string;
  readonly type: Operation['type'];
  readonly happens: boolean;
  readonly lies: boolean;
  readonly called: number;
  readonly returned: number;
  readonly point: number;
}

function draftsOf(random: Random, functions: readonly string[], most: number): Draft[] {
  const [span, honesty] = [2 + below(random, 13), pick(random, [2, 3, 5, 12, 40])];
  const info = pick(random, [0, 0.15, 0.35]);
  const lengths = pick(random, [2, 4, 10]);
  return Array.from({ length: 2 + below(random, most - 1) }, (): Draft => {
    const called = below(random, span);
    const length = below(random, random() < 0.5 ? 2 : lengths);
    const draw = random();
    return {
      f: pick(random, functions),
      type: draw < info ? 'info' : draw < info + 0.03 ? 'fail' : 'ok',
      happens: random() < 0.5,
      lies: below(random, honesty) === 0,
      called,
      returned: called + length,
      point: called + (below(random, 5) / 4) * length,
    };
  });
}

export interface Drawn {
  readonly initial: Value;
  readonly operations: readonly Operation[];
}

/** Two to ten operations of a register with cas, insert and delete. */
export function registerHistory(random: Random, functions: readonly string[]): Drawn {
  const initial = pick<Value>(random, [null, null, 0]);
  const drafts = draftsOf(random, functions, 10);
  const told = pick(random, [1, 1, 0.5]);
  const repeats = pick(random, [0, 0, 0, 0.2]);
  // How often somebody meets what is made later only, which is what cycles are made of.
  const ahead = pick(random, [0.1, 0.1, 0.7]);
  const made: Value[] = [initial];
  let fresh = 1;
  let state: Value = initial;
  const done = new Map<Draft, Pick<Operation, 'input' | 'output'>>();
  for (const draft of drafts.toSorted((one, other) => one.point - other.point)) {
    const { f, type } = draft;
    const to = random() < repeats ? pick(random, made) : fresh++;
    const anyone = (): Value => (random() < ahead ? fresh + below(random, 3) : pick(random, made));
    const from: Value = f === 'insert' ? null : random() < 0.6 ? state : anyone();
    const isConditional = f === 'cas' || f === 'insert';
    const seen = draft.lies ? anyone() : state;
    const takes = !isConditional || (draft.lies ? random() < 0.5 : state === from);
    const input: Value = f === 'cas' ? [from, to] : f === 'insert' ? (to ?? 99) : f === 'write' ? to : null;
    const name = f === 'cas' ? 'swapped' : 'inserted';
    const refused = random() < told ? { [name]: false, current: seen } : { [name]: false };
    const output: Value = f === 'read' ? seen : !isConditional ? null : takes ? { [name]: true } : refused;
    done.set(draft, { input, output: type === 'ok' ? output : null });
    const left: Value = f === 'cas' ? to : f === 'write' || f === 'insert' ? (f === 'insert' ? (to ?? 99) : to) : null;
    if (f === 'read' || type === 'fail') continue;
    made.push(left);
    if (type === 'info' && (!draft.happens || (isConditional && state !== from))) continue;
    if (takes && (!draft.lies || random() < 0.5)) state = left;
  }
  return { initial, operations: asOperations(drafts, done) };
}

/** Two to nine appends and reads. Some elements are appended twice. */
export function listHistory(random: Random): Drawn {
  const initial = pick<Value>(random, [null, null, [7]]);
  const drafts = draftsOf(random, ['append', 'append', 'read'], 9);
  const repeats = pick(random, [0, 0, 0, 0.2]);
  let fresh = 1;
  let list: readonly Value[] = (initial ?? []) as readonly Value[];
  const done = new Map<Draft, Pick<Operation, 'input' | 'output'>>();
  for (const draft of drafts.toSorted((one, other) => one.point - other.point)) {
    if (draft.f === 'append') {
      const element = random() < repeats ? below(random, fresh + 1) : fresh++;
      done.set(draft, { input: element, output: null });
      if (draft.type === 'ok' ? !draft.lies : draft.type === 'info' && draft.happens) list = [...list, element];
    } else {
      const seen = draft.lies ? wrong(random, list, fresh) : list;
      done.set(draft, { input: null, output: seen.length === 0 && random() < 0.5 ? null : seen });
    }
  }
  return { initial, operations: asOperations(drafts, done) };
}

function wrong(random: Random, list: readonly Value[], fresh: number): readonly Value[] {
  const at = below(random, list.length + 1);
  const changes = [
    () => list.slice(0, at),
    () => list.toSpliced(at, 1),
    () => list.toSpliced(at, 0, below(random, fresh + 1)),
    () => [...list, fresh],
    () => (list.length < 2 ? [] : [...list.slice(0, -2), list.at(-1) as Value, list.at(-2) as Value]),
  ];
  return pick(random, changes)();
}

function asOperations(
  drafts: readonly Draft[],
  done: ReadonlyMap<Draft, Pick<Operation, 'input' | 'output'>>,
): Operation[] {
  return drafts
    .toSorted((one, other) => one.called - other.called)
    .map((draft, id) => ({
      id,
      process: id,
      f: draft.f,
      key: 'k',
      input: done.get(draft)?.input ?? null,
      type: draft.type,
      output: draft.type === 'ok' ? (done.get(draft)?.output ?? null) : null,
      called: draft.called,
      returned: draft.type === 'info' ? Infinity : draft.returned,
      invokedAt: draft.called * 1e6,
      completedAt: draft.type === 'info' ? Infinity : draft.returned * 1e6,
    }));
}
