import { describe, expect, it } from 'vitest';
import { findProgram, parseLdd } from './host-programs.ts';

describe('what ldd says', () => {
  it('is read on 64-bit ARM', () => {
    const output = `\tlinux-vdso.so.1 (0x0000ffffb5a5e000)
\tlibc.so.6 => /lib/aarch64-linux-gnu/libc.so.6 (0x0000ffffb5870000)
\t/lib/ld-linux-aarch64.so.1 (0x0000ffffb5a21000)`;
    expect(parseLdd(output)).toEqual({
      found: ['/lib/aarch64-linux-gnu/libc.so.6', '/lib/ld-linux-aarch64.so.1'],
      missing: [],
    });
  });

  it('is read of several files, each library once', () => {
    const output = `/usr/sbin/tc:
\tlinux-vdso.so.1 (0x00007f86a8145000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f86a7d25000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f86a8147000)
/usr/bin/node:
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f86a7d25000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f86a8147000)`;
    expect(parseLdd(output).found).toEqual(['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
  });

  it('is read on a system with musl, where the loader is the library', () => {
    const output = `\t/lib/ld-musl-x86_64.so.1 (0x7f6e1a2c5000)
\tlibstdc++.so.6 => /usr/lib/libstdc++.so.6 (0x7f6e15a00000)
\tlibc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x7f6e1a2c5000)`;
    expect(parseLdd(output).found).toEqual(['/lib/ld-musl-x86_64.so.1', '/usr/lib/libstdc++.so.6']);
  });

  it('names libraries that cannot be found', () => {
    expect(parseLdd('\tlibbpf.so.1 => not found\n')).toEqual({ found: [], missing: ['libbpf.so.1'] });
  });

  it('is nothing for a program that loads nothing', () => {
    expect(parseLdd('\tnot a dynamic executable\n')).toEqual({ found: [], missing: [] });
    expect(parseLdd('\tstatically linked\n')).toEqual({ found: [], missing: [] });
  });
});

describe('looking for a program', () => {
  it('also looks where administrators have theirs', async () => {
    expect(await findProgram('sh', '/nowhere')).toMatch(/^\/(?:usr\/)?bin\/sh$/);
    expect(await findProgram('no-such-program', '/nowhere')).toBeNull();
  });
});
