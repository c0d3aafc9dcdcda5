/** An operation in a few characters: `write 42`, `read → 41`, `cas 1→2 refused: 3`, `enqueue 5 ?`. */
import type { Operation, Value } from '../history/operation.ts';
import { isList, showValue } from '../history/value.ts';

/** The question mark says that nobody knows whether it took effect. */
export function operationLabel(operation: Operation, longest: number = 28): string {
  const { type } = operation;
  const label = type === 'ok' ? withResult(operation) : `${withInput(operation)} ${type === 'info' ? '?' : 'failed'}`;
  return label.length > longest ? `${label.slice(0, longest - 1)}…` : label;
}

function withInput({ f, input }: Operation): string {
  if (f === 'cas' && isList(input) && input.length === 2) return `cas ${show(input[0])}→${show(input[1])}`;
  return input === null || isBlank(f, input) ? f : `${f} ${show(input)}`;
}

function withResult(operation: Operation): string {
  const { f, input, output } = operation;
  const before = withInput(operation);
  if (f === 'cas' || f === 'insert') return before + refusal(output);
  if (f === 'txn') return `${f} ${show(output)}`;
  return output === null && !tells.has(f) ? before : `${input === null ? f : before} → ${show(output)}`;
}

/** What is asked for a result, so that null is one. */
const tells: ReadonlySet<string> = new Set(['read', 'get', 'dequeue', 'contains']);

/** A transaction shows its reads when it has them. */
const isBlank = (f: string, input: Value): boolean => f === 'txn' && isList(input) && input.length === 0;

function refusal(output: Value): string {
  if (typeof output !== 'object' || output === null || isList(output)) return '';
  if (output['swapped'] !== false && output['inserted'] !== false) return '';
  return output['current'] === undefined ? ' refused' : ` refused: ${show(output['current'])}`;
}

const show = (value: Value | undefined): string => showValue(value ?? null);
