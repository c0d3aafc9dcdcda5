/**
 * A lock without owners, as in Knossos: `acquire` is legal while it is free, `release` while it is held, by whomever.
 * An acquire whose result is false was turned away because the lock was held, which is an observation.
 */
import type { Operation, Value } from '../history/operation.ts';
import { showValue } from '../history/value.ts';
import { malformed, unknownFunction } from './malformed.ts';
import { Rejection, type Model, type Words } from './model.ts';

export type Lock = 'free' | 'held';

/** Held from the beginning where `initial` is `held` or true; free where it is `free`, false or null. */
export const mutex = (initial: Value): Model<Lock> => ({
  name: 'mutex',
  init: lockOf(initial),
  step,
  key: (state) => state,
  readOnly: wasTurnedAway,
  overwrites: true,
  leaves: ({ f }) => (f === 'acquire' ? 'held' : 'free'),
  describe: (state) => state,
  words: mutexWords,
});

function lockOf(initial: Value): Lock {
  if (initial === 'held' || initial === true) return 'held';
  if (initial === 'free' || initial === false || initial === null) return 'free';
  throw new Error(`A mutex begins held (true) or free (false), not with ${showValue(initial)}`);
}

export function wasTurnedAway(operation: Operation): boolean {
  if (operation.f !== 'acquire' || operation.type !== 'ok') return false;
  if (operation.output === null || typeof operation.output === 'boolean') return operation.output === false;
  throw malformed(operation, 'the result of an acquire', 'null, true or false', operation.output);
}

function step(state: Lock, operation: Operation): Lock | Rejection {
  if (operation.f === 'release') {
    return state === 'held'
      ? 'free'
      : new Rejection(() => 'the lock is free here, and only a held one can be released');
  }
  if (operation.f !== 'acquire') throw unknownFunction(operation, 'A mutex', 'acquire and release');
  if (wasTurnedAway(operation)) {
    return state === 'held' ? state : new Rejection(() => 'the lock is free here, and the acquire was turned away');
  }
  return state === 'free' ? 'held' : new Rejection(() => 'the lock is held here, and an acquire needs it free');
}

export const mutexWords: Words = {
  state: 'lock',
  noun: (operation) => (wasTurnedAway(operation) ? 'refused acquire' : operation.f),
  deed: (operation, on) => {
    if (operation.f === 'release') return `released the lock${on}`;
    return wasTurnedAway(operation) ? `was turned away from the lock${on}` : `acquired the lock${on}`;
  },
  perfect: (operation, on) =>
    wasTurnedAway(operation) ? `been turned away from the lock${on}` : mutexWords.deed(operation, on),
};
