import { type Pattern, patternsOf } from '../pattern.ts';

/** .NET, and the Winsock wording that every Windows program prints. */
export const dotnetAndWindows: Pattern[] = patternsOf({ program: '.NET', verified: 'documented' }, [
  {
    id: 'dotnet-ended-mid',
    class: 'EOF-MID',
    verified: 'remembered',
    strength: 'exact',
    regexp:
      /\bThe response ended prematurely, with at least \d{1,20} additional bytes expected\b|\bwhile copying content to a stream\b[\s\S]{0,400}?response ended prematurely/g,
    examples: [
      'System.IO.IOException: The response ended prematurely, with at least 993 additional bytes expected.',
    ],
  },
  {
    id: 'dotnet-response-ended',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bThe response ended prematurely\b\.|\(ResponseEnded\)|\bHttpRequestError\.ResponseEnded\b/g,
    examples: ['System.Net.Http.HttpIOException: The response ended prematurely. (ResponseEnded)'],
  },
  {
    id: 'windows-10054',
    program: 'Windows',
    class: 'RST-READ',
    strength: 'cause',
    regexp: /\b10054\b|\bWSAECONNRESET\b|\bforcibly closed by the remote host\b/g,
    caveats: ['Windows also uses 10054 when unanswered keep-alive probes end a connection.'],
    examples: [
      'System.Net.Sockets.SocketException (10054): An existing connection was forcibly closed by the remote host.',
      'ConnectionResetError: [WinError 10054] An existing connection was forcibly closed by the remote host',
    ],
  },
  {
    id: 'windows-10053',
    program: 'Windows',
    class: 'LOCAL-ABORT',
    strength: 'cause',
    regexp: /\b10053\b|\bWSAECONNABORTED\b|\baborted by the software in your host (?:machine|computer)\b/g,
    says: 'Windows ended the connection itself: a transmission timeout, a protocol error, or local security software.',
    examples: [
      'System.Net.Sockets.SocketException (10053): An established connection was aborted by the software in your host machine.',
    ],
  },
  {
    id: 'windows-10061',
    program: 'Windows',
    class: 'REFUSED',
    strength: 'cause',
    regexp: /\b10061\b|\bWSAECONNREFUSED\b|\btarget machine actively refused it\b/g,
    examples: [
      'System.Net.Sockets.SocketException (10061): No connection could be made because the target machine actively refused it.',
    ],
  },
  {
    id: 'windows-10060',
    program: 'Windows',
    class: 'TIMEOUT-CONNECT',
    strength: 'cause',
    regexp: /\bWSAETIMEDOUT\b|\b10060\b|\bconnected party did not properly respond after a period of time\b/g,
    caveats: ['An established connection whose packets are no longer acknowledged ends in the same code.'],
    examples: [
      'System.Net.Sockets.SocketException (10060): A connection attempt failed because the connected party did not properly respond after a period of time',
    ],
  },
  {
    id: 'dotnet-timeout',
    class: 'TIMEOUT',
    verified: 'remembered',
    strength: 'exact',
    regexp: /\bHttpClient\.Timeout of \d/g,
    examples: [
      'System.Threading.Tasks.TaskCanceledException: The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.',
    ],
  },
]);
