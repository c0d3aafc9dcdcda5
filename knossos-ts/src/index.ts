export type { CasResult, EventType, HistoryEvent, Operation, Value } from './history/operation.ts';
export type {
  Analysis,
  Counterexample,
  ForcedOrder,
  KeyVerdict,
  OrderStep,
  UnknownReason,
  Verdict,
} from './verdict.ts';
