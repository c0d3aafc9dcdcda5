/**
 * The phases of a run, on whatever time the cluster's world keeps: set-up until the cluster serves, the main phase, a
 * liveness phase where the plan asks for one, healing with proof, a bounded quiescence, the final reads, peeks at every
 * node where the workload wants them, and the end mark. It is made of callbacks only, so that the same code drives a
 * simulation and real processes; every wait has a deadline, and a deadline that passes is a note in the history.
 */
import { seeded } from '../core/random.ts';
import type { Cancel, Duration, Instant } from '../core/time.ts';
import { inSeconds, plus, seconds, since } from '../core/time.ts';
import type { Cluster, World } from '../environments/environment.ts';
import type { Faults } from '../environments/faults.ts';
import { Schedule } from '../nemesis/schedule.ts';
import { assumptionsOf } from './assumptions.ts';
import { Breaking } from './breaking.ts';
import { type Guard, guardedFaults, guardedWorld } from './guarded.ts';
import { type Converging, beginConverging } from './converging.ts';
import { convergesWithin, longestWait, waitFor } from './converge-limit.ts';
import type { Journal } from './journal.ts';
import { LeaderWatch } from './leader-watch.ts';
import { Liveness } from './liveness.ts';
import { type Mark, markEvent } from './marks.ts';
import { News } from './news.ts';
import { type Operations, operationsOf } from './operations.ts';
import { asksIn, finalLimit, healLimit, quiesceLimit, setupLimit, tick, tickIn } from './pace.ts';
import { type Test, claimsOf } from './plan.ts';
import type { Phase, Progress } from './progress.ts';
import { recoversWithin } from './recovery.ts';
import { Standstill } from './standstill.ts';

export interface Drive {
  readonly test: Test;
  readonly cluster: Cluster;
  readonly journal: Journal;
  /** An abort heals, stops, and ends the run with what there is. */
  readonly signal: AbortSignal;
  /** Called at least about every 100 ms of the cluster's time. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** One run: `drive` begins it, and closes it when the cluster has stopped running. */
export class Driver {
  readonly #test: Test;
  readonly #cluster: Cluster;
  readonly #world: World;
  readonly #journal: Journal;
  readonly #signal: AbortSignal;
  readonly #onProgress: (progress: Progress) => void;
  readonly #news: News;
  readonly #watch: LeaderWatch;
  readonly #operations: Operations;
  readonly #breaking: Breaking;
  readonly #faults: Faults;
  #liveness: Liveness | null = null;
  readonly #finish: () => void;
  #phase: Phase = 'setup';
  #deadline: Instant;
  readonly #standstill: Standstill;
  #ticks = 0;
  #interrupted = false;
  #mustRecover = false;
  /** Timers that are left behind keep a real process alive. */
  #cancelLimit: Cancel = () => {};
  #cancelTick: Cancel = () => {};
  #converging: Converging | null = null;
  /** What has to end before the phase can: the operations in flight, the faults. */
  #pending = 0;

  constructor({ test, cluster, journal, signal, onProgress }: Drive, safe: Guard, finish: () => void) {
    const faults = guardedFaults(cluster, safe);
    const world = guardedWorld(cluster, safe);
    this.#faults = faults;
    this.#test = test;
    this.#cluster = cluster;
    this.#world = world;
    this.#journal = journal;
    this.#signal = signal;
    this.#onProgress = onProgress ?? (() => {});
    this.#finish = finish;
    this.#standstill = new Standstill(world.now(), tick);
    this.#deadline = plus(world.now(), setupLimit);
    this.#news = new News(cluster, (mark) => this.#mark(mark));
    this.#watch = new LeaderWatch(cluster.nodes, faults, ({ node, term }) =>
      this.#mark({ mark: 'leader', node, term }),
    );
    this.#operations = this.#makeOperations();
    const { selections, plan } = test;
    const random = seeded(plan.seed).fork('nemesis');
    const { nodes } = cluster;
    const assumes = assumptionsOf(claimsOf(test));
    const schedule = new Schedule({ selections, nodes, interval: plan.nemesisInterval, random, assumes });
    this.#breaking = new Breaking({ schedule, world, faults, mark: (mark) => this.#mark(mark) });
  }

  begin(): void {
    this.#tick();
  }

  /** After the cluster has stopped running, when it has noticed every exit of a node: what it found, and the end mark. */
  close(): void {
    this.#news.tell();
    const { counters } = this.#watch;
    if (counters !== null) this.#mark({ mark: 'counters', counters });
    this.#mark({ mark: 'phase', phase: 'end', interrupted: this.#interrupted, trace: this.#cluster.trace() });
    this.#journal.flush();
  }

  #makeOperations(): Operations {
    return operationsOf(this.#test, this.#cluster.nodes, {
      world: this.#world,
      append: (entry) => this.#journal.append(entry),
      finding: (text) => this.#find('client', '', this.#world.now(), text),
      ended: (operation) => this.#liveness?.ended(operation),
    });
  }

  #mark(mark: Mark): Instant {
    const now = this.#world.now();
    this.#journal.append(markEvent(now, mark));
    return now;
  }

  #enter(phase: Exclude<Phase, 'setup' | 'end'>, limit: Duration): void {
    this.#phase = phase;
    this.#deadline = plus(this.#world.now(), limit);
    this.#mark({ mark: 'phase', phase });
  }

  #tick(): void {
    this.#putOff();
    this.#operations.sweep();
    if (asksIn(this.#phase, this.#ticks++)) this.#watch.poll();
    if (this.#signal.aborted) this.#interrupted = true;
    this.#news.tell();
    if (this.#news.environmentFailed) this.#interrupted = true;
    this.#journal.flush();
    this.#report();
    if (this.#news.environmentFailed) this.#end();
    else this.#advance();
    if (this.#phase !== 'end') this.#cancelTick = this.#world.after(tickIn(this.#phase), () => this.#tick());
  }

  /**
   * Nobody is late for the time in which nobody looked. The main phase waits for nothing, and ends when it would have
   * ended anyway.
   */
  #putOff(): void {
    const lost = this.#standstill.before(this.#world.now());
    if (lost === 0 || this.#phase === 'main') return;
    this.#deadline = plus(this.#deadline, lost);
    this.#converging?.putOff(lost);
    this.#liveness?.putOff(lost);
  }

  #find(kind: string, node: string, at: Instant, text: string): void {
    this.#mark({ mark: 'finding', kind, node, at, text });
  }

  #report(): void {
    this.#onProgress({
      phase: this.#phase,
      counts: this.#operations.counts,
      active: this.#breaking.active.map(({ fault, targets }) => `${fault.kind} ${targets}`),
      left: this.#phase === 'main' ? Math.max(0, inSeconds(since(this.#world.now(), this.#deadline))) : 0,
    });
  }

  #advance(): void {
    const late = this.#world.now() >= this.#deadline;
    switch (this.#phase) {
      case 'setup':
        if (this.#interrupted) return this.#end();
        if (this.#isReady(late, 'The cluster was not ready when the run began')) this.#main();
        return;
      case 'main':
        if (this.#interrupted) return this.#heal();
        if (late) this.#demandProgress();
        return;
      case 'liveness':
        return this.#watchProgress();
      case 'heal':
        if (late) this.#giveUp('The faults were not healed in time');
        return;
      case 'quiesce':
        if (this.#interrupted) return this.#end();
        if (this.#isReady(late, 'The cluster did not recover in time', this.#mustRecover)) this.#final();
        return;
      case 'final':
        if (this.#interrupted || late) this.#stopFinal(late);
        return;
      case 'converge':
        if (this.#interrupted || (late && this.#converging?.goesOn(this.#world.now()) !== true)) this.#end();
        return;
      case 'end':
    }
  }

  #isReady(late: boolean, complaint: string, isFinding = false): boolean {
    const state = this.#watch.ready();
    if (state.ready || !late) return state.ready;
    if (isFinding) this.#find('liveness', '', this.#world.now(), `${complaint}: ${state.why}.`);
    else this.#mark({ mark: 'note', text: `${complaint}: ${state.why}.` });
    return true;
  }

  #main(): void {
    this.#enter('main', this.#test.plan.timeLimit);
    this.#pending = 2;
    this.#operations.begin(() => this.#settled());
    this.#breaking.begin();
    this.#cancelLimit = this.#world.after(this.#test.plan.timeLimit, () => this.#advance());
  }

  /** Operations go on: what must succeed is a part of them. */
  #demandProgress(): void {
    const [test, faults, breaking, world] = [this.#test, this.#faults, this.#breaking, this.#world];
    const { nodes } = this.#cluster;
    this.#liveness = Liveness.of({ test, nodes, faults, breaking, world, mark: (mark) => this.#mark(mark) });
    if (this.#liveness === null) return this.#heal();
    this.#enter('liveness', seconds(0));
    this.#liveness.begin();
  }

  #watchProgress(): void {
    const state = this.#liveness?.state(this.#interrupted) ?? 'over';
    if (state === 'over') this.#heal();
    if (state === 'stuck') this.#giveUp('The faults were not healed in time');
  }

  #heal(): void {
    this.#enter('heal', healLimit);
    const healed = (): void => {
      this.#operations.stop();
      this.#settled();
    };
    if (this.#liveness !== null) return this.#liveness.heal(healed);
    this.#operations.stop();
    this.#breaking.stop(() => this.#settled());
  }

  /** Operations or faults of the main phase have come to rest. */
  #settled(): void {
    if (--this.#pending === 0 && this.#phase === 'heal') this.#quiesce();
  }

  #quiesce(): void {
    const promised = recoversWithin(this.#test, this.#cluster);
    this.#mustRecover = promised !== null && this.#breaking.active.length === 0 && this.#breaking.unhealed === 0;
    this.#enter('quiesce', promised ?? quiesceLimit);
    this.#watch.forget();
  }

  #final(): void {
    this.#enter('final', finalLimit);
    this.#operations.final(() => this.#converge());
  }

  #converge(): void {
    if (this.#test.workload.peeks !== true || this.#interrupted) return this.#end();
    const { nodes } = this.#cluster;
    this.#enter('converge', waitFor(convergesWithin(claimsOf(this.#test), this.#operations.keys.length)));
    const [world, faults, keys] = [this.#world, this.#faults, this.#operations.keys];
    const until = plus(world.now(), longestWait);
    this.#converging = beginConverging({
      nodes,
      keys,
      world,
      faults,
      until,
      mark: (mark) => this.#mark(mark),
      done: () => this.#end(),
    });
  }

  #stopFinal(late: boolean): void {
    if (late) this.#mark({ mark: 'note', text: 'The final reads were not done in time.' });
    this.#deadline = plus(this.#world.now(), finalLimit);
    this.#operations.stop();
  }

  #giveUp(complaint: string): void {
    this.#mark({ mark: 'note', text: `${complaint}.` });
    this.#end();
  }

  #end(): void {
    if (this.#phase === 'end') return;
    this.#phase = 'end';
    this.#cancelLimit();
    this.#cancelTick();
    this.#converging?.stop();
    this.#operations.close();
    this.#breaking.close();
    this.#report();
    this.#finish();
  }
}
