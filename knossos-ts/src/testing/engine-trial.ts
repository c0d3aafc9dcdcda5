/**
 * One small history through one of the structural engines and through brute force. The engine must agree wherever it
 * decides, its witness must be legal, and its counterexample must be a proof by itself.
 */
import { placeOf } from '../engines/chain-zone/from-operations.ts';
import { RegisterJudge } from '../engines/chain-zone/judge.ts';
import { registerFunctions } from '../engines/chain-zone/register-columns.ts';
import type { Judgement } from '../engines/judgement.ts';
import { listPlaceOf } from '../engines/list-append/from-operations.ts';
import { judgeListAppend } from '../engines/list-append/judge.ts';
import { hasLegalOrder } from '../explain/brute-force.ts';
import type { Operation, Value } from '../history/operation.ts';
import { models, type ModelName } from '../models/catalogue.ts';
import type { Model } from '../models/model.ts';
import type { Counterexample } from '../verdict.ts';
import { must, mustBeLegalOrder } from './legal-order.ts';
import { randomHistory } from './random-history.ts';
import type { Random } from './seeded.ts';
import { listHistory, registerHistory, type Drawn } from './structured-histories.ts';

export interface Trial {
  readonly legal: boolean;
  /** Undefined where the engine leaves it undecided. */
  readonly decided: boolean | undefined;
  /** The engine's name for the violation, and what is said of it. */
  readonly flaw: string | undefined;
  readonly sentence: string | undefined;
}

export interface Contestant {
  /** Every kind of violation that its histories hold. */
  readonly flaws: readonly string[];
  readonly draw: (random: Random) => Drawn;
  readonly model: (initial: Value) => Model<unknown>;
  readonly judge: (model: Model<unknown>, drawn: Drawn) => Judgement;
}

const zones = ['thin-air', 'order', 'two-forward', 'backward-in-forward'];
const chains = [...zones, 'contradiction', 'lost-update', 'cas-cycle'];

const register = (name: ModelName, functions: readonly string[], flaws: readonly string[]): Contestant => ({
  flaws,
  draw: (random) => registerHistory(random, functions),
  model: models[name],
  judge: (model, { operations }) => judgeRegister(model as Model<Value>, name, operations),
});

/** Values collide, so that chain-zone leaves most to the attempt. */
const attempted = (name: ModelName, flaws: readonly string[]): Contestant => ({
  flaws,
  draw: (random) => randomHistory(name, random),
  model: models[name],
  judge: (model, { operations }) => tryRegister(model as Model<Value>, name, operations),
});

/** By engine and model. */
export const contestants: { readonly [name: string]: Contestant } = {
  'chain-zone:register': register('register', ['read', 'read', 'write', 'write', 'delete'], zones),
  'chain-zone:unique': register('cas-register', ['read', 'read', 'write', 'cas', 'cas'], chains),
  'chain-zone:chains': register('cas-register', ['read', 'cas', 'cas', 'cas', 'write'], chains),
  'chain-zone:put-if-absent': register(
    'put-if-absent',
    ['read', 'read', 'write', 'insert', 'insert', 'delete'],
    [...zones, 'contradiction', 'lost-update'],
  ),
  'attempt:register': attempted('register', ['thin-air', 'order']),
  'attempt:cas-register': attempted('cas-register', ['thin-air', 'order']),
  'attempt:put-if-absent': attempted('put-if-absent', ['thin-air', 'order']),
  'list-append': {
    flaws: ['thin-air', 'lost-beginning', 'duplicate', 'incompatible', 'order'],
    draw: listHistory,
    model: models['list-append'],
    judge: (model, { initial, operations }) => finish(judgeListAppend(listPlaceOf(model, initial, operations))),
  },
};

function judgeRegister(model: Model<Value>, name: string, history: readonly Operation[]): Judgement {
  const { place, initial } = placeOf(model, registerFunctions[name] ?? new Set(), history);
  return finish(new RegisterJudge().judge(place, initial));
}

/** What chain-zone leaves undecided is tried once more. */
export function tryRegister(model: Model<Value>, name: string, history: readonly Operation[]): Judgement {
  const { place, initial } = placeOf(model, registerFunctions[name] ?? new Set(), history);
  const judge = new RegisterJudge();
  const judgement = finish(judge.judge(place, initial));
  return judgement.kind === 'undecided' ? finish(judge.tryOrder(place)) : judgement;
}

function finish<T>(pieces: Generator<void, T>): T {
  for (;;) {
    const step = pieces.next();
    if (step.done === true) return step.value;
  }
}

/** @throws Error that says what is wrong. */
export function tryOut(contestant: Contestant, random: Random): Trial {
  const drawn = contestant.draw(random);
  const { operations, initial } = drawn;
  const model = contestant.model(initial);
  const legal = hasLegalOrder(model, operations);
  const judgement = contestant.judge(model, drawn);
  if (judgement.kind === 'undecided') {
    return { legal, decided: undefined, flaw: undefined, sentence: undefined };
  }
  must(legal === (judgement.kind === 'legal'), () => `it is ${judgement.kind}, by brute force legal: ${legal}`);
  if (judgement.kind === 'legal') {
    const order = judgement.witness().map((number) => operations[number] as Operation);
    mustBeLegalOrder(model, operations, order);
    return { legal, decided: true, flaw: undefined, sentence: undefined };
  }
  const counterexample = judgement.explain();
  mustBeProof(model, operations, counterexample);
  return { legal, decided: false, flaw: judgement.flaw, sentence: counterexample.sentence };
}

function mustBeProof(model: Model<unknown>, history: readonly Operation[], story: Counterexample): void {
  const { operations, cut, verified, impossible, rejected, order } = story;
  must(verified, () => `it is not verified: ${story.sentence}`);
  must(cut !== undefined || !hasLegalOrder(model, operations), () => 'it is no proof');
  must(
    operations.every((one) => history.includes(one)),
    () => 'it is about something else',
  );
  must(rejected.operation === impossible, () => 'two operations are called impossible');
  const accused = operations.find(({ id }) => id === impossible);
  must(accused?.type === 'ok', () => 'the impossible operation need not have happened');
  must(!order.some(({ operation }) => operation === impossible), () => 'the impossible operation is in the order');
  must(
    /^[A-Z].*\.$/.test(story.sentence) && !story.sentence.includes('undefined'),
    () => `bad sentence: ${story.sentence}`,
  );
}
