import { Argument, Command, Option } from 'commander';
import { questions } from '../explain/question-list.ts';
import { ENDINGS } from './ask-endings.ts';
import { UsageError } from './exit.ts';
import { version } from './version.ts';

/** What the help says below the commands. */
export const EPILOGUE = `
Exit codes: 0 nothing wrong, 1 problems found, 2 could not analyse.

Examples:
  whyreset diagnose trouble.pcap
  tcpdump -i any -w - 'tcp port 8080' | whyreset diagnose -
  whyreset diagnose - < pasted.txt     (lines of tcpdump, tshark or Wireshark's packet list)
  whyreset diagnose trouble.pcap --format json --fail-on never
  whyreset diagnose trouble.pcap --open
  whyreset explain "read ECONNRESET"
`;

function port(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, not '${value}'.`);
  }
  return Number(value);
}

/** What to do first, for who types the name alone. */
const START = `whyreset says who ended a TCP connection, why, and how it stops.

  a capture           whyreset diagnose trouble.pcap
  an error or a log   whyreset explain "read ECONNRESET"
  a failing program   tcpdump -i any -w - 'tcp port 8080' | whyreset diagnose -
  configurations      whyreset audit nginx.conf server.js --behind aws-alb

Also: probe (an address), page (drop a capture), timeouts, lab (every cause made
to happen), connections (as Zeek sees them).
whyreset --help shows all commands; whyreset COMMAND --help the options of one.
`;

function seconds(value: string): number {
  const number = Number(value);
  if (!(number >= 1 && number <= 86_400))
    throw new UsageError(`--max takes seconds from 1 to 86400, not '${value}'.`);
  return number;
}

function bytes(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 100_000_000)
    throw new UsageError(`--upload takes bytes from 1 to 100000000, not '${value}'.`);
  return number;
}

function count(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new UsageError(`--requests takes a number from 1 to 10000, not '${value}'.`);
  return number;
}

/** Gathers the values of an option that may be given several times. */
const more = (value: string, before: string[] = []): string[] => [...before, value];

/**
 * The commands with their arguments and options: what the parser, the help, the completions and the manual page say.
 * Each command's code is loaded only when it is called.
 *
 * @param done takes the exit code of the command that was called
 */
export function createProgram(done: (code: number) => void): Command {
  const program = new Command('whyreset')
    .description('Says who ended a TCP connection, why, and how it stops.')
    .version(version)
    .showHelpAfterError('(whyreset --help shows the usage)')
    .addHelpText('after', EPILOGUE)
    .exitOverride()
    .action(() => {
      process.stdout.write(START);
    });

  program
    .command('diagnose')
    .description('find who reset which connection in a packet capture, why, and the fix')
    .argument(
      '<file...>',
      "pcap or pcapng files, plain or compressed, or packets as text; '-' is standard input",
    )
    .addOption(
      new Option('--format <format>', 'how to print the result (default: text)').choices([
        'text',
        'json',
        'ndjson',
        'markdown',
        'html',
      ]),
    )
    .option('-o, --output <file>', 'print to this file; one that ends with .html gets the page')
    .option('--open', 'make a page of the result and open it in the browser')
    .option('--connection <from>to>', "only this connection, as 'ip:port>ip:port'")
    .option('--port <n>', 'only connections with this port at either end', port)
    .addOption(
      new Option('--fail-on <what>', 'what makes the exit code 1')
        .choices(['problems', 'resets', 'never'])
        .default('problems'),
    )
    .option('--explain', 'add to each finding what the cause is about')
    .option('--trace <file>', 'kernel trace of a host (tcp_send_reset, tcp_receive_reset); repeatable', more)
    .option(
      '--counters <before> <after>',
      'TCP counters of a host: nstat -asz, or netstat and snmp of /proc/net',
      more,
    )
    .option('--counters-of <ip>', 'address of the host that the counters are of; repeatable', more)
    .option('--log <file>', "any program's log; repeatable", more)
    .option('--annotate <out.pcapng>', 'write the packets back with the verdict as packet comments')
    .action(async (files: string[], options) => {
      done(await (await import('./commands/diagnose.ts')).diagnoseCommand(files, options));
    });

  program
    .command('connections')
    .description("list every TCP connection with Zeek's state and history")
    .argument(
      '<file...>',
      "pcap or pcapng files, plain or compressed, or packets as text; '-' is standard input",
    )
    .addOption(
      new Option('--format <format>', 'how to print them')
        .choices(['text', 'json', 'ndjson', 'markdown'])
        .default('text'),
    )
    .option('-o, --output <file>', 'print to this file')
    .action(async (files: string[], options) => {
      done(await (await import('./commands/connections.ts')).connectionsCommand(files, options));
    });

  program
    .command('explain')
    .description(
      'explain an error text, whole logs, or a cause (id or letter): the likely causes and where to look',
    )
    .argument(
      '[what...]',
      "an error text in quotes, log files (plain, gzip, zstd; patterns), '-' for standard input, or a cause",
    )
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['text', 'json', 'ndjson', 'markdown'])
        .default('text'),
    )
    .option('--follow', 'read on while the logs grow, and tell each ending as it comes')
    .option('--ask', 'ask at most five questions that move the list of causes')
    .action(async (what: string[], options) => {
      done(await (await import('./commands/explain.ts')).explainCommand(what, options));
    });

  const ask = program
    .command('ask')
    .description('no text at hand: at most five questions, then the likely causes and the next command')
    .addOption(
      new Option('--ending <ending>', 'how it ends in the program').choices(ENDINGS.map(({ id }) => id)),
    )
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .action(async (options) => {
      done(await (await import('./commands/ask.ts')).askCommand(options));
    });
  for (const command of [ask, program.commands.find((each) => each.name() === 'explain')!])
    for (const { id, ask: text, answers } of questions)
      command.addOption(new Option(`--${id} <answer>`, text).choices(answers.map((answer) => answer.id)));

  program
    .command('lab')
    .description('make a cause of resets happen for real, narrated and diagnosed; without a name, list them')
    .argument('[scenario...]', "names of scenarios, or 'all'")
    .option('--record <dir>', 'keep both captures, kernel trace lines, counters, the error and the truth')
    .addOption(
      new Option('--real <server>', 'the scenarios that run this real server').choices(['nginx', 'haproxy']),
    )
    .option('--check', 'compare each diagnosis with the truth, as a table; exit 1 if one is wrong')
    .option('--explain', 'add to each finding what the cause is about')
    .action(async (names: string[], options) => {
      done(await (await import('./commands/lab.ts')).labCommand(names, options));
    });

  program
    .command('timeouts')
    .description('list known timeouts: all, those of a product, or those near a duration')
    .argument('[what...]', "seconds or a duration such as 350 or 5m, or words of a product such as 'nginx'")
    .addOption(
      new Option('--format <format>', 'how to print them')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .action(async (what: string[], options) => {
      done(await (await import('./commands/timeouts.ts')).timeoutsCommand(what, options));
    });

  program
    .command('probe')
    .description('measure what an address really does with idle and used connections, as one patient client')
    .argument('<target...>', 'https://host, http://host:port/path, or host:port (nothing is sent to that)')
    .option('--max <seconds>', 'how long idle connections are watched', seconds, 75)
    .option('--requests <n>', 'requests sent on one connection to find its limit', count, 20)
    .option(
      '--upload <bytes>',
      'also POST a body of so many bytes once: is it answered early, read out, or reset',
      bytes,
    )
    .option('--yes', 'do not ask before more than a handful of connections are opened')
    .addOption(
      new Option('--format <format>', 'how to print the result')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .action(async (targets: string[], options) => {
      done(await (await import('./commands/probe.ts')).probeCommand(targets, options));
    });

  program
    .command('page')
    .description('open a page on which captures can be dropped; everything stays on this machine')
    .option('--port <n>', 'port on 127.0.0.1; default: a free one', port, 0)
    .option('--no-open', 'print the address only')
    .action(async (options) => {
      done(await (await import('./commands/page.ts')).pageCommand(options));
    });

  program
    .command('audit')
    .description(
      'hold the configurations along a path against each other: timeouts, limits, drains in the wrong order',
    )
    .argument('[file...]', "configuration files, folders, patterns, or '-' for standard input (nginx -T)")
    .option(
      '--behind <product>',
      'what stands in front of it all: aws-alb, aws-nlb, cloudflare, gcp-alb, azure-lb, nginx …',
    )
    .option('--chain <file>', 'the hops in order, in YAML, from the client to the server')
    .option('--host', 'also this machine: sysctls, queues, connection tracking, memory')
    .option('--explain <rule>', 'say what a rule asks for, and why')
    .addOption(
      new Option('--severity <least>', 'the least that is shown')
        .choices(['warning', 'error'])
        .default('warning'),
    )
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['text', 'json', 'markdown', 'sarif'])
        .default('text'),
    )
    .action(async (files: string[], options) => {
      done(await (await import('./commands/audit.ts')).auditCommand(files, options));
    });

  program
    .command('completion')
    .description('print the completion script of a shell, to be sourced: source <(whyreset completion bash)')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      done(await (await import('./commands/completion.ts')).completionCommand(shell));
    });

  return program;
}
