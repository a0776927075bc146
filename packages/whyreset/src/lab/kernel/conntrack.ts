import { checked, system } from './libc.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_NETFILTER = 12;
/** NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE: without a filter it deletes every entry. */
const DELETE = 0x0102;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;

/** Empties the connection tracking table of the thread's network namespace, as `conntrack -F` does. */
export function flushConntrack(): void {
  const { libc } = system();
  const netlink = checked('socket', libc.socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER));
  const message = Buffer.alloc(20); // struct nlmsghdr, struct nfgenmsg
  message.writeUInt32LE(20, 0);
  message.writeUInt16LE(DELETE, 4);
  message.writeUInt16LE(NLM_F_REQUEST | NLM_F_ACK, 6);
  checked('send', libc.send(netlink, message, message.length, 0));
  const answer = Buffer.alloc(64);
  checked('recv', libc.recv(netlink, answer, answer.length, 0));
  libc.close(netlink);
  const errno = -answer.readInt32LE(16); // struct nlmsgerr
  if (errno !== 0) checked('conntrack flush', -errno);
}
