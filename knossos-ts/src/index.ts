export { check, checkSync, type SyncModelsOptions } from './check-history.ts';
export type { Budget, CheckOptions, SyncCheckOptions } from './check/options.ts';
export { checkFile } from './file/check-file.ts';
export { checkStream } from './file/check-stream.ts';
export {
  checkModelsFile,
  checkModelsStream,
  type ModelsFileAnalysis,
  type ModelsFileOptions,
} from './file/check-models-file.ts';
export type { FileAnalysis, FileOptions } from './file/file-options.ts';
export { parseEdn } from './formats/edn-reader.ts';
export { formatNames } from './formats/catalogue.ts';
export type { FormatName, FormatOptions } from './formats/format.ts';
export { readHistory, type HistoryReading, type ReadOptions } from './formats/read-history.ts';
export { formatHistory } from './formats/write-history.ts';
export { formatEdn, formatEdnLines } from './formats/edn-output.ts';
export { HistoryError } from './history/history-error.ts';
export { formatJsonLine, parseJsonLines, type ParsedLines } from './formats/json-lines.ts';
export type { CasResult, EventType, HistoryEvent, Operation, Value } from './history/operation.ts';
export type { TieRule } from './intake/time-ties.ts';
export { pairOperations } from './history/pair-operations.ts';
export { checkModel } from './check/check-model.ts';
export { modelNames, models, type ModelName } from './models/catalogue.ts';
export { Rejection, type Model, type Words } from './models/model.ts';
export { analysisJson } from './text/analysis-json.ts';
export { analysisText, type TextOptions } from './text/analysis-text.ts';
export { tieWarning } from './text/tie-warning.ts';
export { modelsText } from './text/models-text.ts';
export type {
  Anomaly,
  TransactionCounterexample,
  TransactionEdge,
  TransactionEdgeRule,
} from './transactions/anomalies.ts';
export {
  checkTransactions,
  type TransactionAnalysis,
  type TransactionOptions,
  type TransactionVerdict,
} from './transactions/check-transactions.ts';
export { transactionModels, type TransactionModel } from './transactions/models.ts';
export type {
  Analysis,
  Counterexample,
  EngineName,
  ForcedOrder,
  KeyVerdict,
  OrderStep,
  UnknownReason,
  Verdict,
} from './verdict.ts';
export { CatchingUp, type Peek } from './weak/convergence/catching-up.ts';
export {
  judgeConvergence,
  type Convergence,
  type ConvergenceOptions,
  type ConvergenceVerdict,
} from './weak/convergence/convergence.ts';
export type { Edge, EdgeRule, ModelCounterexample } from './weak/evidence/edges.ts';
export { linearizability } from './weak/linearizability.ts';
export { consistencyModels, implies, maximal, weakerThan, type ConsistencyModel } from './weak/models.ts';
export type { ModelsOptions } from './weak/options.ts';
export { deltaAtomicity, type DeltaAtomicity, type LinearizabilityDecision } from './weak/staleness/delta.ts';
export { stalenessOf, type StaleRead, type Staleness } from './weak/staleness/staleness.ts';
export type { Summary } from './weak/staleness/summary.ts';
export type { ModelsAnalysis, ModelVerdict, UnknownModelReason } from './weak/verdict.ts';
