// What is known of the server, for those who talk to it without the SDK.

export const KEY = 'airudderredduria';

export const SIGN_IN = '/service/cloud/auth';
export const CREDENTIALS = JSON.stringify({ APPKey: 'key', APPSecret: 'secret' });
export const CALL = '/service/cloud/call?callid=c1';
export const PAGE = '/service/cloud/detail?taskid=t1';
export const EVENT = '/_fast/event';

export const JSON_TYPE = { 'Content-Type': 'application/json' };

/** The envelope's data. */
export function opened(envelope) {
  if (envelope.code !== 200) throw new Error(`code ${envelope.code}`);
  return envelope.data;
}

export const toHeaders = ({ token }) => ({ Authorization: `Token ${token}` });
