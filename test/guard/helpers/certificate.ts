import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A self-signed certificate in a folder of its own, for as long as the tests run. */
export function selfSigned() {
  const folder = mkdtempSync(join(tmpdir(), 'whyreset-tls-'));
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=localhost', '-keyout', files.key, '-out', files.cert],
    ],
    { stdio: 'ignore' },
  );
  return { ...files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
