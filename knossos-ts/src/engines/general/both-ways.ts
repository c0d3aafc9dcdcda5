/**
 * Depth first while that goes well, which is nearly always where a history is legal. Then, in turns, until one of them
 * has decided: windows around where it got stuck, breadth first, and depth first. So the whole costs a few times what
 * the best of them needs.
 */
import type { Operation } from '../../history/operation.ts';
import type { Model } from '../../models/model.ts';
import type { Reached, Search, SearchResult } from '../search.ts';
import { BreadthFirst } from './breadth-first.ts';
import { DepthFirst } from './depth-first.ts';
import { Moves } from './moves.ts';
import type { Plan } from './plan.ts';
import { States } from './states.ts';
import { UsedClasses } from './used-classes.ts';
import { Windows } from './windows.ts';

/** What a search that errs seldom needs, and more: so much, and so much per return. */
const workAlone = { atLeast: 100_000, perReturn: 60 };

const workPerTurn = 50_000;

type Turn = 'windows' | 'breadth' | 'depth';

export class BothWays implements Search {
  readonly #model: Model<unknown>;
  readonly #plan: Plan;
  readonly #states: States;
  readonly #used: UsedClasses;
  /** Some states are ruled out by what is called later. */
  readonly #foresees: boolean;
  readonly #depth: DepthFirst;
  #breadth: BreadthFirst | undefined;
  #windows: Windows | undefined;
  #turn: Turn = 'depth';
  /** What is left of the turn. */
  #left: number;

  constructor(model: Model<unknown>, plan: Plan) {
    this.#model = model;
    this.#plan = plan;
    this.#foresees = plan.outlook?.isViable !== undefined;
    this.#states = new States(model, plan.effects, plan.outlook);
    this.#used = new UsedClasses(plan.classes.length);
    this.#depth = new DepthFirst(this.#moves());
    this.#left = Math.max(workAlone.atLeast, plan.returns.length * workAlone.perReturn);
  }

  advance(work: number): SearchResult | undefined {
    const until = this.work + work;
    while (this.work < until) {
      const before = this.work;
      const result = this.#goOn(Math.min(until - before, this.#left));
      if (result !== undefined) return this.#foresees && !result.legal ? this.#ofAll() : result;
      this.#left -= this.work - before;
      if (this.#left <= 0 || this.work === before) this.#change();
    }
    return undefined;
  }

  #goOn(work: number): SearchResult | undefined {
    if (this.#turn === 'depth') return this.#depth.advance(work);
    if (this.#turn === 'breadth') {
      if (this.#breadth === undefined) {
        const moves = this.#moves();
        this.#breadth = new BreadthFirst(moves, 0, [moves.begin()]);
      }
      return this.#breadth.advance(work);
    }
    this.#windows ??= new Windows(this.#model, this.#plan, this.#states, this.#used);
    const { events } = this.reached;
    return this.#windows.hasMore(events) ? this.#windows.advance(work, events) : undefined;
  }

  /** What ruled out a state may have been called later than where every order ended. */
  #ofAll(): SearchResult {
    const { returns, operations } = this.#plan;
    return { legal: false, at: operations[returns.at(-1) as number] as Operation };
  }

  #change(): void {
    this.#turn = this.#turn === 'depth' ? 'windows' : this.#turn === 'windows' ? 'breadth' : 'depth';
    this.#left = workPerTurn;
  }

  #moves(): Moves {
    return new Moves(this.#model, this.#plan, this.#states, this.#used);
  }

  get work(): number {
    return this.#depth.work + (this.#breadth?.work ?? 0) + (this.#windows?.work ?? 0);
  }

  get bytes(): number {
    const all = [this.#depth, this.#breadth, this.#windows, this.#states, this.#used];
    return all.reduce((sum, one) => sum + (one?.bytes ?? 0), 0);
  }

  get reached(): Reached {
    return this.#further.reached;
  }

  order(work: number = Infinity): Operation[] | undefined {
    return this.#further.order(work);
  }

  /** Whichever got further; where one has found an order of all, that is the one. */
  get #further(): DepthFirst | BreadthFirst {
    const [depth, breadth] = [this.#depth, this.#breadth];
    return breadth !== undefined && breadth.reached.events > depth.reached.events ? breadth : depth;
  }
}
