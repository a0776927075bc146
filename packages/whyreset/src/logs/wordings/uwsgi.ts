import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'uWSGI',
    source: 'unbit/uwsgi core/master.c, core/writer.c',
    service: 'http',
    reporter: 'server',
    strength: 'decisive',
  },
  [
    {
      id: 'uwsgi-harakiri',
      class: 'PROCESS-ENDED',
      reporter: 'host',
      regexp: /\*\*\* HARAKIRI (?:ON WORKER|INFO|TRIGGERED)|\bHARAKIRI !!!/,
      marks: ['worker-timeout'],
      says: 'harakiri: the worker was killed because a request took longer than its limit.',
      examples: ['Fri Jan  5 10:00:00 2024 - *** HARAKIRI ON WORKER 1 (pid: 2271, try: 1) ***'],
    },
    {
      id: 'uwsgi-died',
      class: 'PROCESS-ENDED',
      reporter: 'host',
      regexp: /\bDAMN ! worker \d{1,5} \(pid: \d{1,9}\) died\b/,
      marks: ['killed'],
      examples: ['DAMN ! worker 1 (pid: 2271) died, killed by signal 9 :( trying respawn ...'],
    },
    {
      id: 'uwsgi-queue',
      class: 'LIMIT',
      reporter: 'host',
      regexp: /\blisten queue of socket [^\n]{1,120}? full\b/,
      marks: ['backlog'],
      examples: ['*** uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (101/100) ***'],
    },
    {
      id: 'uwsgi-write-error',
      class: 'CLIENT-GONE',
      strength: 'exact',
      regexp:
        /\buwsgi_response_write\w{1,30}\(\): (?:Broken pipe|Connection reset by peer)|\bSIGPIPE: writing to a closed pipe\/socket\/fd\b|\bOSError: write error\b/,
      examples: [
        'uwsgi_response_writev_headers_and_body_do(): Broken pipe [core/writer.c line 306] during GET /report',
        'OSError: write error',
      ],
    },
  ],
);
