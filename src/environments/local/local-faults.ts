/**
 * Faults on processes and on link proxies. What a node or link should be follows from the set of active faults alone,
 * so that overlapping faults may end in any order; each answer tells what was then observed.
 */
import type { NodeId } from '../../core/ids.ts';
import { messageOf } from '../../core/errors.ts';
import type { Inspection } from '../../core/inspection.ts';
import type { Json } from '../../core/json.ts';
import type { Answer, Done, Fault, FaultId, FaultKind, Faults, Link } from '../faults.ts';
import { nodesOf } from '../faults.ts';
import { openLinks } from '../link-proof.ts';
import type { Membership } from '../membership.ts';
import type { Control } from './control.ts';
import { LinkProver } from './link-prover.ts';
import type { Links } from './links.ts';
import { linkName } from './links.ts';
import type { LocalNode, Wanted } from './local-node.ts';
import { inTime } from './waiting.ts';

export const localFaultKinds: ReadonlySet<FaultKind> = new Set(['partition', 'kill', 'pause', 'membership']);

/** Milliseconds within which a fault answers, come what may. Starting a node on a loaded machine takes longest. */
const patience = 20_000;

export interface LocalParts {
  readonly nodes: ReadonlyMap<NodeId, LocalNode>;
  readonly links: Links;
  readonly control: Control;
  readonly membership: (faults: Faults) => Membership;
}

export class LocalFaults implements Faults {
  readonly kinds: ReadonlySet<FaultKind> = localFaultKinds;
  readonly #parts: LocalParts;
  readonly #active = new Map<FaultId, Fault>();
  readonly #ending = new Set<FaultId>();
  readonly #prover: LinkProver;
  readonly #members: Membership;

  constructor(parts: LocalParts) {
    this.#parts = parts;
    this.#members = parts.membership(this);
    this.#prover = new LinkProver({
      links: parts.links,
      control: parts.control,
      isWell: (node) => parts.nodes.get(node)?.well ?? false,
      isCut: (link) => this.#cutLinks().has(linkName(link)),
    });
  }

  /** What the active faults want of a node. */
  wanted(node: NodeId): Wanted {
    const under = (kind: 'kill' | 'pause'): boolean =>
      [...this.#active.values()].some((fault) => fault.kind === kind && fault.nodes.includes(node));
    if (under('kill')) return 'down';
    return under('pause') ? 'stopped' : 'running';
  }

  begin(id: FaultId, fault: Fault, done: Done<string>): void {
    const stranger = nodesOf(fault).find((node) => !this.#parts.nodes.has(node));
    if (stranger !== undefined) return done({ ok: false, error: `no node ${stranger} in this cluster` });
    if (this.#active.has(id)) return done({ ok: false, error: `fault ${id} is active already` });
    this.#active.set(id, fault);
    // It has a deadline of its own, as other faults may leave nobody who could do it for a while.
    if (fault.kind === 'membership') return this.#members.begin(fault, done);
    answer(this.#begin(fault), done);
  }

  end(id: FaultId, done: Done<string>): void {
    const fault = this.#active.get(id);
    if (fault === undefined || this.#ending.has(id)) return done({ ok: false, error: `fault ${id} is not active` });
    this.#ending.add(id);
    if (fault.kind !== 'membership') return answer(this.#end(id, fault), done);
    this.#active.delete(id);
    this.#members.end(fault, done);
  }

  inspect(node: NodeId, done: Done<Inspection>): void {
    answer(this.#parts.control.inspect(node).then(success), done);
  }

  peek(node: NodeId, key: string, done: Done<Json>): void {
    answer(this.#parts.control.peek(node, key).then(success), done);
  }

  async #begin(fault: Fault): Promise<Answer<string>> {
    if (fault.kind === 'partition') {
      await this.#applyCuts();
      const cut = this.#cutLinks();
      const open = openLinks([...this.#parts.nodes.keys()], (from, to) => cut.has(linkName([from, to])));
      return await this.#prover.proveCut(fault.cut, open);
    }
    if (fault.kind !== 'kill' && fault.kind !== 'pause') return impossible(fault);
    const settled = await this.#settle(fault.nodes);
    const down = fault.nodes.filter((node) => this.wanted(node) === 'down');
    if (fault.kind === 'kill' || !settled.ok || down.length < fault.nodes.length) return settled;
    return { ok: false, error: `nothing to pause: ${down.join(', ')} killed by another fault` };
  }

  /** A fault that did not last until now proves less than it seems to: that is looked at before it is undone. */
  async #end(id: FaultId, fault: Fault): Promise<Answer<string>> {
    const lasted = await this.#lasted(fault).catch((error: unknown): Answer<string> => failure(messageOf(error)));
    this.#active.delete(id);
    const healed = await this.#heal(fault);
    return lasted.ok ? healed : failure(`it did not last: ${lasted.error}`);
  }

  async #lasted(fault: Fault): Promise<Answer<string>> {
    if (fault.kind === 'partition') return await this.#prover.proveCut(fault.cut, []);
    if (fault.kind !== 'kill' && fault.kind !== 'pause') return impossible(fault);
    const changed = fault.nodes.filter((name) => {
      const seen = this.#parts.nodes.get(name)?.observe() ?? 'down';
      return seen !== 'down' && seen !== this.wanted(name);
    });
    return changed.length === 0 ? success('') : failure(`${changed.join(', ')} came back by itself`);
  }

  async #heal(fault: Fault): Promise<Answer<string>> {
    if (fault.kind === 'kill' || fault.kind === 'pause') return await this.#settle(fault.nodes);
    if (fault.kind !== 'partition') return impossible(fault);
    await this.#applyCuts();
    return await this.#prover.proveOpen(fault.cut);
  }

  /** Makes the nodes what the active faults want of them, and tells what was seen, nodes of the same kind together. */
  async #settle(names: readonly NodeId[]): Promise<Answer<string>> {
    const nodes = names.map((name) => this.#parts.nodes.get(name) as LocalNode);
    const results = await Promise.allSettled(nodes.map((node) => node.settle()));
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length > 0) return { ok: false, error: failed.map(({ reason }) => messageOf(reason)).join('; ') };
    const seen = new Map<string, NodeId[]>();
    for (const [index, result] of results.entries()) {
      const words = result.status === 'fulfilled' ? result.value : '';
      seen.set(words, [...(seen.get(words) ?? []), names[index] as NodeId]);
    }
    return success([...seen].map(([words, same]) => `${same.join(', ')}: ${words}`).join('; '));
  }

  #cutLinks(): ReadonlySet<string> {
    const cuts = [...this.#active.values()].flatMap((fault): readonly Link[] =>
      fault.kind === 'partition' ? fault.cut : [],
    );
    return new Set(cuts.map(linkName));
  }

  async #applyCuts(): Promise<void> {
    await this.#parts.links.cut([...this.#cutLinks()]);
  }
}

const impossible = ({ kind }: Fault): Answer<string> => ({ ok: false, error: `local processes know no fault ${kind}` });

const failure = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error });

const success = <T>(value: T): Answer<T> => ({ ok: true, value });

/** Hands over what comes within the deadline, or why nothing did; exactly once. */
function answer<T>(promise: Promise<Answer<T>>, done: Done<T>): void {
  const safe = promise.catch((error: unknown): Answer<T> => ({ ok: false, error: messageOf(error) }));
  void inTime(patience, safe).then((settled) =>
    done(settled ?? { ok: false, error: `no proof within ${patience / 1000} s` }),
  );
}
