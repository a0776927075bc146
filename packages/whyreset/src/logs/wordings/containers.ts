import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Docker, Kubernetes',
    source: 'moby, containerd, kubelet pkg/kubelet, kubectl; kubernetes.io pod lifecycle',
    service: 'http',
    marks: ['kubernetes'],
  },
  [
    {
      id: 'k8s-oom',
      class: 'PROCESS-ENDED',
      strength: 'decisive',
      reporter: 'host',
      marks: ['out-of-memory', 'killed'],
      regexp:
        /\bOOMKilled\b|\bExit Code:\s{1,8}137\b|\bexited with code 137\b|\bexit (?:code|status) 137\b|\bexitCode["']?[:=] ?137\b/,
      says: '137 is 128 + SIGKILL: the memory limit, or a stop that took longer than the grace period.',
      examples: ['      Reason:       OOMKilled\n      Exit Code:    137', 'app_1 exited with code 137'],
    },
    {
      id: 'k8s-crash',
      class: 'PROCESS-ENDED',
      strength: 'decisive',
      reporter: 'host',
      marks: ['crash', 'restart'],
      regexp:
        /\bCrashLoopBackOff\b|\bexited with code (?:139|134|1)\b|\bExit Code:\s{1,8}(?:139|134)\b|\bBack-off restarting failed container\b/,
      examples: ['Warning  BackOff  Back-off restarting failed container', 'app_1 exited with code 139'],
    },
    {
      id: 'k8s-liveness',
      class: 'PROCESS-ENDED',
      strength: 'decisive',
      reporter: 'host',
      marks: ['restart', 'killed'],
      regexp: /\bfailed liveness probe, will be restarted\b|\bLiveness probe failed\b/,
      says: 'The kubelet restarts a container whose liveness probe fails; its connections end with it.',
      examples: [
        'Container app failed liveness probe, will be restarted',
        'Liveness probe failed: HTTP probe failed with statuscode: 500',
      ],
    },
    {
      id: 'k8s-killing',
      class: 'PROCESS-ENDED',
      strength: 'decisive',
      reporter: 'host',
      marks: ['restart', 'said-shutdown'],
      regexp:
        /\bKilling\s{1,40}[^\n]{0,80}?Stopping container\b|\bStopping container \S{1,80}|\bSIGTERM (?:received|signal)|\b[Rr]eceived (?:signal )?SIGTERM\b|\bGracefully shutting down\b/,
      examples: ['Normal  Killing  pod/app-1  Stopping container app', 'Received SIGTERM, shutting down'],
    },
    {
      id: 'k8s-readiness',
      class: 'TIMEOUT',
      strength: 'cause',
      ended: 'unclear',
      reporter: 'host',
      marks: ['health-check'],
      regexp: /\b(?:Readiness|Startup) probe failed\b/,
      says: 'The words after it say whether the probe was refused, timed out or answered with a status.',
      examples: ['Readiness probe failed: Get "http://10.2.3.4:8080/healthz": context deadline exceeded'],
    },
    {
      id: 'k8s-port-forward',
      class: 'CLOSED',
      stage: 'tunnel',
      program: 'kubectl',
      regexp:
        /\blost connection to pod\b|\berror upgrading connection\b|\berror forwarding port \d{1,5} to pod\b/,
      examples: [
        'error: lost connection to pod',
        'an error occurred forwarding 8080 -> 8080: error forwarding port 8080 to pod 1a2b',
      ],
    },
    {
      id: 'go-http2-lost',
      class: 'TIMEOUT',
      stage: 'tunnel',
      program: 'Go net/http2',
      regexp: /\bhttp2: client connection lost\b|\bclient connection lost\b/,
      marks: ['said-heartbeat'],
      says: 'HTTP/2 pings were not answered: the connection was dead without a FIN or a RST.',
      examples: [
        'http2: client connection lost',
        'unable to decode an event from the watch stream: http2: client connection lost',
      ],
    },
    {
      id: 'k8s-watch',
      class: 'CLOSED',
      strength: 'cause',
      stage: 'tunnel',
      program: 'kubectl',
      marks: ['long-lived'],
      regexp: /\bunable to decode an event from the watch stream\b|\bwatch (?:closed|chan error)\b/,
      examples: ['W0101 reflector.go:347] watch of *v1.Pod ended with: watch closed'],
    },
    {
      id: 'docker-pull',
      class: 'CLOSED',
      strength: 'hint',
      program: 'Docker',
      marks: ['registry', 'large-body'],
      regexp:
        /\berror pulling image(?: configuration)?: |\bfailed to (?:pull|copy|do request|fetch)\b[^\n]{0,40}|\bError response from daemon: (?:Get|Head|failed to)\b/,
      says: 'The words after it decide.',
      examples: [
        'error pulling image configuration: Get https://example.cloudfront.net/x: net/http: TLS handshake timeout',
        'failed to do request: Head "https://registry-1.docker.io/v2/x": EOF',
        'Error response from daemon: Get "https://registry-1.docker.io/v2/": context deadline exceeded',
      ],
    },
  ],
);
