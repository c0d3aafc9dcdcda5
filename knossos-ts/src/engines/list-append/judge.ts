/** Lists, one after the other. */
import type { Judgement } from '../judgement.ts';
import { explainFlaw, type ListPlace } from './explanation.ts';
import { judgeList, levelOrder } from './list-append.ts';

export function* judgeListAppend(place: ListPlace): Generator<void, Judgement> {
  const { history } = place;
  const finding = yield* judgeList(history);
  if (finding.kind === 'undecided') return finding;
  if (finding.kind === 'legal') return { kind: 'legal', witness: () => levelOrder(history, finding.levels) };
  return { kind: 'violated', flaw: finding.flaw.kind, explain: () => explainFlaw(place, finding.flaw) };
}
