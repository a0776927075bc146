import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'gunicorn',
    source: 'gunicorn 20 to 23 gunicorn/arbiter.py',
    service: 'http',
    reporter: 'host',
    strength: 'decisive',
  },
  [
    {
      id: 'gunicorn-timeout',
      class: 'PROCESS-ENDED',
      regexp: /\bWORKER TIMEOUT \(pid: ?\d{1,9}\)/,
      marks: ['worker-timeout'],
      says: 'The arbiter ended a worker that had not answered its heartbeat within --timeout (30 s unless set).',
      examples: ['[2024-01-09 13:24:39 +0000] [1637] [CRITICAL] WORKER TIMEOUT (pid:7214)'],
    },
    {
      id: 'gunicorn-sigkill',
      class: 'PROCESS-ENDED',
      regexp: /\bwas sent SIGKILL! Perhaps out of memory\?/,
      marks: ['killed', 'out-of-memory'],
      says: 'The worker ended by SIGKILL: by the kernel for memory, or by the arbiter after its timeout.',
      examples: [
        '[2020-09-12 05:37:52 +0000] [18] [ERROR] Worker (pid:21) was sent SIGKILL! Perhaps out of memory?',
      ],
    },
    {
      id: 'gunicorn-signal',
      class: 'PROCESS-ENDED',
      regexp:
        /\bWorker (?:\(pid:\d{1,9}\) was sent (?:code \d{1,3}|SIG(?:SEGV|ABRT|BUS)!)|with pid \d{1,9} was terminated due to signal \d{1,3})/,
      marks: ['crash'],
      examples: [
        '[WARNING] Worker with pid 7214 was terminated due to signal 11',
        '[ERROR] Worker (pid:21) was sent SIGSEGV!',
      ],
    },
  ],
);
