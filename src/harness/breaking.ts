/** The nemesis side of a run: the schedule says what to break and when, the environment breaks it, the journal hears. */
import { since } from '../core/time.ts';
import type { Cancel, Instant } from '../core/time.ts';
import type { World } from '../environments/environment.ts';
import type { Answer, Faults } from '../environments/faults.ts';
import type { FaultChange, FaultRecord, Schedule, ScheduleEffects, ScheduleInput } from '../nemesis/schedule.ts';
import type { Mark } from './marks.ts';

export interface BreakingPlan {
  readonly schedule: Schedule;
  readonly world: World;
  readonly faults: Faults;
  readonly mark: (mark: Mark) => void;
}

export class Breaking {
  readonly #plan: BreakingPlan;
  readonly #effects: ScheduleEffects;
  readonly #active = new Map<number, FaultRecord>();
  #unhealed = 0;
  #cancelWake: Cancel = () => {};
  #closed = false;
  #done: () => void = () => {};

  constructor(plan: BreakingPlan) {
    this.#plan = plan;
    const { faults } = plan;
    this.#effects = {
      begin: (id, fault) => faults.begin(id, fault, (answer) => this.#step({ kind: 'begun', id, answer })),
      end: (id) => faults.end(id, (answer) => this.#step({ kind: 'ended', id, answer })),
      inspect: (round, node) =>
        faults.inspect(node, (answer) => this.#step({ kind: 'inspected', round, node, answer })),
      wakeAt: (at) => this.#wakeAt(at),
      record: (change, record) => this.#record(change, record),
      done: () => {
        this.#cancelWake();
        this.#done();
      },
    };
  }

  /** In the order in which they began. */
  get active(): readonly FaultRecord[] {
    return [...this.#active.values()];
  }

  /** How many faults were ended and could not prove that they are undone. */
  get unhealed(): number {
    return this.#unhealed;
  }

  begin(): void {
    this.#step({ kind: 'tick' });
  }

  /** Heals everything; `done` is called when each fault has proved its end, or its end was given up. */
  stop(done: () => void): void {
    this.#done = done;
    this.#step({ kind: 'stop' });
  }

  close(): void {
    this.#closed = true;
    this.#cancelWake();
  }

  #step(input: ScheduleInput): void {
    if (!this.#closed) this.#plan.schedule.step(this.#plan.world.now(), input, this.#effects);
  }

  #wakeAt(at: Instant): void {
    this.#cancelWake();
    this.#cancelWake = this.#plan.world.after(since(this.#plan.world.now(), at), () => this.#step({ kind: 'tick' }));
  }

  #record(change: FaultChange, record: FaultRecord): void {
    const { id, nemesis, variant, targets, nodes, fault } = record;
    if (change === 'begin') {
      this.#active.set(id, record);
      return this.#plan.mark({ mark: 'begin', id, nemesis, variant, targets, nodes, fault });
    }
    const { kind } = fault;
    if (change === 'end') return this.#plan.mark({ mark: 'end', id, kind });
    if (change === 'ended') this.#active.delete(id);
    if (change === 'ended' && record.healed?.ok !== true) this.#unhealed++;
    this.#plan.mark({ mark: change, id, kind, ...words(change === 'begun' ? record.proof : record.healed) });
  }
}

const words = (answer: Answer<string> | null): { readonly held: boolean; readonly text: string } =>
  answer === null
    ? { held: false, text: 'No answer was given.' }
    : { held: answer.ok, text: answer.ok ? answer.value : answer.error };
