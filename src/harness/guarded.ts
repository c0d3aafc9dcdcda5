/**
 * The run is made of callbacks: timers, replies, answers of the environment. A throw in one of them must end the run
 * and be told, wherever it happens, so every callback that the harness hands to a cluster goes through one guard.
 */
import type { Duration } from '../core/time.ts';
import type { Cluster, World } from '../environments/environment.ts';
import type { Done, Faults } from '../environments/faults.ts';

/** Calls the function; a throw goes to `failed`, and nothing is called after that. */
export type Guard = <Args extends readonly unknown[]>(callback: (...args: Args) => void) => (...args: Args) => void;

export function guard(failed: (error: unknown) => void): Guard {
  let broken = false;
  return (callback) =>
    (...args) => {
      if (broken) return;
      try {
        callback(...args);
      } catch (error) {
        broken = true;
        failed(error);
      }
    };
}

export const guardedWorld = ({ world }: Cluster, safe: Guard): World => ({
  now: () => world.now(),
  after: (delay: Duration, fire) => world.after(delay, safe(fire)),
  connect: (client, receiver) =>
    world.connect(client, {
      reply: safe((attempt, body) => receiver.reply(attempt, body)),
      undeliverable: safe((attempt, when, why) => receiver.undeliverable(attempt, when, why)),
    }),
});

export const guardedFaults = ({ faults }: Cluster, safe: Guard): Faults => {
  const answer = <T>(done: Done<T>): Done<T> => safe(done);
  return {
    kinds: faults.kinds,
    begin: (id, fault, done) => faults.begin(id, fault, answer(done)),
    end: (id, done) => faults.end(id, answer(done)),
    inspect: (node, done) => faults.inspect(node, answer(done)),
    peek: (node, key, done) => faults.peek(node, key, answer(done)),
  };
};
