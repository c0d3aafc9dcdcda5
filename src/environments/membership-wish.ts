/** What an operator can ask of a system about its members, and by what it is seen to have been done. */
import { invariant } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { System } from '../protocol/system.ts';
import type { RequestBody } from '../protocol/wire.ts';
import type { Answer } from './faults.ts';

/** Who leads the highest term, and what it shows. */
export interface Leader {
  readonly node: NodeId;
  readonly term: number;
  readonly members: readonly NodeId[];
}

export interface Wish {
  readonly request: RequestBody;
  /** It is not to be asked again once it has come true. */
  readonly isOnce: boolean;
  /** What did not happen, without the time. */
  readonly failure: string;
  /** To be called before anybody is asked, with who leads then. A text: there is nothing to ask for. */
  begin(leader: Leader | null): string | null;
  /** Whether it has come true, or cannot any more; null while it may still. */
  judge(leader: Leader | null, mayBeUnderWay: boolean): Answer<string> | null;
}

type Able = NonNullable<System['membership']>;

/** Members that are as wished for already are answered as done: the system is asked all the same. */
export function wishFor(able: Able, type: 'add' | 'remove', node: NodeId): Wish {
  const where = type === 'add' ? 'is a member again' : 'is no member any more';
  return {
    request: able.change({ type, node }),
    isOnce: false,
    failure: `${node} was not taken ${type === 'add' ? 'in again' : 'out'}`,
    begin: () => null,
    judge(leader) {
      if (leader === null || leader.members.includes(node) !== (type === 'add')) return null;
      return { ok: true, value: `${node} ${where}: the leader ${leader.node} shows ${leader.members.join(' ')}` };
    },
  };
}

/** A node that came to lead while nobody can have begun to hand over to it proves nothing. */
export function wishToLead(able: Able, node: NodeId): Wish {
  let before: Leader | null = null;
  invariant(able.transfer !== undefined, () => 'a transfer was asked for where there is none');
  return {
    request: able.transfer(node),
    isOnce: true,
    failure: `${node} did not take the leadership over`,
    begin(leader) {
      before = leader;
      return leader?.node === node ? `${node} led already, so nobody was asked to hand over to it` : null;
    },
    judge(leader, mayBeUnderWay) {
      if (leader?.node !== node || leader.term <= (before?.term ?? -1)) return null;
      if (!mayBeUnderWay) return { ok: false, error: `${node} came to lead before anybody handed over to it` };
      const former = before === null ? '' : `; before, ${before.node} led term ${before.term}`;
      return { ok: true, value: `${node} leads term ${leader.term} after it was handed over to it${former}` };
    },
  };
}
