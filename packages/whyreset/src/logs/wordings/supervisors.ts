import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Supervisor',
    source: 'systemd src/core/service.c, supervisord, pm2, JVM hs_err, Go runtime, Node abort texts',
    reporter: 'host',
    strength: 'decisive',
  },
  [
    {
      id: 'systemd-killed',
      program: 'systemd',
      class: 'PROCESS-ENDED',
      marks: ['killed'],
      regexp:
        /\bMain process exited, code=killed, status=(?:9\/KILL|15\/TERM)|\bFailed with result '(?:signal|timeout|watchdog)'|\bState 'stop-sigterm' timed out\. Killing\b/,
      examples: [
        'app.service: Main process exited, code=killed, status=9/KILL',
        "app.service: Failed with result 'timeout'.",
      ],
    },
    {
      id: 'systemd-oom',
      program: 'systemd',
      class: 'PROCESS-ENDED',
      marks: ['out-of-memory', 'killed'],
      regexp: /\bFailed with result 'oom-kill'/,
      examples: ["app.service: Failed with result 'oom-kill'."],
    },
    {
      id: 'systemd-crash',
      program: 'systemd',
      class: 'PROCESS-ENDED',
      marks: ['crash'],
      regexp:
        /\bMain process exited, code=(?:dumped|killed), status=(?:11\/SEGV|6\/ABRT|7\/BUS)|\bMain process exited, code=exited, status=[1-9]\d{0,2}\/|\bFailed with result '(?:core-dump|exit-code)'/,
      examples: [
        'app.service: Main process exited, code=dumped, status=11/SEGV',
        "app.service: Failed with result 'exit-code'.",
      ],
    },
    {
      id: 'systemd-restart',
      program: 'systemd',
      class: 'PROCESS-ENDED',
      strength: 'cause',
      marks: ['restart'],
      regexp:
        /\bScheduled restart job, restart counter is at \d{1,9}\b|\bStopp(?:ed|ing) \S[^\n]{2,60}\.{1,3}$|\bsystemd\[\d{1,7}\]: (?:Stopping|Stopped|Restarting|Reloading) /m,
      examples: [
        'app.service: Scheduled restart job, restart counter is at 5.',
        'systemd[1]: Stopping Order service...',
      ],
    },
    {
      id: 'pm2-restart',
      program: 'PM2',
      class: 'PROCESS-ENDED',
      marks: ['restart', 'killed'],
      regexp:
        /\bApp \[\S{1,80}\] exited with code \[\d{1,3}\] via signal \[\w{3,10}\]|\bexceeds --max-memory-restart\b/,
      examples: ['PM2        | App [api:0] exited with code [1] via signal [SIGKILL]'],
    },
    {
      id: 'node-heap',
      program: 'Node.js',
      class: 'PROCESS-ENDED',
      marks: ['out-of-memory', 'crash'],
      regexp: /\bJavaScript heap out of memory\b|\bReached heap limit Allocation failed\b/,
      examples: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    },
    {
      id: 'jvm-heap',
      program: 'Java',
      class: 'PROCESS-ENDED',
      marks: ['out-of-memory', 'crash'],
      regexp:
        /\bjava\.lang\.OutOfMemoryError\b|\bA fatal error has been detected by the Java Runtime Environment\b/,
      examples: [
        'java.lang.OutOfMemoryError: Java heap space',
        '# A fatal error has been detected by the Java Runtime Environment:',
      ],
    },
    {
      id: 'go-panic',
      program: 'Go',
      class: 'PROCESS-ENDED',
      strength: 'exact',
      marks: ['crash'],
      regexp:
        /\bpanic: runtime error: |\bfatal error: (?:concurrent map|runtime|all goroutines|out of memory)\b|\bhttp: panic serving\b/,
      says: 'http: panic serving: the handler panicked, and net/http closed this one connection.',
      examples: [
        'panic: runtime error: invalid memory address or nil pointer dereference',
        'http: panic serving 10.0.0.9:5123: runtime error: index out of range',
      ],
    },
    {
      id: 'segmentation-fault',
      class: 'PROCESS-ENDED',
      marks: ['crash'],
      regexp:
        /\bSegmentation fault \(core dumped\)|\bAborted \(core dumped\)|\bSIGSEGV\b(?=[^\n]{0,60}(?:core|terminated|received))/,
      examples: ['Segmentation fault (core dumped)'],
    },
    {
      id: 'celery-lost',
      program: 'Celery',
      class: 'PROCESS-ENDED',
      marks: ['killed', 'out-of-memory'],
      regexp: /\bWorkerLostError\b/,
      examples: ['billiard.exceptions.WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL).'],
    },
    {
      id: 'celery-time-limit',
      program: 'Celery',
      class: 'PROCESS-ENDED',
      marks: ['worker-timeout'],
      regexp: /\bHard time limit \([\d.]{1,9}s\) exceeded\b/,
      examples: ['Hard time limit (300.0s) exceeded for app.tasks.report'],
    },
  ],
);
