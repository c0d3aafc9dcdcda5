/**
 * The key-value logs of Porcupine's tests: a map of EDN per line,
 * `{:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}`, with get, put and append of texts. What has
 * no completion there is of unknown outcome. The notation has no indices and no times: both are the positions.
 */
import { edn } from './edn-reader.ts';
import { writeEdn } from './edn-values.ts';
import type { Format } from './format.ts';
import { withInvocations } from './jepsen-output.ts';
import type { HistoryEvent } from '../history/operation.ts';

export const porcupineKv: Format = {
  title: "Porcupine's key-value logs: get, put and append of texts",
  read: () => edn.read({ independent: false }),
  write: function* (events) {
    for (const [event, invocation] of withInvocations(events)) yield lineOf(event, invocation);
  },
};

function lineOf({ process, type, f, key, value }: HistoryEvent, invocation: HistoryEvent | undefined): string {
  const said = value === null && f !== 'get' && type !== 'invoke' ? (invocation?.value ?? null) : value;
  const who = process === 'nemesis' ? ':nemesis' : process;
  return `{:process ${who}, :type :${type}, :f :${f}, :key ${writeEdn(key)}, :value ${writeEdn(said)}}`;
}
