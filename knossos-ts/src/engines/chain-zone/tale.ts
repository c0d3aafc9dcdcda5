/** Proofs in words, where none of the common stories fits, because cas or unknown outcomes are between what was seen. */
import { deed, gap, knowledge, whose } from '../../explain/phrases.ts';
import { count, listed } from '../../explain/words.ts';
import type { Operation, Value } from '../../history/operation.ts';
import { showKey, showValue } from '../../history/value.ts';
import { observedValue, producedValue } from '../../models/register-values.ts';
import type { Counterexample } from '../../verdict.ts';
import type { Break } from './break.ts';

export interface Tale {
  readonly kind: Break['kind'];
  /** By invocation. */
  readonly operations: readonly Operation[];
  readonly accused: Operation;
  /** Those of which only the value that they made is used. */
  readonly cut: ReadonlySet<Operation>;
  /** As in `Certificate`; undefined for the initial write. */
  readonly pivots: readonly (Operation | undefined)[];
}

export function sentenceOf(tale: Tale): string {
  const [one, other, third, fourth] = tale.pivots;
  switch (tale.kind) {
    case 'contradiction':
      return `Process ${tale.accused.process} ${deed(tale.accused)}, which is what it expected.`;
    case 'thin-air':
      return thinAir(tale, one as Operation);
    case 'lost-update':
      return `${capital(whose(one as Operation))} and ${whose(other as Operation)} both replaced ${shown(observedValue(one as Operation))}${on(tale)}, which was there only once.`;
    case 'cas-cycle':
      return `${capital(listed(tale.pivots.map((cas) => whose(cas as Operation))))}${on(tale)} would each have to come after the other, because each replaced what only the other made.`;
    case 'order':
      return outOfOrder(tale, one as Operation, other as Operation);
    case 'two-forward':
    case 'backward-in-forward':
    default:
      return overlap(tale, [one, other as Operation], [third, fourth as Operation]);
  }
}

/** Why the one block cannot be before the other, and not the other way round either. */
export function alternativesInWords({ kind, pivots }: Tale): Counterexample['alternatives'] {
  if (kind !== 'two-forward' && kind !== 'backward-in-forward') return [];
  const [a, late, b, other] = pivots;
  return [
    { title: `${blockOf(late)} before ${blockOf(other)}`, why: obstacle(b, late as Operation) },
    { title: `${blockOf(other)} before ${blockOf(late)}`, why: obstacle(a, other as Operation) },
  ];
}

const blockOf = (operation: Operation | undefined): string =>
  `All that has to do with ${shown(operation && touched(operation))}`;

const obstacle = (early: Operation | undefined, late: Operation): string =>
  early === undefined
    ? `The value at the beginning was there before ${whose(late)} began.`
    : `${capital(whose(early))} was over ${gap(early.completedAt, late.invokedAt, 'before')} ${whose(late)} began.`;

function thinAir({ accused, operations }: Tale, first: Operation): string {
  const value = shown(observedValue(first));
  if (first === accused)
    return `Process ${accused.process} ${deed(accused)}, but nothing that can have made ${value} took effect.`;
  const between = operations.filter((operation) => operation !== accused).length;
  const through =
    between === 1 ? whose(first) : `${count(between)} operations in a row, ${whose(first)} the first of them,`;
  return `Process ${accused.process} ${deed(accused)}, which can only come from ${through}, but nothing that can have made ${value} took effect.`;
}

function outOfOrder({ operations }: Tale, late: Operation, high: Operation): string {
  const chain = operations.filter((operation) => operation !== late && operation !== high && operation.f !== 'read');
  const steps =
    chain.length === 0
      ? ''
      : `, by way of ${listed(chain.slice(0, 3).map((one) => whose(one)))}${chain.length > 3 ? ` and ${count(chain.length - 3)} more` : ''}`;
  const knower = high.process === late.process ? 'it' : `process ${high.process}`;
  const later = gap(high.completedAt, late.invokedAt, 'after');
  return `Process ${late.process} ${deed(late)}, ${later} ${knower} ${knowledge(high)}, which can only have come later${steps}.`;
}

type Ends = readonly [early: Operation | undefined, late: Operation];

function overlap(tale: Tale, [a, lateA]: Ends, [b, lateB]: Ends): string {
  const both = `${shown(touched(lateA))} and ${shown(touched(lateB))}`;
  if (a === undefined || b === undefined) {
    const [early, late] = a === undefined ? [b as Operation, lateA] : [a, lateB];
    return `${capital(over(early, late))}${on(tale)}, although ${shown(touched(late))} comes from the value at the beginning, and ${shown(touched(early))} can only have come after everything that does.`;
  }
  return `${capital(over(a, lateB))}, and ${over(b, lateA)}; so ${both}${on(tale)}, with what was made from them, would each have to come wholly before the other.`;
}

const over = (early: Operation, late: Operation): string => `${whose(early)} was over before ${whose(late)} began`;

const on = ({ accused: { key } }: Tale): string => (key === null ? '' : ` on key ${showKey(key)}`);

/** The value that an operation stands for: what it left, or what it met. */
const touched = (operation: Operation): Value | undefined => producedValue(operation) ?? observedValue(operation);

const shown = (value: Value | undefined): string => showValue(value ?? null);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
