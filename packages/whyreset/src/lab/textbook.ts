import type { Scenario } from './scenario.ts';
import { everywhere } from './scenario.ts';
import { abort, accept, close, finish, listen, read, start, until } from './steps.ts';

/** The languages that readers of those tutorials arrive from. */
const LANGUAGES = {
  node: { name: 'Node', program: 'textbook/textbook.mjs', tools: {} },
  go: { name: 'Go', program: 'textbook/textbook.go', tools: { go: 'golang-go' } },
  java: { name: 'Java', program: 'textbook/Textbook.java', tools: { java: 'default-jdk-headless' } },
  python: { name: 'Python', program: 'textbook/textbook.py', tools: { python3: 'python3' } },
} as const;
export type Language = keyof typeof LANGUAGES;

const URL = 'http://${server}:8080/orders';

/** An idle timeout of 300 ms against a POST every 200–300 ms; then the two cures. @param error what the plain client meets */
export function textbookIdle(language: Language, error: NonNullable<Scenario['expect']['error']>): Scenario {
  const { name, program, tools } = LANGUAGES[language];
  return {
    id: `textbook-idle-${language}`,
    title: `The textbook: a ${name} server closes idle connections, a ${name} client POSTs on`,
    shows:
      'The server closes a connection that was idle for 300 ms; a client POSTs every 200 to 300 ms, a hundred times, over a kept-alive connection, and loses some. ' +
      'Beside it the two cures: the same without persistent connections, and with an idle timeout of the client below that of the server. Both get 100 of 100.',
    needs: 'namespaces',
    tools,
    path: { delayMs: 5 },
    steps: [
      start('server', 'server', program, ['idle-server', '8080', '300'], { ready: /ready/ }),
      start('client', 'client', program, ['posts', URL, '100', 'true', '0']),
      start('client', 'without keep-alive', program, ['posts', URL, '100', 'false', '0']),
      start('client', 'with an idle timeout', program, ['posts', URL, '100', 'true', '150']),
      finish('client'),
      finish('without keep-alive'),
      finish('with an idle timeout'),
    ],
    expect: {
      resetBy: 'server',
      shape: 'passive',
      error,
      says: {
        client: /^done: \d{1,2} of 100/,
        'without keep-alive': /^done: 100 of 100/,
        'with an idle timeout': /^done: 100 of 100/,
      },
      // Which form a POST loses by is a matter of a millisecond; and some connections are closed for idleness unused.
      // A close with a request unread is the same race; the kernel's own record proves that much of it.
      also: [
        'keep-alive-race-unread',
        'unread-data-at-close',
        'stale-pool-reuse',
        'server-idle-kill',
        'write-after-close',
      ],
      truth: everywhere('server', 'keep-alive-race-crossing'),
    },
  };
}

/** A server that closes after its first read, a client that writes again a second later. */
export function textbookWriteAgain(language: Language, error: Scenario['expect']['error']): Scenario {
  const { name, program, tools } = LANGUAGES[language];
  return {
    id: `textbook-write-again-${language}`,
    title: `The textbook: a ${name} client writes into a connection that was closed`,
    shows:
      'The server closes right after its first read, the client writes again a second later. The wire carries a RST; ' +
      'the program may only see an end of file or a broken pipe, because the FIN had come first.',
    needs: 'nothing',
    tools,
    steps: [
      start('server', 'server', program, ['closing-server', '8080'], { ready: /ready/ }),
      start('client', 'client', program, ['writes-again', '${server}:8080']),
      finish('client'),
    ],
    expect: {
      resetBy: 'server',
      shape: 'passive',
      error,
      reason: 'TCP_TIMEWAIT_SOCKET',
      truth: everywhere('server', 'write-after-close', 'stale-pool-reuse'),
    },
  };
}

/** A client that says which of its connections were refused, reset and closed. */
export function textbookTellsApart(language: Language): Scenario {
  const { name, program, tools } = LANGUAGES[language];
  const targets = ['${server}:8081', '${server}:8080', '${server}:8082'];
  return {
    id: `textbook-tells-apart-${language}`,
    title: `The textbook: a ${name} client tells refused, reset and closed apart`,
    shows:
      'Three connects: to a port where nothing listens, to a server that resets, and to one that closes in good order. The client program names each by its error.',
    needs: 'nothing',
    tools,
    steps: [
      listen('server'),
      listen('server', { as: 'polite listener', port: 8082 }),
      start('client', 'client', program, ['tells-apart', ...targets]),
      accept(),
      until({ unread: 'server', atLeast: 1 }),
      read('server'),
      abort('server'),
      accept('polite', 'polite listener'),
      until({ unread: 'polite', atLeast: 1 }),
      read('polite'),
      close('polite'),
      finish('client'),
    ],
    expect: {
      resetBy: 'server',
      shape: 'active',
      error: { code: 'ECONNREFUSED' },
      says: { client: /8080 reset/ },
      also: ['no-listener'],
      truth: everywhere(
        'server',
        'abort-by-linger-zero',
        'unread-data-at-close',
        'process-died',
        'listener-closed-with-queue',
      ),
    },
  };
}
