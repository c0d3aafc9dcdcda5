/** The harness's own failures, wherever they happen, are never taken for the system's. */
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { program } from './harness-program.ts';

const failing = (how: string): string =>
  `data:text/javascript,const wait = setInterval(() => {
    if (process.listenerCount('uncaughtException') === 0) return;
    clearInterval(wait);
    ${how}
  }, 5)`.replaceAll(/\s+/g, ' ');

it.each([
  ['thrown', "throw new Error('half a line')"],
  ['rejected', "void Promise.reject(new Error('half a line'))"],
])('what is %s where nobody waits for it ends the program with 255, and without its stack', async (_, how) => {
  const ended = await execa(process.execPath, ['--import', failing(how), program, 'doctor', '--env', 'local'], {
    reject: false,
  });
  expect(ended.stderr).toBe('The harness itself failed: half a line\nRun it again with --verbose to see where.');
  expect(ended.exitCode).toBe(255);
});

it('an engine that cannot be reached by ssh is told of in its own words alone', async () => {
  const env = { DOCKER_HOST: 'ssh://nobody@127.0.0.1:1' };
  const ended = await execa(process.execPath, [program, 'images'], { reject: false, env });
  expect(ended.stderr).toBe(
    'No Docker engine: nothing answers at ssh://nobody@127.0.0.1:1. Check DOCKER_HOST, or unset it to use the engine of this machine.',
  );
  expect(ended.exitCode).toBe(254);
});
