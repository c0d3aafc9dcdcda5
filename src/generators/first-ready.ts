/**
 * Asks several generators in an order that the caller gives: the first that has a call wins, otherwise they all wait
 * for the earliest of their instants. The idea behind mix, reserve and each-thread (jepsen.generator: any, soonest).
 */
import type { Instant } from '../core/time.ts';
import type { Generator, GeneratorContext, GeneratorStep } from './generator.ts';

/** Null: that one is done. */
export type Children = readonly (Generator | null)[];

export interface Parent {
  /** What a child sees; null when no thread of its own is free, so that it cannot be asked. */
  contextOf(child: number): GeneratorContext | null;
  /** The parent with these children. */
  with(children: Children): Generator;
}

export function firstReady(children: Children, order: readonly number[], parent: Parent): GeneratorStep {
  let asked = children;
  let until: Instant | 'event' | null = null;
  for (const index of order) {
    const child = asked[index] ?? null;
    if (child === null) continue;
    const context = parent.contextOf(index);
    if (context === null) {
      until ??= 'event';
      continue;
    }
    const step = child.next(context);
    asked = replaced(asked, index, step.kind === 'done' ? null : step.rest);
    if (step.kind === 'call') return { ...step, rest: parent.with(asked) };
    if (step.kind === 'wait') until = earlier(until, step.until);
  }
  return until === null ? { kind: 'done' } : { kind: 'wait', until, rest: parent.with(asked) };
}

/** The list with one child changed; the same list if it is the same child. */
export const replaced = (children: Children, index: number, child: Generator | null): Children =>
  children[index] === child ? children : children.with(index, child);

/** A generator is asked at every event, so an instant promises more than `event` does. */
const earlier = (one: Instant | 'event' | null, other: Instant | 'event'): Instant | 'event' => {
  if (one === null || one === 'event') return other;
  return other === 'event' || one < other ? one : other;
};
