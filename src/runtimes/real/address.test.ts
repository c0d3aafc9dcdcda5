import { describe, expect, test } from 'vitest';
import { parseAddress } from './address.ts';

describe('an address', () => {
  test('names a Unix socket or a TCP port', () => {
    expect(parseAddress('unix:/tmp/n1.peers')).toEqual({ kind: 'unix', path: '/tmp/n1.peers' });
    expect(parseAddress('tcp:127.0.0.1:9000')).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 9000 });
    expect(parseAddress('tcp:[::1]:9000')).toEqual({ kind: 'tcp', host: '::1', port: 9000 });
  });

  test.each(['', 'n1', 'unix:relative', 'tcp:host', 'tcp:host:99999', 'http://host:80'])('is refused: "%s"', (text) => {
    expect(() => parseAddress(text)).toThrow(`"${text}" is no address. Write unix:/path/to/socket or tcp:host:port.`);
  });

  test('with a path that sockets cannot have is refused, with what to do about it', () => {
    const path = (bytes: number): string => `/${'x'.repeat(bytes - 1)}`;
    expect(parseAddress(`unix:${path(103)}`)).toEqual({ kind: 'unix', path: path(103) });
    expect(() => parseAddress(`unix:${path(104)}`)).toThrow(/has 104 bytes, .* allows 103\. Set TMPDIR/);
    expect(() => parseAddress(`unix:/${'ü'.repeat(52)}`)).toThrow(/has 105 bytes/);
  });
});
