/**
 * The second opinion on a counterexample: finds again, in the operations alone, what each step of a circle says, and
 * that each transaction in it happened. It shares no code with the check, and looks at the whole history for each
 * question, which is slow and simple.
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, sameValue, showValue } from '../history/value.ts';
import type { DirectAnomaly, TransactionEdge } from './anomalies.ts';
import type { TransactionModel } from './models.ts';

/** `history`: all operations that were given to the check. */
export function verifyCircle(
  model: TransactionModel,
  cycle: readonly TransactionEdge[],
  history: readonly Operation[],
  initial: Value,
): boolean {
  const isRound = cycle.every(({ to }, place) => to === cycle[(place + 1) % cycle.length]?.from);
  const allowed = cycle.every(
    ({ rule }) =>
      (rule !== 'realtime' || model === 'strict-serializable') && (rule !== 'process' || model !== 'serializable'),
  );
  const second = new SecondLook(history, initial);
  return cycle.length > 1 && isRound && allowed && cycle.every((edge) => second.holds(edge));
}

/** What is wrong without a circle: the last operation, or the last two, are those that the story is about. */
export function verifyAlone(
  anomaly: DirectAnomaly,
  story: readonly Operation[],
  history: readonly Operation[],
  initial: Value,
): boolean {
  const [one, other] = story.slice(-2);
  const last = story.at(-1);
  const second = new SecondLook(history, initial);
  if (anomaly === 'lost-update' || anomaly === 'duplicate-version')
    return one !== undefined && other !== undefined && second.bothReplaced(one, other);
  if (last === undefined) return false;
  return second.isUnexplained(last) || (anomaly === 'internal' && contradictsItself(last));
}

class SecondLook {
  readonly #history: readonly Operation[];
  readonly #initial: Value;
  /** By key, as text: who may have written it. */
  readonly #writers = new Map<string, Writer[]>();

  constructor(history: readonly Operation[], initial: Value) {
    this.#history = history.filter(({ type }) => type !== 'fail');
    this.#initial = initial;
    for (const operation of this.#history)
      for (const key of keysIn(operation)) {
        const writers = this.#writers.get(showValue(key)) ?? [];
        this.#writers.set(showValue(key), writers);
        const writer = writerOf(operation, key);
        if (writer !== undefined && writers.at(-1)?.operation !== operation) writers.push(writer);
      }
  }

  holds({ from, to, rule }: TransactionEdge): boolean {
    const [first, second] = [this.#find(from), this.#find(to)];
    if (first === undefined || second === undefined || first === second) return false;
    if (!this.#happened(first, []) || !this.#happened(second, [])) return false;
    if (rule === 'process') return first.process === second.process && first.called < second.called;
    if (rule === 'realtime') return first.returned < second.called;
    if (rule === 'rw') return keysIn(first).some((key) => this.#missed(first, second, key));
    const keys = keysIn(second).filter((key) => this.#saw(second, first, key));
    return rule === 'wr' ? keys.length > 0 : keys.some((key) => writtenTo(second, key) !== undefined);
  }

  /** Both happened, and wrote over the same version of a key. */
  bothReplaced(one: Operation, other: Operation): boolean {
    if (one === other || !this.#happened(one, []) || !this.#happened(other, [])) return false;
    return keysIn(one).some((key) => writtenTo(one, key) !== undefined && this.#missed(one, other, key));
  }

  /** It happened, and saw what neither was there before all nor can have been written by any other. */
  isUnexplained(observer: Operation): boolean {
    if (!this.#happened(observer, [])) return false;
    return keysIn(observer).some((key) => {
      const seen = seenBy(observer, key);
      if (seen === undefined || this.#mayBeInitial(seen)) return false;
      return this.#makersOf(seen, key, observer).length === 0;
    });
  }

  /** Who may have made what was seen, the observer left out. */
  #makersOf(seen: Seen, key: Value, observer: Operation | null): readonly Operation[] {
    const writers = this.#writers.get(showValue(key)) ?? [];
    const may = writers.filter((writer) => writer.operation !== observer && mayHaveMade(writer, seen));
    return may.map(({ operation }) => operation);
  }

  #find(id: number): Operation | undefined {
    return this.#history.find((operation) => operation.id === id);
  }

  /**
   * It was acknowledged, or one that happened saw what it wrote. `asked`: those of which it is being asked already, which
   * prove nothing.
   */
  #happened(operation: Operation, asked: readonly Operation[]): boolean {
    if (operation.type === 'ok') return true;
    if (asked.includes(operation)) return false;
    const now = [...asked, operation];
    return this.#history.some(
      (other) =>
        other !== operation &&
        keysIn(other).some((key) => {
          const [seen, writer] = [seenBy(other, key), writerOf(operation, key)];
          if (seen === undefined || writer === undefined || !mayHaveMade(writer, seen)) return false;
          return this.#saw(other, operation, key, now);
        }) &&
        this.#happened(other, now),
    );
  }

  /** The two saw the same version of the key, and the second replaced it. */
  #missed(first: Operation, second: Operation, key: Value): boolean {
    if (writtenTo(second, key) === undefined) return false;
    const [one, other] = [seenBy(first, key), seenBy(second, key)];
    if (one === undefined || other === undefined) return false;
    if (one.version !== undefined && one.version === other.version) return true;
    if (this.#sawInitial(one, key) && this.#sawInitial(other, key)) return true;
    const makers = this.#makersOf(one, key, first).filter((maker) => maker !== second);
    return makers.some((maker) => this.#saw(first, maker, key) && this.#saw(second, maker, key));
  }

  #mayBeInitial({ value, version }: Seen): boolean {
    return (version ?? 0) === 0 && (value === undefined || sameValue(value, this.#initial));
  }

  /** It was what was there before all, and cannot have been a write. */
  #sawInitial(seen: Seen, key: Value): boolean {
    return this.#mayBeInitial(seen) && this.#makersOf(seen, key, null).length === 0;
  }

  /**
   * What it saw of the key is what this one wrote: no other can have written it, or this one happened by other evidence,
   * and two cannot have made one version.
   */
  #saw(observer: Operation, maker: Operation, key: Value, asked: readonly Operation[] = []): boolean {
    const seen = seenBy(observer, key);
    if (seen === undefined || this.#mayBeInitial(seen)) return false;
    const may = this.#makersOf(seen, key, observer);
    if (may.length === 1) return may[0] === maker;
    return seen.version !== undefined && may.includes(maker) && this.#happened(maker, asked);
  }
}

/** Who writes a key: what, and over which version, where it says so. */
interface Writer {
  readonly operation: Operation;
  readonly value: Value;
  readonly over: number | undefined;
}

function writerOf(operation: Operation, key: Value): Writer | undefined {
  const written = writtenTo(operation, key);
  if (written === undefined) return undefined;
  return { operation, value: written.value, over: seenBy(operation, key)?.version };
}

const mayHaveMade = (writer: Writer, { value, version }: Seen): boolean =>
  (writer.over === undefined || version === undefined || version === writer.over + 1) &&
  (value === undefined || sameValue(writer.value, value));

interface Seen {
  readonly value?: Value;
  readonly version?: number;
}

const fieldOf = (value: Value, name: string): Value | undefined =>
  typeof value === 'object' && value !== null && !isList(value) ? value[name] : undefined;

const rowsOf = (value: Value | undefined): readonly (readonly Value[])[] =>
  value !== undefined && isList(value) ? value.map((row) => (isList(row) ? row : [])) : [];

function keysIn({ f, key, input }: Operation): readonly Value[] {
  return f === 'read' ? [key] : rowsOf(input).map(([, of = null]) => of);
}

const isRefused = ({ output }: Operation): boolean => fieldOf(output, 'committed') === false;

function writtenTo(operation: Operation, key: Value): { readonly value: Value } | undefined {
  if (operation.f !== 'txn' || isRefused(operation)) return undefined;
  const row = rowsOf(operation.input).findLast(([f, of = null]) => f === 'w' && sameValue(of, key));
  return row === undefined ? undefined : { value: row[2] ?? null };
}

/** What it says about the key: the version from compares, the value from reads. */
function seenBy(operation: Operation, key: Value): Seen | undefined {
  const { f, type, input, output } = operation;
  if (f === 'read') return type === 'ok' && sameValue(operation.key, key) ? { value: output } : undefined;
  const rows = isRefused(operation) ? rowsOf(fieldOf(output, 'current')) : rowsOf(input);
  const compared = rows.find(([what, of = null]) => what === 'c' && sameValue(of, key))?.[2];
  const version = typeof compared === 'number' ? { version: compared } : {};
  const answered = type === 'ok' && !isRefused(operation) ? rowsOf(fieldOf(output, 'parts') ?? output) : [];
  const read = answered.find(([what, of = null]) => what === 'r' && sameValue(of, key))?.[2];
  if (read === undefined) return compared === undefined ? undefined : version;
  const number = fieldOf(read, 'version');
  const value = fieldOf(read, 'value');
  if (value === undefined || typeof number !== 'number') return { value: read, ...version };
  return { value, version: number };
}

/** It says two things about one key, or was refused although all that it compared was there. */
function contradictsItself(operation: Operation): boolean {
  const { input, output } = operation;
  const compared = rowsOf(input).filter(([f]) => f === 'c');
  if (isRefused(operation)) {
    const told = rowsOf(fieldOf(output, 'current'));
    return compared.every(([, key = null, version]) =>
      told.some(([, of = null, is]) => sameValue(of, key) && is === version),
    );
  }
  const read = rowsOf(fieldOf(output, 'parts') ?? output).filter(([f]) => f === 'r');
  const said = [...compared, ...read].map(([f, key = null, what = null]) =>
    f === 'c'
      ? { key, version: what, value: undefined }
      : { key, version: fieldOf(what, 'version'), value: fieldOf(what, 'value') ?? what },
  );
  return said.some((one) =>
    said.some(
      (other) =>
        sameValue(one.key, other.key) &&
        ((one.version !== undefined && other.version !== undefined && one.version !== other.version) ||
          (one.value !== undefined && other.value !== undefined && !sameValue(one.value, other.value))),
    ),
  );
}
