/** Reads the Jepsen logs of etcd that Porcupine's tests use: `INFO  jepsen.util - 0 :invoke :cas [3 0]`. There a cas fails because the value is another. */
import type { EventType, HistoryEvent, Value } from '../history/operation.ts';

const line = /^INFO\s+jepsen\.util - (\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(.*)$/;

export function readPorcupineLog(text: string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const piece of text.split('\n')) {
    const [, process, type, f = '', data = ''] = line.exec(piece) ?? [];
    if (process === undefined) continue;
    const index = events.length;
    const refused = f === 'cas' && type === 'fail';
    const value = refused ? { swapped: false } : valueOf(f, type as EventType, data.trim());
    const outcome = refused ? 'ok' : (type as EventType);
    events.push({ index, time: index, process: Number(process), type: outcome, f, key: null, value });
  }
  return events;
}

function valueOf(f: string, type: EventType, data: string): Value {
  if (type === 'fail' || type === 'info') return null;
  if (f === 'cas') return type === 'ok' ? { swapped: true } : data.slice(1, -1).split(' ').map(Number);
  if (f === 'write' && type === 'ok') return null;
  return data === 'nil' ? null : Number(data);
}
