/**
 * The links between containers: cut by rules where they arrive, and watched there. What was dropped is seen in the
 * counter of the rule, at the receiver's holder; a connection from the sender's holder, which has the sender's address,
 * stands for a node that is down or paused, since the kernel answers for a paused one and refuses for a dead one.
 */
import type { NodeId } from '../../core/ids.ts';
import type { Link } from '../faults.ts';
import type { Fate, LinkWitness } from '../real/link-prover.ts';
import type { Holder } from './holder/holder.ts';

export interface CutPorts {
  /**
   * Only what goes to these is dropped; null: everything. Links of our own nodes are opened by the sender, so a port says
   * which way data goes. Those of a service may be opened by either side, and be of any kind: there, no port does.
   */
  readonly cut: readonly number[] | null;
  /** Somebody takes connections there. */
  readonly dialled: number;
}

export class ContainerLinks implements LinkWitness {
  readonly #holders: ReadonlyMap<NodeId, Holder>;
  readonly #ports: CutPorts;

  constructor(holders: ReadonlyMap<NodeId, Holder>, ports: CutPorts) {
    this.#holders = holders;
    this.#ports = ports;
  }

  async cut(links: readonly Link[]): Promise<void> {
    await Promise.all(
      [...this.#holders].map(async ([node, holder]) => {
        const sources = new Set(links.filter(([, to]) => to === node).map(([from]) => this.#holder(from).address));
        await holder.cut([...sources], this.#ports.cut);
      }),
    );
  }

  async watch(
    [from, to]: Link,
    _nonce: number,
    send: (() => Promise<unknown>) | null,
    within: number,
  ): Promise<Fate | null> {
    const [sender, receiver] = [this.#holder(from), this.#holder(to)];
    const before = (await receiver.dropped())[sender.address] ?? 0;
    const [dialled] = await Promise.all([
      sender.dial(receiver.address, this.#ports.dialled, Math.min(within, 500)),
      send?.(),
    ]);
    if (dialled === 'connected') return 'forwarded';
    if (dialled === 'refused') return 'lost';
    const after = (await receiver.dropped())[sender.address] ?? 0;
    return after > before ? 'cut' : null;
  }

  #holder(node: NodeId): Holder {
    const holder = this.#holders.get(node);
    if (holder === undefined) throw new Error(`${node} has no network`);
    return holder;
  }
}
