import { finish, type Step, start } from './steps.ts';

const MAKE =
  'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=example.test -keyout ${directory}/key.pem -out ${directory}/cert.pem';

/** The command and the package that {@link CERTIFICATE} needs. */
export const OPENSSL = { openssl: 'openssl' } as const;

/** Makes key.pem and cert.pem in the scenario's directory, self-signed: certificate of the server and authority at once. */
export const CERTIFICATE: readonly Step[] = [
  start('server', 'openssl', 'openssl', MAKE.split(' ')),
  finish('openssl'),
];

/** Node's https server on port 8443. @param options as tls.createServer takes them */
export const tlsServer = (options: object = {}): readonly Step[] => [
  ...CERTIFICATE,
  start(
    'server',
    'server',
    'servers.mjs',
    ['tls', '8443', JSON.stringify({ directory: '${directory}', ...options })],
    { ready: /ready/ },
  ),
];
