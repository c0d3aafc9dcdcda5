/**
 * Plays of planted bugs: one script for each, what the correct node and the one with the bug make of it, and the whole
 * course of both. The correct twin has the same options as the bug, as everywhere; a play may choose others.
 */
import type { Json } from '../../src/core/json.ts';
import type { Bug } from '../../src/protocol/system.ts';
import type { StageOptions } from './stage.ts';

export interface Play<S, B extends string> {
  readonly bug: B;
  readonly claim: string;
  readonly options?: StageOptions;
  readonly script: (stage: S) => Json;
  /** What the script answers with the correct node, and with the bug. */
  readonly right: Json;
  readonly wrong: Json;
}

export interface Performed {
  readonly right: Json;
  readonly wrong: Json;
  /** The course of both, for people. */
  readonly trace: string;
}

/** `isTold`: which lines of the course are of interest; all, if it is left out. */
export function perform<S extends { told(): string[] }, B extends string>(
  { bug, options, script }: Play<S, B>,
  bugs: readonly Pick<Bug, 'name' | 'options'>[],
  Stage: new (options: StageOptions) => S,
  isTold: (line: string) => boolean = () => true,
): Performed {
  const planted = bugs.find(({ name }) => name === bug)?.options ?? {};
  const values = { ...(planted as StageOptions['values']), ...options?.values };
  const correct = new Stage({ ...options, values, directions: true });
  const mistaken = new Stage({ ...options, values, directions: true, bug });
  const [right, wrong] = [script(correct), script(mistaken)];
  const told = (stage: S): readonly string[] => stage.told().filter(isTold);
  const trace = ['The correct node:', ...told(correct), '', `With the bug ${bug}:`, ...told(mistaken), ''].join('\n');
  return { right, wrong, trace };
}
