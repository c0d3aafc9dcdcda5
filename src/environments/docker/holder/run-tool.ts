import { execFile } from 'node:child_process';

/** Milliseconds. */
const patience = 5_000;

/** The standard output of a program that is given some input. Rejects with what it complained of. */
export function runTool(program: string, args: readonly string[], input: string = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: patience }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${stderr.trim() || error.message}`));
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
