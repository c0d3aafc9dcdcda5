import { expect, test } from 'vitest';
import { programName } from './program.ts';

test('a program below the working folder is called by its path, one elsewhere by its name', () => {
  expect(programName('/home/ada/harness/bin/harness', '/home/ada/harness')).toBe('./bin/harness');
  expect(programName('/usr/local/bin/harness', '/home/ada')).toBe('harness');
});
