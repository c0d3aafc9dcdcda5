/** The formats by their names. */
import { edn } from './edn-reader.ts';
import type { Format, FormatName } from './format.ts';
import { jsonLines } from './json-lines.ts';
import { json } from './json-reader.ts';
import { porcupineJepsen } from './porcupine-jepsen.ts';
import { porcupineKv } from './porcupine-kv.ts';

export const formats: { readonly [name in FormatName]: Format } = {
  jsonl: jsonLines,
  edn,
  json,
  'porcupine-kv': porcupineKv,
  'porcupine-jepsen': porcupineJepsen,
};

export const formatNames: readonly FormatName[] = Object.keys(formats) as FormatName[];
