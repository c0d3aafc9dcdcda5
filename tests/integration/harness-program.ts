/** Starts the compiled program as a user does, in a folder of its own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const program: string = fileURLToPath(new URL('../../bin/harness', import.meta.url));
const compiled = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class Workplace implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'harness-cli-'));

  constructor() {
    if (!existsSync(compiled)) throw new Error('The program is not compiled. Run npm run build first.');
  }

  async harness(...words: readonly string[]): Promise<Ended> {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...words], {
      cwd: this.folder,
      reject: false,
      timeout: 120_000,
      env: { NO_COLOR: '1' },
    });
    return { code: exitCode ?? -1, out: stdout, err: stderr };
  }

  /** Interrupts it, as Ctrl-C does, once it has said `word` on its standard error. */
  async interrupted(word: string, ...words: readonly string[]): Promise<Ended> {
    const options = { cwd: this.folder, reject: false, timeout: 120_000, env: { NO_COLOR: '1' } } as const;
    const running = execa(process.execPath, [program, ...words], options);
    let heard = '';
    running.stderr.on('data', (piece: Buffer) => {
      const before = heard.includes(word);
      heard += String(piece);
      if (!before && heard.includes(word)) running.kill('SIGINT');
    });
    const { exitCode, stdout, stderr } = await running;
    return { code: exitCode ?? -1, out: stdout, err: stderr };
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
