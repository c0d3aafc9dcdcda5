/**
 * What a node holds: of each key the newest version that it has heard of, and hints for the replicas that may have
 * missed one. Both survive a crash: they are persisted in the step that changes them, and the host releases nothing
 * that the step says before that is durable.
 *
 * That is also why a coordinator may count its own replica at once: whoever learns of the quorum learns of it when this
 * node's part is on disk; and if the crash comes first, nobody ever heard of it.
 *
 * A version is only ever replaced by a newer one. So it does not matter how late, how often or in which order stores
 * arrive, nor who sends them: retries, hand-off, anti-entropy and read repair can all say the same thing twice.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Effects } from '../../src/protocol/protocol.ts';
import type { Held, QuorumDialect, QuorumRecord, Version } from './dialect.ts';
import type { Settings } from './settings.ts';
import { compare, isNewer } from './stamps.ts';

type Disk = Pick<Effects<QuorumDialect>, 'persist' | 'compact'>;

export class Replica {
  readonly #settings: Settings;
  readonly #versions = new Map<string, Version>();
  /** By the node that they are for, then by key. */
  readonly #hints = new Map<NodeId, Map<string, Held>>();
  /** How many records the log holds. */
  #records = 0;

  constructor(settings: Settings, records: Iterable<QuorumRecord>) {
    this.#settings = settings;
    for (const record of records) {
      this.#records++;
      if (record.kind === 'hint') this.#hintsFor(record.to).set(record.key, record);
      else if (record.kind === 'handed-off') this.#hints.get(record.to)?.delete(record.key);
      else if (!settings.mistakes.has('forget-on-restart')) {
        const { key, stamp, value } = record;
        this.#versions.set(key, { key, stamp, value });
      }
    }
  }

  versionOf(key: string): Version | null {
    return this.#versions.get(key) ?? null;
  }

  get keyCount(): number {
    return this.#versions.size;
  }

  /** In the order of their names, so that replicas can compare what they hold range by range. */
  keys(): readonly string[] {
    return [...this.#versions.keys()].toSorted();
  }

  get hintCount(): number {
    let count = 0;
    for (const hints of this.#hints.values()) count += hints.size;
    return count;
  }

  /** Takes the version in unless it has a newer one, or just this. */
  take(version: Version, disk: Disk): void {
    if (isNewer(version, this.versionOf(version.key))) this.#replace(version, disk);
  }

  /** The same for what read repair and anti-entropy bring. */
  takeRepair(version: Version, disk: Disk): void {
    if (this.#settings.mistakes.has('repair-with-older')) this.#replace(version, disk);
    else this.take(version, disk);
  }

  /** Remembers that the node may lack this version of the key; of several the newest is enough. */
  hint(to: NodeId, { key, stamp }: Held, disk: Disk): void {
    const hints = this.#hintsFor(to);
    if (!isNewer({ key, stamp }, hints.get(key) ?? null)) return;
    hints.set(key, { key, stamp });
    this.#write({ kind: 'hint', to, key, stamp }, disk);
  }

  /** The node holds this version or a newer one. A hint for a still newer one stays. */
  settleHint(to: NodeId, { key, stamp }: Held, disk: Disk): void {
    const hints = this.#hints.get(to);
    const hint = hints?.get(key);
    if (hints === undefined || hint === undefined || compare(hint.stamp, stamp) > 0) return;
    hints.delete(key);
    this.#write({ kind: 'handed-off', to, key }, disk);
  }

  /**
   * Some of the versions that the node may lack. Every node is a replica of every key, so that the holder of a hint
   * holds the version, too, or a newer one, which will do as well.
   */
  owedTo(to: NodeId, most: number): readonly Version[] {
    const keys = [...(this.#hints.get(to)?.keys() ?? [])].slice(0, most);
    return keys.flatMap((key) => this.versionOf(key) ?? []);
  }

  #replace(version: Version, disk: Disk): void {
    this.#versions.set(version.key, version);
    this.#write({ kind: 'version', ...version }, disk);
  }

  #hintsFor(to: NodeId): Map<string, Held> {
    const hints = this.#hints.get(to) ?? new Map<string, Held>();
    this.#hints.set(to, hints);
    return hints;
  }

  /** When the log has grown by `compactEvery` records beyond what counts, it begins anew with that. */
  #write(record: QuorumRecord, disk: Disk): void {
    disk.persist(record);
    this.#records++;
    if (this.#records < this.keyCount + this.hintCount + this.#settings.compactEvery) return;
    const versions = [...this.#versions.values()].map((version): QuorumRecord => ({ kind: 'version', ...version }));
    const hints = [...this.#hints].flatMap(([to, held]) =>
      [...held.values()].map(({ key, stamp }): QuorumRecord => ({ kind: 'hint', to, key, stamp })),
    );
    disk.compact([...versions, ...hints]);
    this.#records = versions.length + hints.length;
  }
}
