/** What probes over links prove about a partition. Every environment words and judges it in the same way. */
import type { NodeId } from '../core/ids.ts';
import type { Answer, Link } from './faults.ts';

export interface LinkCounts {
  /** Links that the fault cuts. */
  readonly cut: number;
  /** Cut links on which a probe was seen to be dropped. */
  readonly dropped: number;
  /** Cut links through which a probe came all the same. */
  readonly through: number;
  /** Links left open between nodes that are well: they prove that probes work. */
  readonly open: number;
  readonly delivered: number;
}

export function linkProof({ cut, dropped, through, open, delivered }: LinkCounts): Answer<string> {
  if (through > 0) return { ok: false, error: `${through} of ${cut} cut links still delivered a probe` };
  if (dropped < cut) return { ok: false, error: `only ${dropped} of ${cut} cut links were seen to drop a probe` };
  if (delivered < open) return { ok: false, error: `${open - delivered} of ${open} open links lost every probe` };
  const control =
    open === 0 ? 'no link was left open to compare' : `${delivered} of ${open} open links delivered theirs`;
  return { ok: true, value: `${dropped} of ${cut} cut links dropped their probes; ${control}` };
}

export const linkName = ([from, to]: Link): string => `${from}>${to}`;

/** All ordered pairs of nodes whose link is not cut. */
export function openLinks(nodes: readonly NodeId[], isCut: (from: NodeId, to: NodeId) => boolean): readonly Link[] {
  return nodes.flatMap((from) => nodes.filter((to) => to !== from && !isCut(from, to)).map((to): Link => [from, to]));
}
