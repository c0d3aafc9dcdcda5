export { check, checkSync } from './check/check.ts';
export type { Budget, CheckOptions, SyncCheckOptions } from './check/options.ts';
export { parseEdn, type EdnOptions } from './history/edn-input.ts';
export { formatEdn, formatEdnLines } from './history/edn-output.ts';
export { HistoryError } from './history/history-error.ts';
export { formatJsonLine, parseJsonLines, type ParsedLines } from './history/json-lines.ts';
export type { CasResult, EventType, HistoryEvent, Operation, Value } from './history/operation.ts';
export { pairOperations } from './history/pair-operations.ts';
export type { ModelName } from './models/catalogue.ts';
export type {
  Analysis,
  Counterexample,
  ForcedOrder,
  KeyVerdict,
  OrderStep,
  UnknownReason,
  Verdict,
} from './verdict.ts';
