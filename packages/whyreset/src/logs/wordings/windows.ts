import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Windows',
    source:
      'learn.microsoft.com Windows Sockets error codes; the German, French, Spanish, Italian, Portuguese, Russian, Chinese and Japanese system messages',
    marks: ['windows'],
    strength: 'cause',
  },
  [
    {
      id: 'windows-10054',
      class: 'RST-READ',
      strength: 'cause',
      regexp:
        /(?:[Ee]rrors?|[Cc]ode|[Ee]rrno|WinError|[Ee]xception|[Ww]insock|[Ss]ocket)(?: [Cc]ode)?[ :=#('"[]{1,4}10054\b|\bWSAECONNRESET\b|\bforcibly closed by the remote host\b/,
      caveats: ['Windows also uses 10054 when unanswered keep-alive probes end a connection.'],
      examples: [
        'System.Net.Sockets.SocketException (10054): An existing connection was forcibly closed by the remote host.',
        'ConnectionResetError: [WinError 10054] An existing connection was forcibly closed by the remote host',
      ],
    },
    {
      id: 'windows-10053',
      class: 'LOCAL-ABORT',
      ended: 'unclear',
      strength: 'cause',
      regexp:
        /(?:[Ee]rrors?|[Cc]ode|[Ee]rrno|WinError|[Ee]xception|[Ww]insock|[Ss]ocket)(?: [Cc]ode)?[ :=#('"[]{1,4}10053\b|\bWSAECONNABORTED\b|\baborted by the software in your host (?:machine|computer)\b/,
      says: 'Windows ended the connection itself: a transmission timeout, a protocol error, or local security software.',
      examples: [
        'System.Net.Sockets.SocketException (10053): An established connection was aborted by the software in your host machine.',
      ],
    },
    {
      id: 'windows-10061',
      class: 'REFUSED',
      strength: 'cause',
      regexp:
        /(?:[Ee]rrors?|[Cc]ode|[Ee]rrno|WinError|[Ee]xception|[Ww]insock|[Ss]ocket)(?: [Cc]ode)?[ :=#('"[]{1,4}10061\b|\bWSAECONNREFUSED\b|\btarget machine actively refused it\b/,
      examples: [
        'System.Net.Sockets.SocketException (10061): No connection could be made because the target machine actively refused it.',
      ],
    },
    {
      id: 'windows-10060',
      class: 'TIMEOUT-CONNECT',
      strength: 'cause',
      regexp:
        /\bWSAETIMEDOUT\b|(?:[Ee]rrors?|[Cc]ode|[Ee]rrno|WinError|[Ee]xception|[Ww]insock|[Ss]ocket)(?: [Cc]ode)?[ :=#('"[]{1,4}10060\b|\bconnected party did not properly respond after a period of time\b/,
      caveats: ['An established connection whose packets are no longer acknowledged ends in the same code.'],
      examples: [
        'System.Net.Sockets.SocketException (10060): A connection attempt failed because the connected party did not properly respond after a period of time',
      ],
    },
    {
      id: 'windows-10054-localised',
      class: 'RST-READ',
      regexp:
        /vorhandene Verbindung wurde vom Remotehost geschlossen|connexion existante a d[ûu] être fermée par l['’]hôte distant|forzado la interrupción de una conexión existente|Interrotta forzatamente la connessione in corso|cancelamento de uma conexão existente|принудительно разорвал существующее подключение|远程主机强迫关闭了一个现有的连接|遠端主機已強制關閉一個現存的連線|既存の接続はリモート ホストに強制的に切断されました/,
      says: 'Winsock 10054 (WSAECONNRESET) in another language.',
      examples: [
        'Eine vorhandene Verbindung wurde vom Remotehost geschlossen',
        '远程主机强迫关闭了一个现有的连接。',
        'Удаленный хост принудительно разорвал существующее подключение',
        'Une connexion existante a dû être fermée par l’hôte distant',
        'Se ha forzado la interrupción de una conexión existente por el host remoto',
      ],
    },
    {
      id: 'windows-10061-localised',
      class: 'REFUSED',
      regexp:
        /da der Zielcomputer die Verbindung verweigerte|l['’]ordinateur cible l['’]a expressément refusée|el equipo de destino denegó expresamente|Rifiuto persistente del computer di destinazione|máquina de destino as recusou ativamente|конечный компьютер отверг запрос на подключение|目标计算机积极拒绝|目標電腦拒絕連線|対象のコンピューターによって拒否されたため/,
      says: 'Winsock 10061 (WSAECONNREFUSED) in another language.',
      examples: [
        'Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte',
        '由于目标计算机积极拒绝，无法连接。',
        'Подключение не установлено, т.к. конечный компьютер отверг запрос на подключение',
      ],
    },
    {
      id: 'windows-10060-localised',
      class: 'TIMEOUT-CONNECT',
      strength: 'cause',
      regexp:
        /da die Gegenstelle nach einer bestimmten Zeitspanne nicht|parti connecté n['’]a pas répondu convenablement|no respondió adecuadamente tras un periodo|componente conectado não respondeu|за требуемое время не получен нужный отклик|连接方在一段时间后没有正确答复|連線對象有一段時間並未正確回應|接続済みの呼び出し先が一定の時間/,
      says: 'Winsock 10060 (WSAETIMEDOUT) in another language.',
      caveats: ['An established connection whose packets are no longer acknowledged ends in the same words.'],
      examples: [
        'Ein Verbindungsversuch ist fehlgeschlagen, da die Gegenstelle nach einer bestimmten Zeitspanne nicht richtig reagiert hat',
        '由于连接方在一段时间后没有正确答复或连接的主机没有反应，连接尝试失败。',
      ],
    },
    {
      id: 'windows-10053-localised',
      class: 'LOCAL-ABORT',
      ended: 'unclear',
      regexp:
        /bestehende Verbindung wurde softwaregesteuert|connexion établie a été abandonnée par un logiciel|Se ha anulado una conexión establecida por el software|Программа на вашем хост-компьютере разорвала|你的主机中的软件中止了一个已建立的连接|您主機上的軟體中止了一個已建立的連線|確立された接続がホスト コンピューターのソ/,
      examples: [
        'Eine bestehende Verbindung wurde softwaregesteuert durch den Hostcomputer abgebrochen',
        '你的主机中的软件中止了一个已建立的连接。',
      ],
    },
    {
      id: 'windows-10060-connect',
      class: 'TIMEOUT-CONNECT',
      strength: 'exact',
      program: '.NET',
      regexp:
        /\bconnected party did not properly respond after a period of time\b[\s\S]{0,800}?\b(?:ConnectToTcpHostAsync|ConnectAsync|InternalConnect|EndConnect|BeginConnect|HttpConnectionPool\.ConnectAsync)\b/,
      says: 'Raised while connecting.',
      examples: [
        'System.Net.Sockets.SocketException (10060): A connection attempt failed because the connected party did not properly respond after a period of time\n   at System.Net.Http.HttpConnectionPool.ConnectToTcpHostAsync(String host, Int32 port)',
      ],
    },
    {
      id: 'windows-10060-read',
      class: 'TIMEOUT',
      strength: 'exact',
      program: '.NET',
      regexp:
        /\bUnable to (?:read|write) data (?:from|to) the transport connection: A connection attempt failed because the connected party did not properly respond/,
      marks: ['retransmission'],
      says: 'Raised on an established connection: what was sent was never acknowledged.',
      examples: [
        'Unable to read data from the transport connection: A connection attempt failed because the connected party did not properly respond after a period of time',
      ],
    },
    {
      id: 'windows-10048',
      class: 'LIMIT',
      strength: 'decisive',
      regexp:
        /\bOnly one usage of each socket address\b|\bWSAEADDRINUSE\b|(?:[Ee]rrors?|[Cc]ode|[Ee]rrno|WinError|[Ee]xception|[Ww]insock|[Ss]ocket)(?: [Cc]ode)?[ :=#('"[]{1,4}(?:10048|10055)\b|\bWSAENOBUFS\b|\bsystem lacked sufficient buffer space or because a queue was full\b|\bforbidden by its access permissions\b/,
      marks: ['port-exhaustion'],
      says: '10048, 10055: this host has no free local port left, unless the program only tried to listen twice.',
      examples: [
        'System.Net.Sockets.SocketException (10048): Only one usage of each socket address (protocol/network address/port) is normally permitted',
        'An operation on a socket could not be performed because the system lacked sufficient buffer space or because a queue was full',
      ],
    },
    {
      id: 'windows-11001',
      class: 'NO-ADDRESS',
      regexp:
        /\bNo such host is known\b|(?:[Ee]rrors?|[Cc]ode|[Ee]rrno|WinError|[Ee]xception|[Ww]insock|[Ss]ocket)(?: [Cc]ode)?[ :=#('"[]{1,4}11001\b|\bThe requested name is valid, but no data of the requested type\b/,
      examples: ['System.Net.Sockets.SocketException (11001): No such host is known.'],
    },
    {
      id: 'windows-10065',
      class: 'UNREACHABLE',
      regexp:
        /(?:[Ee]rrors?|[Cc]ode|[Ee]rrno|WinError|[Ee]xception|[Ww]insock|[Ss]ocket)(?: [Cc]ode)?[ :=#('"[]{1,4}10065\b|\bA socket operation was attempted to an unreachable (?:host|network)\b/,
      examples: ['SocketException (10065): A socket operation was attempted to an unreachable host.'],
    },
  ],
);
