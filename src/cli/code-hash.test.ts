import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codeHash } from './code-hash.ts';

let place = '';
const write = (name: string, content: string): void => writeFileSync(join(place, name), content);
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'code-'));
  for (const folder of ['one/inner', 'two']) mkdirSync(join(place, folder), { recursive: true });
  write('one/inner/a.js', 'a();');
  write('two/b.js', 'b();');
});
afterEach(() => rmSync(place, { recursive: true }));

const hash = (): string => codeHash([join(place, 'one'), join(place, 'two')]);

it('is the same for the same code, whatever lies beside it', () => {
  const before = hash();
  write('one/inner/a.js.map', '{}');
  write('two/b.d.ts', 'export {};');
  expect(hash()).toBe(before);
});

it('is another when a module changes, moves, comes or goes', () => {
  const seen = [hash()];
  write('one/inner/a.js', 'a(1);');
  seen.push(hash());
  renameSync(join(place, 'one/inner/a.js'), join(place, 'one/a.js'));
  seen.push(hash());
  write('two/c.js', '');
  seen.push(hash());
  rmSync(join(place, 'two/b.js'));
  seen.push(hash());
  renameSync(join(place, 'one/a.js'), join(place, 'two/a.js'));
  seen.push(hash());
  expect(new Set(seen).size).toBe(seen.length);
});
