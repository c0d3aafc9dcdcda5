/**
 * Random small histories of every model. Each operation gets an instant at which it happens on a real object, and one
 * in a few lies about what it saw there, so that histories are barely legal or barely illegal. Positions collide, and
 * so do values. Everything comes from one stream of random numbers, so that a seed repeats a history.
 */
import type { Operation, Value } from '../history/operation.ts';
import { models, type ModelName } from '../models/catalogue.ts';
import { Rejection } from '../models/model.ts';
import { repertoires, type Act } from './repertoires.ts';
import { below, pick, type Random } from './seeded.ts';

export interface Drawn {
  readonly initial: Value;
  readonly operations: readonly Operation[];
}

interface Draft {
  readonly act: Act;
  readonly type: Operation['type'];
  readonly happens: boolean;
  readonly lies: boolean;
  readonly called: number;
  readonly returned: number;
  readonly point: number;
}

/** Two to nine operations, by invocation. */
export function randomHistory(name: ModelName, random: Random): Drawn {
  const { initial, acts } = repertoires[name](random);
  const [span, honesty] = [2 + below(random, 13), pick(random, [2, 4, 8, 30])];
  const [info, fail] = [pick(random, [0, 0.2, 0.4]), pick(random, [0, 0.05])];
  const drafts = Array.from({ length: 2 + below(random, 8) }, (): Draft => {
    const called = below(random, span);
    const length = below(random, random() < 0.5 ? 3 : 9);
    const draw = random();
    return {
      act: acts(),
      type: draw < info ? 'info' : draw < info + fail ? 'fail' : 'ok',
      happens: random() < 0.5,
      lies: below(random, honesty) === 0,
      called,
      returned: called + length,
      point: called + (below(random, 5) / 4) * length,
    };
  });
  return { initial, operations: perform(name, initial, drafts, random) };
}

function perform(name: ModelName, initial: Value, drafts: readonly Draft[], random: Random): Operation[] {
  const model = models[name](initial);
  let state = model.init;
  const outputs = new Map<Draft, Value>();
  for (const draft of drafts.toSorted((one, other) => one.point - other.point)) {
    const { act, type } = draft;
    if (type === 'fail' || (type === 'info' && !draft.happens)) continue;
    const said = shuffled(random, act.outputs);
    const candidates = type === 'ok' ? said : [null];
    for (const output of candidates) {
      const next = model.step(state, operation(draft, 0, output));
      if (next instanceof Rejection) continue;
      outputs.set(draft, output);
      state = next;
      break;
    }
    if (draft.lies || !outputs.has(draft)) outputs.set(draft, pick(random, act.outputs));
  }
  return drafts
    .toSorted((one, other) => one.called - other.called)
    .map((draft, id) => operation(draft, id, draft.type === 'ok' ? (outputs.get(draft) ?? null) : null));
}

function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

const operation = ({ act, type, called, returned }: Draft, id: number, output: Value): Operation => ({
  id,
  process: id,
  f: act.f,
  key: act.key ?? null,
  input: act.input,
  type,
  output,
  called,
  returned: type === 'info' ? Infinity : returned,
  invokedAt: called * 1e6,
  completedAt: returned * 1e6,
});
