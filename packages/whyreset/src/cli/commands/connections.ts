import { readChunks } from '../../capture/open.ts';
import { ConnectionTracker } from '../../connection/tracker.ts';
import { connectionLine, connectionTable } from '../../report/connections.ts';
import { CaptureReader } from '../../wire/capture-reader.ts';
