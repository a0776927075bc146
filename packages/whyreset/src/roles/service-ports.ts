/**
 * TCP ports on which servers usually listen: those of Zeek's likely server
 * ports (base/protocols) and the IANA registrations and defaults of software
 * that engineers meet. The last resort, where nothing in the capture tells.
 */
const PORTS: readonly number[] = [
  // Mail, files, terminals, names, directories.
  20, 21, 22, 23, 25, 26, 53, 79, 88, 110, 111, 119, 135, 139, 143, 179, 389, 427, 443, 445, 465, 500,
  // From 512 on clients bind reserved ports as well (rresvport), so each has to be known.
  513, 514, 515, 543, 544, 548, 554, 563, 585, 587, 593, 614, 623, 631, 636, 646, 647, 749, 853, 860, 873,
  902, 953, 989, 990, 992, 993, 995,
  // Proxies, tunnels, telephony, remote desktops.
  1080, 1194, 1701, 1720, 1723, 2811, 3128, 3389, 5038, 5060, 5061, 5900, 5901, 5985, 5986, 8291,
  // Databases and caches.
  1433, 1434, 1521, 1526, 1583, 2483, 2484, 3050, 3306, 5432, 5433, 5984, 6379, 6380, 6432, 7000, 7001, 7199,
  7473, 7474, 7687, 8086, 8123, 8529, 9042, 9160, 9440, 11211, 16379, 26257, 26379, 27017, 27018, 27019,
  28015, 29015, 33060, 50000,
  // Messages and coordination.
  1883, 2181, 2379, 2380, 2888, 3888, 4222, 4369, 5222, 5223, 5269, 5671, 5672, 6222, 6650, 6651, 8222, 8883,
  9092, 9093, 9094, 9095, 15671, 15672, 25672, 61613, 61614, 61616,
  // The web, and what listens beside it.
  80, 81, 591, 1337, 2375, 2376, 3000, 3001, 3100, 3268, 3269, 4000, 4200, 4317, 4318, 4443, 5000, 5001, 5044,
  5173, 5555, 5601, 6000, 6443, 6514, 7070, 7077, 8000, 8001, 8002, 8008, 8009, 8010, 8080, 8081, 8082, 8083,
  8084, 8085, 8088, 8089, 8090, 8091, 8161, 8200, 8300, 8301, 8443, 8444, 8500, 8501, 8545, 8649, 8834, 8848,
  8880, 8888, 8983, 9000, 9001, 9043, 9080, 9090, 9091, 9100, 9200, 9300, 9418, 9443, 9999, 10000, 10050,
  10051, 10250, 10255, 10257, 10259, 14268, 15000, 15001, 15006, 15010, 15012, 15021, 16686, 18080, 50051,
  50070, 50075,
  // Industry, storage, chat.
  102, 502, 2049, 2404, 3260, 4840, 6667, 6668, 6669, 6666, 6697, 20000, 44818,
];

const listed: ReadonlySet<number> = new Set(PORTS);

/** Below this a port needs privileges and no client binds it by itself (rresvport begins at 512). */
const RESERVED = 512;

export const isServicePort = (port: number) => port < RESERVED || listed.has(port);
