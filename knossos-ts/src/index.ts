export { check, checkSync } from './check/check.ts';
export type { Budget, CheckOptions, SyncCheckOptions } from './check/options.ts';
export { parseEdn, type EdnOptions } from './formats/edn-input.ts';
export { formatEdn, formatEdnLines } from './formats/edn-output.ts';
export { HistoryError } from './history/history-error.ts';
export { formatJsonLine, parseJsonLines, type ParsedLines } from './formats/json-lines.ts';
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
