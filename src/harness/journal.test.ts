import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJsonLines } from 'knossos-ts';
import { Journal, type JournalEntry, fileSink } from './journal.ts';

const entry = (process: number): JournalEntry => ({
  time: 5,
  process,
  type: 'invoke',
  f: 'read',
  key: 'k',
  value: null,
});

describe('the journal', () => {
  it('numbers the events and hands them out in batches, each line once', () => {
    const batches: string[] = [];
    const journal = new Journal({ write: (text) => void batches.push(text), close: () => {} });
    for (let process = 0; process < 600; process++) journal.append(entry(process));
    expect(batches).toHaveLength(1);
    journal.flush();
    journal.flush();
    expect(batches).toHaveLength(2);
    expect(parseJsonLines(batches.join('')).events).toEqual(journal.events);
    expect(journal.events.at(-1)).toEqual({ index: 599, ...entry(599) });
  });

  it('writes what is left and closes its file at the end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'));
    try {
      const path = join(folder, 'history.jsonl');
      {
        using journal = new Journal(fileSink(path));
        journal.append(entry(1));
        expect(readFileSync(path, 'utf8')).toBe('');
      }
      expect(readFileSync(path, 'utf8')).toBe(
        '{"index":0,"time":5,"process":1,"type":"invoke","f":"read","key":"k","value":null}\n',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
