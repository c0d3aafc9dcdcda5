/**
 * Faults on nodes of flesh and blood and on their links. What a node or link should be follows from the set of active
 * faults alone, so that overlapping faults may end in any order; each answer tells what was then observed.
 */
import type { NodeId } from '../../core/ids.ts';
import { messageOf } from '../../core/errors.ts';
import type { Inspection } from '../../core/inspection.ts';
import type { Json } from '../../core/json.ts';
import type { Answer, Done, Fault, FaultId, FaultKind, Faults, Link } from '../faults.ts';
import { isOneWay, nodesOf } from '../faults.ts';
import { linkName, openLinks } from '../link-proof.ts';
import type { Membership } from '../membership.ts';
import type { Control } from './control.ts';
import { answer, failure, success } from './fault-answers.ts';
import type { LinkWitness } from './link-prover.ts';
import { LinkProver } from './link-prover.ts';
import type { RealNode, Wanted } from './real-node.ts';

/** What every such environment can do. */
export const ordinaryFaultKinds: readonly FaultKind[] = ['partition', 'kill', 'pause', 'membership'];

/** Milliseconds within which a fault answers, come what may. Starting a node on a loaded machine takes longest. */
const patience = 20_000;

/** Faults of a kind that not every environment knows. */
export interface FaultsOfKind {
  begin(id: FaultId, fault: Fault): Promise<Answer<string>>;
  /** Whether it has lasted until now. Asked before it is ended. */
  lasted(id: FaultId, fault: Fault): Promise<Answer<string>>;
  end(id: FaultId, fault: Fault): Promise<Answer<string>>;
}

export interface RealParts {
  readonly nodes: ReadonlyMap<NodeId, RealNode>;
  readonly links: LinkWitness & {
    /** Cuts exactly these links and opens all others. */
    cut(links: readonly Link[]): Promise<void>;
  };
  readonly control: Control;
  /** Whether nodes send and take probes of the harness themselves, as ours do. */
  readonly takesProbes: boolean;
  readonly membership: (faults: Faults) => Membership;
  readonly more?: ReadonlyMap<FaultKind, FaultsOfKind>;
}

export class RealFaults implements Faults {
  readonly kinds: ReadonlySet<FaultKind>;
  readonly #parts: RealParts;
  readonly #active = new Map<FaultId, Fault>();
  readonly #ending = new Set<FaultId>();
  readonly #prover: LinkProver;
  readonly #members: Membership;

  constructor(parts: RealParts) {
    this.#parts = parts;
    this.kinds = new Set([...ordinaryFaultKinds, ...(parts.more?.keys() ?? [])]);
    this.#members = parts.membership(this);
    this.#prover = new LinkProver({
      links: parts.links,
      control: parts.control,
      takesProbes: parts.takesProbes,
      isWell: (node) => parts.nodes.get(node)?.well ?? false,
      isCut: (link) => this.isCut(link),
    });
  }

  /** What the active faults want of a node. */
  wanted(node: NodeId): Wanted {
    const under = (kind: 'kill' | 'pause'): boolean =>
      [...this.#active.values()].some((fault) => fault.kind === kind && fault.nodes.includes(node));
    if (under('kill')) return 'down';
    return under('pause') ? 'stopped' : 'running';
  }

  isCut(link: Link): boolean {
    return this.#cutLinks().has(linkName(link));
  }

  begin(id: FaultId, fault: Fault, done: Done<string>): void {
    const stranger = nodesOf(fault).find((node) => !this.#parts.nodes.has(node));
    if (stranger !== undefined) return done(failure(`no node ${stranger} in this cluster`));
    if (this.#active.has(id)) return done(failure(`fault ${id} is active already`));
    if (!this.#parts.takesProbes && isOneWay(fault)) return done(failure(noOneWay));
    this.#active.set(id, fault);
    // It has a deadline of its own, as other faults may leave nobody who could do it for a while.
    if (fault.kind === 'membership') return this.#members.begin(fault, done);
    answer(this.#begin(id, fault), patience, done);
  }

  end(id: FaultId, done: Done<string>): void {
    const fault = this.#active.get(id);
    if (fault === undefined || this.#ending.has(id)) return done(failure(`fault ${id} is not active`));
    this.#ending.add(id);
    const ended: Done<string> = (healed) => {
      this.#ending.delete(id);
      done(healed);
    };
    if (fault.kind !== 'membership') return answer(this.#end(id, fault), patience, ended);
    this.#active.delete(id);
    this.#members.end(fault, ended);
  }

  inspect(node: NodeId, done: Done<Inspection>): void {
    answer(this.#parts.control.inspect(node).then(success), patience, done);
  }

  peek(node: NodeId, key: string, done: Done<Json>): void {
    answer(this.#parts.control.peek(node, key).then(success), patience, done);
  }

  async #begin(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind === 'partition') {
      await this.#applyCuts();
      const cut = this.#cutLinks();
      const open = openLinks([...this.#parts.nodes.keys()], (from, to) => cut.has(linkName([from, to])));
      return await this.#prover.proveCut(fault.cut, open);
    }
    if (fault.kind !== 'kill' && fault.kind !== 'pause')
      return (await this.#more(fault)?.begin(id, fault)) ?? unknown(fault);
    const settled = await this.#settle(fault.nodes);
    const down = fault.nodes.filter((node) => this.wanted(node) === 'down');
    if (fault.kind === 'kill' || !settled.ok || down.length < fault.nodes.length) return settled;
    return failure(`nothing to pause: ${down.join(', ')} killed by another fault`);
  }

  /** A fault that did not last until now proves less than it seems to: that is looked at before it is undone. */
  async #end(id: FaultId, fault: Fault): Promise<Answer<string>> {
    const lasted = await this.#lasted(id, fault).catch((error: unknown): Answer<string> => failure(messageOf(error)));
    this.#active.delete(id);
    const healed = await this.#heal(id, fault);
    return lasted.ok ? healed : failure(`it did not last: ${lasted.error}`);
  }

  async #lasted(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind === 'partition') return await this.#prover.proveCut(fault.cut, []);
    if (fault.kind !== 'kill' && fault.kind !== 'pause')
      return (await this.#more(fault)?.lasted(id, fault)) ?? unknown(fault);
    const seen = await Promise.all(
      fault.nodes.map(async (name) => (await this.#parts.nodes.get(name)?.observe()) ?? 'down'),
    );
    const changed = fault.nodes.filter((name, index) => seen[index] !== 'down' && seen[index] !== this.wanted(name));
    return changed.length === 0 ? success('') : failure(`${changed.join(', ')} came back by itself`);
  }

  async #heal(id: FaultId, fault: Fault): Promise<Answer<string>> {
    if (fault.kind === 'kill' || fault.kind === 'pause') return await this.#settle(fault.nodes);
    if (fault.kind !== 'partition') return (await this.#more(fault)?.end(id, fault)) ?? unknown(fault);
    await this.#applyCuts();
    return await this.#prover.proveOpen(fault.cut);
  }

  /** Makes the nodes what the active faults want of them, and tells what was seen, nodes of the same kind together. */
  async #settle(names: readonly NodeId[]): Promise<Answer<string>> {
    const nodes = names.map((name) => this.#parts.nodes.get(name) as RealNode);
    const results = await Promise.allSettled(nodes.map((node) => node.settle()));
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length > 0) return failure(failed.map(({ reason }) => messageOf(reason)).join('; '));
    const seen = new Map<string, NodeId[]>();
    for (const [index, result] of results.entries()) {
      const words = result.status === 'fulfilled' ? result.value : '';
      seen.set(words, [...(seen.get(words) ?? []), names[index] as NodeId]);
    }
    return success([...seen].map(([words, same]) => `${same.join(', ')}: ${words}`).join('; '));
  }

  #more({ kind }: Fault): FaultsOfKind | undefined {
    return this.#parts.more?.get(kind);
  }

  #cuts(): readonly Link[] {
    return [...this.#active.values()].flatMap((fault): readonly Link[] =>
      fault.kind === 'partition' ? fault.cut : [],
    );
  }

  #cutLinks(): ReadonlySet<string> {
    return new Set(this.#cuts().map(linkName));
  }

  async #applyCuts(): Promise<void> {
    await this.#parts.links.cut(this.#cuts());
  }
}

const noOneWay =
  'a service is cut off both ways or not at all: its connections are its own, and carry data in both directions';

const unknown = ({ kind }: Fault): Answer<string> => failure(`nothing here can do the fault ${kind}`);
