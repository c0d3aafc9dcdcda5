/** Writes histories of several processes the way papers draw them: one line for each process. */
import type { HistoryEvent, Value } from '../../history/operation.ts';

/**
 * `w x 1`, `r x 1`, `c x 1 2` (a cas that swapped), `f x 1 2` (a cas from 1 that was refused and met 2), `a x 1`, `l x 1,2` (a list; `l x -` is empty). With `?` in front the
 * outcome is unknown. Steps of different processes alternate, so that no order between processes is suggested but the
 * one of the columns.
 */
export function story(...lines: readonly string[]): HistoryEvent[] {
  const sessions = lines.map((line) => line.split(';').map((step) => step.trim()));
  const columns = Math.max(...sessions.map(({ length }) => length));
  const events: Omit<HistoryEvent, 'index'>[] = [];
  for (let column = 0; column < columns; column++) {
    sessions.forEach((steps, process) => {
      const step = steps[column];
      if (step === undefined || step === '') return;
      const { f, key, input, output } = parsed(step.replace('?', ''));
      const isUnsure = step.startsWith('?');
      const time = events.length;
      events.push({ time, process, type: 'invoke', f, key, value: input });
      const type = isUnsure ? 'info' : 'ok';
      events.push({ time: time + 1, process, type, f, key, value: isUnsure ? null : output });
    });
  }
  return events.map((event, index) => ({ index, ...event }));
}

function parsed(step: string): { f: string; key: string; input: Value; output: Value } {
  const [letter = '', key = '', first = '', second = ''] = step.split(' ');
  const value = first === 'null' ? null : Number(first);
  if (letter === 'w') return { f: 'write', key, input: value, output: null };
  if (letter === 'a') return { f: 'append', key, input: value, output: null };
  if (letter === 'r') return { f: 'read', key, input: null, output: value };
  if (letter === 'c') return { f: 'cas', key, input: [value, Number(second)], output: { swapped: true } };
  if (letter === 'f') return { f: 'cas', key, input: [value, -1], output: { swapped: false, current: Number(second) } };
  return { f: 'read', key, input: null, output: first === '-' ? [] : first.split(',').map(Number) };
}
