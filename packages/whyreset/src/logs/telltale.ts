/** Words of endings: what a connection does when it breaks, in the words of most programs. */
const ENDINGS =
  'reset|hang ?up|hung up|clos|\\beof|epipe|broken|refus|tim(?:e|ed)[ _-]?out|abort|prematur|terminat|disconnect|gone away|lost|fail|unexpected|unreachable|unable|invalid|error|exception|cancel|no route to host|incomplete|empty re|curl: \\(|und_err|err_|http response to https|https port|\\brst\\b|aged-out|unavailable|upstream|deadline|died|crash';
/** Words of servers, supervisors and kernels that say why. */
const REASONS =
  'too (?:many|large|long|big)|entity|memory|killed|killing|heap|sig(?:kill|term|segv)|signal|segfault|segmentation|traps:|protection fault|panic|exit(?:ed)? (?:code|signal|status)|exit code|harakiri|full|flooding|orphan|overflow|conntrack|exceed|limit|reached|reserved|max_|maxstartups|max number|drop connection|not (?:allowed|master|accept)|den(?:y|ied)|block|block(?:ed)?\\]|pg_hba|startup packet|frontend protocol|shutting|starting up|recovery mode|stepped|recovering|slow consumer|stale|probe|oom|backoff|back-off|stopp|restart|stop-sig|abandoned|exited,|nofile|timer_|not enough|no such|cannot assign|could not|not be established|available|not present|available brokers|malformed|bogus|bad_|security attack|protocol|packet|out of state|first packet|syn\\b|no session|tcp-fin|tcp fins|policy|sick|evict|resolve|nosuch|not known|verify|x509|cert|handshake|identification|resumed|session reuse|parking|overload|discarding|no pong|throttl|slot|to the origin|not an http|internal transport|end of file|truncated|inactive|dropped|defunct';
/** Codes that stand for an ending. */
const CODES =
  '\\b(?:460|46[134]|499|50[0-4]|52[0-6]|40[38]|41[34]|42[1569]|431|55[24]|561)\\b|\\b57P0\\d|\\b53300|\\bORA-\\d|\\bAH\\d{5}|\\bcode=H\\d|\\bUT\\d{6}|\\bP10\\d\\d|\\b100(?:4|5|6)\\d\\b|\\b11001\\b|1006|\\b10(?:01|02|03|08|09|11|12|13)\\b|\\b(?:U[CFHORTPA]|UMSDR|UPE|DPE|UAEX|DC|LR|SI|NR|NC|DT|UO|URX|RL|OM|DO)\\b|[ "][A-Za-z][RQCHDLT-][A-Z-]{0,2} \\d{1,9}/\\d{1,9}/|termination|_state"|\\bts"|\\\\x16|TCP_|ETIMEDOUT|E[A-Z]{4,}|\\[status:N/A';
/** Words of systems that speak other languages. */
const LOCALISED =
  'Verbindung|connexion|conexión|conexão|connessione|соединен|подключен|连接|連線|接続|abgelehnt|хост|компьютер|Gegenstelle|主机|远程';

/**
 * Words of which every wording of the catalogue has one. A healthy line has
 * none, and is passed over before the wordings are tried.
 */
export const TELLTALE = new RegExp([ENDINGS, REASONS, CODES, LOCALISED].join('|'), 'i');
